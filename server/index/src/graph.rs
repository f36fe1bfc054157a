//! What matters: PageRank over who refers to whom.
//!
//! Brin and Page, "The anatomy of a large-scale hypertextual web search engine", 1998, by power iteration over a sparse matrix.
//! A node is a symbol; each use of a name is an edge from the symbol it stands in to the symbols it may mean, thinner the more
//! there are and the less sure it is. A member hands a part on to what it stands in. Personalised (Haveliwala 2002), the same walk
//! jumps back to a chosen set of symbols instead of anywhere.

use std::sync::Arc;

use rayon::prelude::*;
use syntax::Certainty;

use crate::answers::NOWHERE;
use crate::base::{Base, Place};
use crate::rank::is_test;
use crate::resolve::{Keep, Resolver};
use crate::{Index, SymbolRef};

const DAMPING: f32 = 0.85;
const ROUNDS: usize = 30;
/// The walk is over when all nodes together move by less than this.
const STILL: f32 = 1e-4;
/// A name that may mean more symbols than this says nothing about any of them.
pub(crate) const FAN_OUT: usize = 8;
/// A name that is defined more often than this is looked up in its own file only.
const COMMON: usize = 128;
/// What a member hands on to what it stands in, measured in uses.
const TO_PARENT: f32 = 0.5;

/// Who refers to whom among the symbols of a base.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    starts: Vec<u32>,
    /// Target and share of the source's weight; the shares of a source add up to one.
    edges: Vec<(u32, f32)>,
}

/// How much each symbol of a base matters.
#[derive(Debug, Default)]
pub(crate) struct Ranks {
    /// The rank of each symbol; all add up to one.
    pub(crate) shares: Arc<Vec<f32>>,
    highest: f32,
}

impl Ranks {
    pub(crate) fn new(graph: &Graph, base: &Base) -> Self {
        Self::of(Arc::new(graph.walk(&everywhere(base), ROUNDS)))
    }

    pub(crate) fn of(shares: Arc<Vec<f32>>) -> Self {
        let highest = shares.iter().copied().fold(0.0, f32::max);
        Self { shares, highest }
    }
}

impl Graph {
    /// The graph over the base of a picture without an overlay: importance does not change with a keystroke.
    pub(crate) fn new(index: &Index) -> Self {
        let base = &*index.base;
        let mut edges = edges(index);
        edges.par_sort_unstable_by_key(|&(from, to, _)| (from, to));
        let nodes = base.symbol_count();
        let mut starts = vec![0; nodes + 1];
        for same_source in edges.chunk_by_mut(|a, b| a.0 == b.0) {
            let total: f32 = same_source.iter().map(|edge| edge.2).sum();
            same_source.iter_mut().for_each(|edge| edge.2 /= total);
            starts[same_source[0].0 as usize + 1] = crate::base::narrow(same_source.len());
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        // In the room of the edges themselves: those of a large workspace need not be held twice. It is a third too large.
        let mut edges: Vec<(u32, f32)> = edges.into_iter().map(|(_, to, share)| (to, share)).collect();
        edges.shrink_to_fit();
        Self { starts, edges }
    }

    /// The share of time that a walk spends at each node when it jumps back to `home`, whose shares add up to one.
    pub(crate) fn walk(&self, home: &[f32], rounds: usize) -> Vec<f32> {
        let mut rank = home.to_vec();
        for _ in 0..rounds {
            let mut next = vec![0.0_f32; rank.len()];
            let mut kept = 0.0;
            for (node, &share) in rank.iter().enumerate() {
                let edges = self.out(node);
                if edges.is_empty() || share == 0.0 {
                    continue;
                }
                kept += share * DAMPING;
                for &(to, part) in edges {
                    next[to as usize] += share * DAMPING * part;
                }
            }
            // Whatever was not handed on, at a dead end or by boredom, jumps home.
            let jump = 1.0 - kept;
            next.iter_mut().zip(home).for_each(|(node, &share)| *node += jump * share);
            let moved: f32 = rank.iter().zip(&next).map(|(before, after)| (before - after).abs()).sum();
            rank = next;
            if moved < STILL {
                break;
            }
        }
        rank
    }

    /// As [`Graph::walk`], but over uses in both directions: a change touches who is called, and who calls.
    pub(crate) fn walk_both(&self, home: &[f32], rounds: usize) -> Vec<f32> {
        let ahead = self.walk(home, rounds);
        let mut back = home.to_vec();
        for _ in 0..2 {
            let mut next = home.to_vec();
            for (node, share) in next.iter_mut().enumerate() {
                let gained: f32 = self.out(node).iter().map(|&(to, part)| back[to as usize] * part).sum();
                *share += DAMPING * gained;
            }
            back = next;
        }
        let total: f32 = back.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        ahead.iter().zip(back).map(|(ahead, back)| ahead + back / total).collect()
    }

    fn out(&self, node: usize) -> &[(u32, f32)] {
        &self.edges[self.starts[node] as usize..self.starts[node + 1] as usize]
    }
}

/// A jump goes to any symbol; tests and what a program wrote are not what a workspace is about.
fn everywhere(base: &Base) -> Vec<f32> {
    let of_file = |record: &Arc<crate::FileRecord>| {
        let weight = if is_test(&record.path) || record.is_generated { 0.1 } else { 1.0 };
        std::iter::repeat_n(weight, record.counts.0 as usize)
    };
    let mut home: Vec<f32> = base.files.iter().flat_map(of_file).collect();
    let total: f32 = home.iter().sum();
    home.iter_mut().for_each(|share| *share /= total.max(f32::MIN_POSITIVE));
    home
}

fn edges(index: &Index) -> Vec<(u32, u32, f32)> {
    let base = &*index.base;
    let of_name = |name: &str| {
        let mut edges = Vec::new();
        let definitions = base.definitions(name);
        if definitions.is_empty() {
            return edges;
        }
        if definitions.len() > COMMON {
            // Not for the graph: so that nobody waits for it later.
            drop(index.answers(name));
            common_edges(base, name, definitions, &mut edges);
            return edges;
        }
        let mut add = |from: Place, targets: &[(Place, Certainty)]| {
            if targets.is_empty() || targets.len() > FAN_OUT {
                return;
            }
            let from = base.node(from);
            let each = 1.0 / targets.len() as f32;
            for &(target, certainty) in targets {
                let to = base.node(target);
                let sure = if certainty == Certainty::SameName { 0.3 } else { 1.0 };
                if to != from {
                    edges.push((from, to, each * sure));
                }
            }
        };
        if let Some(answers) = index.answers(name) {
            for (&(file, _), (answered, targets)) in base.references(name).iter().zip(answers.each()) {
                if answered.enclosing != NOWHERE {
                    add((file, answered.enclosing), targets);
                }
            }
            return edges;
        }
        let mut resolver = Resolver::new(index, name).keeping(Keep::AtMost(FAN_OUT));
        for &(file, place) in base.references(name) {
            let Some(reference) = base.files[file as usize].file().reference(place) else { continue };
            let Some(enclosing) = reference.enclosing else { continue };
            add((file, enclosing), &resolver.resolve(file, &reference));
        }
        edges
    };
    let mut edges: Vec<_> = base.names.par_iter().flat_map_iter(of_name).collect();
    let to_parents = (0_u32..).zip(&base.files).flat_map(|(file, record)| {
        let symbols = (0_u32..).zip(&record.file().symbols);
        symbols.filter_map(move |(place, symbol)| Some((base.node((file, place)), base.node((file, symbol.parent?)), TO_PARENT)))
    });
    // So many more that the room for all would be doubled.
    edges.reserve_exact(to_parents.clone().count());
    edges.extend(to_parents);
    edges
}

/// Adds the uses of a name that many define: only a definition in the same file says something about any of them, and looking
/// at all definitions for each use would cost the product of the two.
fn common_edges(base: &Base, name: &str, definitions: &[Place], edges: &mut Vec<(u32, u32, f32)>) {
    for &(file, place) in base.references(name) {
        let from = definitions.partition_point(|&(other, _)| other < file);
        let here = &definitions[from..];
        let here = &here[..here.iter().take(FAN_OUT + 1).take_while(|&&(other, _)| other == file).count()];
        if here.is_empty() || here.len() > FAN_OUT {
            continue;
        }
        let Some(enclosing) = base.files[file as usize].file().reference(place).and_then(|reference| reference.enclosing) else {
            continue;
        };
        let node = base.node((file, enclosing));
        let targets = here.iter().map(|&target| base.node(target)).filter(|&to| to != node);
        edges.extend(targets.map(|to| (node, to, 1.0 / here.len() as f32)));
    }
}

impl Index {
    /// How much the rest of the workspace leans on a symbol: its PageRank, where 1 is the average symbol.
    #[must_use]
    pub fn importance(&self, symbol: &SymbolRef) -> f64 {
        let place = self.id(symbol.path()).map(|file| (file, symbol.symbol));
        place.map_or(0.0, |place| f64::from(self.share(place)) * self.base.symbol_count().max(1) as f64)
    }

    /// The importance on a scale from 0 to 1 that grows with its logarithm.
    pub(crate) fn prominence(&self, place: Place) -> f64 {
        let scale = |share: f32| f64::from(share * self.base.symbol_count() as f32).max(0.0).ln_1p();
        let highest = self.base.ranks.get().map_or(0.0, |ranks| scale(ranks.highest));
        if highest > 0.0 { scale(self.share(place)) / highest } else { 0.0 }
    }

    pub(crate) fn share(&self, place: Place) -> f32 {
        let Some(ranks) = self.base.ranks.get() else { return 0.0 };
        let share = |node: u32| ranks.shares.get(node as usize).copied();
        self.base_node(place).and_then(share).unwrap_or(0.0)
    }

    /// The number of a symbol in the graph; for a changed file, that of the symbol with the same path in the file's old form.
    pub(crate) fn base_node(&self, (file, symbol): Place) -> Option<u32> {
        if file < self.base.len() {
            return Some(self.base.node((file, symbol)));
        }
        let record = self.record(file);
        let this = record.file().symbols.get(symbol as usize)?;
        let old = self.base.id(&record.path)?;
        let symbols = &self.base.files[old as usize].file().symbols;
        let same = symbols.iter().position(|other| other.name == this.name && other.container == this.container)?;
        Some(self.base.node((old, crate::base::narrow(same))))
    }
}
