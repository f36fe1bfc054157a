//! The paths of a query's patterns as one deterministic automaton: the state of a node follows from that of the node around it,
//! its kind and, where it matters, its field.

use std::{collections::HashMap, num::NonZeroU16};

use super::{
    Rule,
    shape::{ERROR, Shape, What},
};
use crate::{capture::Use, marks::stronger};

/// Longer paths are matched from this node on as a whole.
pub(crate) const MAX_PATH: usize = 32;
/// The state outside of the root.
pub(crate) const START: u16 = 0;
/// Marks an entry that depends on the field.
const BY_FIELD: u32 = 1 << 31;
/// More states than this are not made; no query comes near.
const MAX_STATES: usize = 1 << 14;

/// What the patterns say of a node by its path alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Still {
    pub(crate) flags: u16,
    pub(crate) usage: Option<Use>,
    /// How many nodes above it stands the one with whose end its names come into scope; 0 is none.
    pub(crate) after: usize,
}

/// What is to be done at a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Action {
    pub(crate) still: Still,
    /// The rules that are to be matched from the node on.
    pub(crate) rules: Vec<u32>,
}

/// The automaton of a query.
pub(crate) struct Automaton {
    /// The column of each kind of node.
    columns: Box<[u16]>,
    width: usize,
    table: Box<[u32]>,
    by_field: Vec<ByField>,
    pub(crate) actions: Vec<Action>,
}

/// An entry that depends on the field.
struct ByField {
    fields: Vec<(NonZeroU16, u32)>,
    otherwise: u32,
}

/// All paths, those that begin alike sharing their beginning.
#[derive(Default)]
struct Branch {
    edges: Vec<(What, Option<NonZeroU16>, usize)>,
    rules: Vec<u32>,
}

impl Automaton {
    /// Builds the automaton from the path of each rule; `still` tells what a rule says without being matched.
    pub(crate) fn new(
        paths: &[(Vec<Shape>, u32)],
        rules: &[Rule],
        language: &tree_sitter::Language,
        still: &dyn Fn(&Rule) -> Option<Still>,
    ) -> Self {
        let branches = branches(paths);
        let kinds = language.node_kind_count();
        // Column 0 is any other named kind, column 1 any other anonymous one, column 2 an error.
        let mut columns: Box<[u16]> = (0..kinds).map(|kind| u16::from(!language.node_kind_is_named(narrow(kind)))).collect();
        let mut representatives = vec![(0, true), (0, false), (ERROR, true)];
        for (what, ..) in branches.iter().flat_map(|branch| &branch.edges) {
            if let What::Kind(kind) = *what
                && let Some(column) = columns.get_mut(usize::from(kind)).filter(|column| **column < 2)
            {
                let named = *column == 0;
                *column = narrow(representatives.len());
                representatives.push((kind, named));
            }
        }
        let still: Vec<Option<Still>> = rules.iter().map(still).collect();
        let width = representatives.len();
        let made = Self { columns, width, table: Box::default(), by_field: Vec::new(), actions: vec![Action::default()] };
        let mut builder = Builder { made, branches, still, states: HashMap::new(), actions: HashMap::new(), waiting: Vec::new() };
        builder.actions.insert(Action::default(), 0);
        builder.states.insert(Vec::new(), START);
        builder.waiting.push(Vec::new());
        builder.build(&representatives)
    }

    /// Whether an action has rules that are to be matched from its node on.
    pub(crate) fn has_rules(&self, action: u16) -> bool {
        action != 0 && self.actions.get(usize::from(action)).is_some_and(|action| !action.rules.is_empty())
    }

    /// What a node is after one in `state`: its own state and its action. `field` is asked only where it matters.
    pub(crate) fn step(&self, state: u16, kind: u16, field: impl FnOnce() -> Option<NonZeroU16>) -> (u16, u16) {
        let column = self.columns.get(usize::from(kind)).map_or(2, |&column| usize::from(column));
        let mut entry = self.table.get(usize::from(state) * self.width + column).copied().unwrap_or(0);
        if entry & BY_FIELD != 0
            && let Some(cases) = self.by_field.get((entry & !BY_FIELD) as usize)
        {
            let field = field();
            let case = cases.fields.iter().find(|(known, _)| Some(*known) == field);
            entry = case.map_or(cases.otherwise, |(_, entry)| *entry);
        }
        ((entry >> 16) as u16, entry as u16)
    }
}

fn branches(paths: &[(Vec<Shape>, u32)]) -> Vec<Branch> {
    let mut branches = vec![Branch::default()];
    for (path, rule) in paths {
        let mut at = 0;
        for step in path {
            let (what, field) = (step.what, step.field);
            let known = branches[at].edges.iter().find(|edge| (edge.0, edge.1) == (what, field)).map(|edge| edge.2);
            at = known.unwrap_or_else(|| {
                let next = branches.len();
                branches[at].edges.push((what, field, next));
                branches.push(Branch::default());
                next
            });
        }
        branches[at].rules.push(*rule);
    }
    branches
}

struct Builder {
    made: Automaton,
    branches: Vec<Branch>,
    still: Vec<Option<Still>>,
    /// The number of each set of branches that a node may be at.
    states: HashMap<Vec<usize>, u16>,
    actions: HashMap<Action, u16>,
    /// States whose row is not made yet, in the order of their numbers.
    waiting: Vec<Vec<usize>>,
}

impl Builder {
    fn build(mut self, columns: &[(u16, bool)]) -> Automaton {
        let mut table: Vec<u32> = Vec::new();
        let mut row = 0;
        while let Some(state) = self.waiting.get(row).cloned() {
            for (column, &(kind, named)) in columns.iter().enumerate() {
                let own = state.iter().any(|&at| self.branches[at].edges.iter().any(|edge| edge.0.is(kind, named)));
                let entry = match table.get(column) {
                    Some(&entry) if !own => entry,
                    _ => self.entry(&state, kind, named),
                };
                table.push(entry);
            }
            row += 1;
        }
        self.made.table = table.into();
        self.made
    }

    fn entry(&mut self, state: &[usize], kind: u16, named: bool) -> u32 {
        let all = std::iter::once(&0).chain(state);
        let edges = all.flat_map(|&at| &self.branches[at].edges).filter(|edge| edge.0.is(kind, named));
        let edges: Vec<(Option<NonZeroU16>, usize)> = edges.map(|&(_, field, to)| (field, to)).collect();
        let mut fields: Vec<NonZeroU16> = edges.iter().filter_map(|(field, _)| *field).collect();
        fields.sort_unstable();
        fields.dedup();
        let otherwise = self.reached(&edges, None);
        if fields.is_empty() {
            return otherwise;
        }
        let fields = fields.into_iter().map(|field| (field, self.reached(&edges, Some(field)))).collect();
        self.made.by_field.push(ByField { fields, otherwise });
        BY_FIELD | u32::try_from(self.made.by_field.len() - 1).unwrap_or(0)
    }

    /// The state and action of a node with this field.
    fn reached(&mut self, edges: &[(Option<NonZeroU16>, usize)], field: Option<NonZeroU16>) -> u32 {
        let reached = edges.iter().filter(|(wanted, _)| wanted.is_none() || *wanted == field).map(|(_, to)| *to);
        let mut reached: Vec<usize> = reached.collect();
        reached.sort_unstable();
        reached.dedup();
        let mut numbers: Vec<u32> = reached.iter().flat_map(|&at| self.branches[at].rules.iter().copied()).collect();
        numbers.sort_unstable();
        let mut action = Action::default();
        for number in numbers {
            match self.still.get(number as usize).copied().flatten() {
                Some(still) => action.still = both(action.still, still),
                None => action.rules.push(number),
            }
        }
        let action = self.action(action);
        reached.retain(|&at| !self.branches[at].edges.is_empty());
        u32::from(self.state(reached)) << 16 | u32::from(action)
    }

    fn action(&mut self, action: Action) -> u16 {
        if let Some(&number) = self.actions.get(&action) {
            return number;
        }
        let number = narrow(self.made.actions.len());
        self.made.actions.push(action.clone());
        self.actions.insert(action, number);
        number
    }

    fn state(&mut self, set: Vec<usize>) -> u16 {
        if let Some(&number) = self.states.get(&set) {
            return number;
        }
        if self.states.len() >= MAX_STATES {
            return START;
        }
        let number = narrow(self.states.len());
        self.waiting.push(set.clone());
        self.states.insert(set, number);
        number
    }
}

/// What two patterns say of one node; the first stands before the second.
fn both(first: Still, second: Still) -> Still {
    let usage = match (first.usage, second.usage) {
        (Some(first), Some(second)) => Some(stronger(first, second)),
        (first, second) => first.or(second),
    };
    let after = if second.after == 0 { first.after } else { second.after };
    Still { flags: first.flags | second.flags, usage, after }
}

fn narrow(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
