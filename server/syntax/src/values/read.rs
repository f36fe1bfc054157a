//! Expressions read from a tape: of TypeScript's, JavaScript's and Python's nodes. Each is written behind what the given text
//! holds already; `None` where there is none that can be followed.

use super::kinds::{Field, Kind, Vocabulary};
use crate::tape::Tape;
use text::Span;

/// Longer expressions say nothing, in bytes.
pub(super) const MAX_LENGTH: usize = 200;
/// So many steps are followed in one expression.
pub(super) const MAX_STEPS: usize = 16;

/// What expressions are read from.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a, 't> {
    pub(crate) text: &'a str,
    pub(crate) tape: &'a Tape<'t>,
    pub(crate) vocabulary: &'a Vocabulary,
}

/// One step from a value to another.
#[derive(Clone, Copy)]
enum Step {
    /// To the member that is named there.
    Member(Span),
    Call,
    Element,
}

/// Steps in the order in which they are met, from the last to the first.
struct Steps {
    steps: [Step; MAX_STEPS],
    count: usize,
}

impl Steps {
    fn new() -> Self {
        Self { steps: [Step::Call; MAX_STEPS], count: 0 }
    }

    fn push(&mut self, step: Step) -> Option<()> {
        *self.steps.get_mut(self.count)? = step;
        self.count += 1;
        Some(())
    }

    fn write(&self, text: &str, out: &mut String) {
        for step in self.steps[..self.count].iter().rev() {
            match step {
                Step::Member(name) => {
                    out.push('.');
                    out.push_str(name.of(text));
                }
                Step::Call => out.push_str("()"),
                Step::Element => out.push_str("[]"),
            }
        }
    }
}

impl<'a> Reading<'a, '_> {
    pub(super) fn kind(self, at: u32) -> Kind {
        self.tape.get(at).map_or(Kind::Other, |entry| self.vocabulary.kind(entry.number))
    }

    pub(super) fn field(self, at: u32, field: Field) -> Option<u32> {
        self.tape.child_in(at, self.vocabulary.field(field)?)
    }

    pub(super) fn of(self, at: u32) -> &'a str {
        self.tape.span(at).of(self.text)
    }

    pub(super) fn named(self, at: u32, place: usize) -> Option<u32> {
        self.tape.named_children(at).nth(place)
    }

    /// Where a node stands among the children of another that have a name.
    fn place(self, around: u32, at: u32) -> Option<usize> {
        self.tape.named_children(around).position(|child| child == at)
    }

    /// The expression that a node is.
    pub(crate) fn expression(self, at: u32, out: &mut String) -> Option<()> {
        self.nested(at, MAX_STEPS, out)
    }

    /// The same, with classes in it that expressions lead to, nested so deep at most.
    fn nested(self, at: u32, depth: usize, out: &mut String) -> Option<()> {
        let start = out.len();
        let mut steps = Steps::new();
        self.head(at, depth, &mut steps, out)?;
        steps.write(self.text, out);
        let written = &out.as_bytes()[start..];
        let follows = written.len() <= MAX_LENGTH && !written.iter().any(|byte| matches!(byte, b'\n' | b'"' | b'#'));
        follows.then_some(())
    }

    /// Writes what an expression begins with, and lists the steps that lead on from there.
    fn head(self, at: u32, depth: usize, steps: &mut Steps, out: &mut String) -> Option<()> {
        let mut at = at;
        for _ in 0..MAX_STEPS {
            let field = |field: Field| self.field(at, field);
            at = match self.kind(at) {
                Kind::Identifier | Kind::Word => {
                    out.push_str(self.of(at));
                    return Some(());
                }
                kind @ (Kind::Member | Kind::Attribute) => {
                    let name = field(if kind == Kind::Member { Field::Property } else { Field::Attribute })?;
                    steps.push(Step::Member(self.tape.span(name)))?;
                    field(Field::Object)?
                }
                Kind::Call => {
                    let function = field(Field::Function)?;
                    let (kind, name) = (self.kind(function), self.of(function));
                    if kind == Kind::Identifier && name == "super" {
                        out.push_str(name);
                        return Some(());
                    }
                    if kind == Kind::Attribute && name == "t.cast" || name == "cast" {
                        let wanted = self.named(field(Field::Arguments)?, 0)?;
                        return self.typed(wanted, out);
                    }
                    steps.push(Step::Call)?;
                    function
                }
                Kind::New => {
                    out.push_str("new ");
                    self.nested(field(Field::Constructor)?, depth.checked_sub(1)?, out)?;
                    out.push_str("()");
                    return Some(());
                }
                kind @ (Kind::SubscriptExpression | Kind::Subscript) => {
                    let index = field(Field::Index).or_else(|| field(Field::Subscript))?;
                    let is_named = self.kind(index) == Kind::String && kind == Kind::SubscriptExpression;
                    steps.push(if is_named { Step::Member(self.unquoted(index)) } else { Step::Element })?;
                    field(Field::Object).or_else(|| field(Field::Value))?
                }
                kind @ (Kind::As | Kind::TypeAssertion) => {
                    let wanted = self.named(at, usize::from(kind == Kind::As));
                    match wanted.filter(|&wanted| self.kind(wanted) != Kind::TypeArguments) {
                        Some(wanted) => return self.typed(wanted, out),
                        None => self.named(at, 0)?,
                    }
                }
                Kind::AwaitExpression | Kind::Inner | Kind::Parenthesized | Kind::Conditional => self.named(at, 0)?,
                Kind::AssignmentExpression | Kind::Assignment => field(Field::Right)?,
                Kind::Ternary => field(Field::Consequence)?,
                Kind::Binary => field(Field::Left).filter(|&left| self.leads_to_default(left))?,
                Kind::BooleanOperator => field(Field::Left)?,
                Kind::NamedExpression => field(Field::Value)?,
                _ => return None,
            };
        }
        None
    }

    /// Whether `??` or `||` stands behind a node.
    fn leads_to_default(self, at: u32) -> bool {
        let behind = self.text.get(self.tape.span(at).end as usize..).unwrap_or_default().trim_ascii_start();
        behind.starts_with("??") || behind.starts_with("||")
    }

    /// A node without the quotes around it.
    pub(super) fn unquoted(self, at: u32) -> Span {
        let (span, text) = (self.tape.span(at), self.of(at));
        let inner = text.trim_matches(['"', '\'']);
        let start = span.start as usize + (text.len() - text.trim_start_matches(['"', '\'']).len());
        Span::new(start, start + inner.len())
    }

    /// A value of the type that a node writes.
    pub(crate) fn typed(self, at: u32, out: &mut String) -> Option<()> {
        self.typed_up_to(at, MAX_LENGTH, out)
    }

    /// The same, where the type is not longer than so many bytes.
    pub(crate) fn typed_up_to(self, at: u32, most: usize, out: &mut String) -> Option<()> {
        let written = self.of(at).trim_start_matches(':').trim().trim_matches(['"', '\'']);
        if written.len() > most {
            // What stands in it is listed by itself.
            out.push_str("<{}>");
            return written.starts_with('{').then_some(());
        }
        out.push('<');
        let mut words = written.split_ascii_whitespace();
        out.push_str(words.next().unwrap_or_default());
        for word in words {
            out.push(' ');
            out.push_str(word);
        }
        out.push('>');
        Some(())
    }

    /// What a declaration of a name gives it: its type, else what it begins as.
    pub(crate) fn declared(self, at: u32, out: &mut String) -> Option<()> {
        let field = |field: Field| self.field(at, field);
        if let Some(written) = field(Field::Type).filter(|&written| self.kind(written) == Kind::TypeAnnotation) {
            return self.typed(written, out);
        }
        self.expression(field(Field::Value).or_else(|| field(Field::Right))?, out)
    }

    /// What a node is wanted as by what stands around it.
    pub(crate) fn wanted(self, at: u32, steps: usize, out: &mut String) -> Option<()> {
        let parent = self.tape.around(at)?;
        let more = steps.checked_sub(1)?;
        let field = |field: Field| self.field(parent, field);
        match self.kind(parent) {
            Kind::Parenthesized | Kind::AwaitExpression | Kind::Ternary => self.wanted(parent, more, out),
            // What is spread into an object has its keys.
            Kind::Spread => {
                let object = self.tape.around(parent).filter(|&object| self.kind(object) == Kind::Object)?;
                self.wanted(object, more, out)
            }
            Kind::Binary if field(Field::Right) == Some(at) => self.wanted(parent, more, out),
            Kind::Pair => {
                let key = field(Field::Key)?;
                self.wanted(self.tape.around(parent)?, more, out)?;
                out.push('.');
                out.push_str(self.of(key).trim_matches(['"', '\'']));
                Some(())
            }
            Kind::Array => {
                self.wanted(parent, more, out)?;
                out.push_str("[]");
                Some(())
            }
            Kind::Arguments => self.argument(at, parent, out),
            Kind::Declarator | Kind::Field | Kind::Parameter => self.typed(field(Field::Type)?, out),
            Kind::AssignmentExpression if field(Field::Right) == Some(at) => self.expression(field(Field::Left)?, out),
            Kind::As => match self.named(parent, 1) {
                Some(wanted) => self.typed(wanted, out),
                None => self.wanted(parent, more, out),
            },
            Kind::Return => {
                let mut function = self.tape.around(parent)?;
                while !matches!(self.kind(function), Kind::Arrow | Kind::Function | Kind::Method) {
                    function = self.tape.around(function)?;
                }
                self.returned(function, more, out)
            }
            Kind::Arrow if field(Field::Body) == Some(at) => self.returned(parent, more, out),
            _ => None,
        }
    }

    /// What one of the arguments of a call is wanted as.
    fn argument(self, at: u32, arguments: u32, out: &mut String) -> Option<()> {
        let call = self.tape.around(arguments)?;
        let start = out.len();
        if let Some(function) = self.field(call, Field::Function) {
            self.expression(function, out)?;
        } else {
            out.push_str("new ");
            self.expression(self.field(call, Field::Constructor)?, out)?;
        }
        let given = self.field(call, Field::TypeArguments).map(|given| self.of(given));
        let given = given.or_else(|| {
            // A value whose declared type is called like the function that makes it has the same arguments.
            let declared = self.of(self.field(self.tape.around(call)?, Field::Type)?).trim_start_matches(':').trim();
            declared.strip_prefix(&out[start..]).filter(|rest| rest.starts_with('<'))
        });
        out.push_str(given.filter(|given| given.len() < MAX_LENGTH && !given.contains('\n')).unwrap_or_default());
        out.push('(');
        push_number(self.place(arguments, at)?, out);
        Some(())
    }

    /// What a function has to return.
    fn returned(self, function: u32, steps: usize, out: &mut String) -> Option<()> {
        if let Some(written) = self.field(function, Field::ReturnType) {
            return self.typed(written, out);
        }
        self.wanted(function, steps, out)?;
        out.push_str("()");
        Some(())
    }

    /// What a name, or a part of a pattern, is the value of that a pattern binds or takes apart; what stands outside of the node at
    /// `within` is not looked at.
    pub(crate) fn bound(self, name: u32, within: u32, out: &mut String) -> Option<()> {
        let start = out.len();
        let mut path = Steps::new();
        let mut inner = name;
        loop {
            let at = self.tape.around(inner).filter(|_| inner != within)?;
            let field = |field: Field| self.field(at, field);
            let is_base = match self.kind(at) {
                Kind::ObjectPattern => {
                    if matches!(self.kind(inner), Kind::ShorthandPattern | Kind::ObjectAssignment) {
                        let key = self.field(inner, Field::Left).unwrap_or(inner);
                        path.push(Step::Member(self.tape.span(key)))?;
                    }
                    false
                }
                Kind::PairPattern => {
                    path.push(Step::Member(self.tape.span(field(Field::Key)?)))?;
                    false
                }
                Kind::ArrayPattern => {
                    path.push(Step::Element)?;
                    false
                }
                Kind::ObjectAssignment | Kind::AssignmentPattern | Kind::AsTarget => false,
                Kind::Declarator => self.declared(at, out).map(|()| true)?,
                Kind::Parameter | Kind::TypedParameter => match field(Field::Type) {
                    Some(written) => self.typed(written, out).map(|()| true)?,
                    None if self.kind(at) == Kind::Parameter => false,
                    None => return None,
                },
                Kind::DefaultParameter => self.expression(field(Field::Value)?, out).map(|()| true)?,
                Kind::Parameters => {
                    let place = self.place(at, inner)?;
                    let function = self.tape.around(at).filter(|_| at != within)?;
                    self.handed(function, place, out).map(|()| true)?
                }
                Kind::Arrow => self.handed(at, 0, out).map(|()| true)?,
                Kind::For => {
                    self.expression(field(Field::Right)?, out)?;
                    out.push_str("[]");
                    true
                }
                Kind::AsPattern => {
                    let value = self.named(at, 0)?;
                    if self.tape.around(at).is_some_and(|outer| self.kind(outer) == Kind::Except) {
                        self.typed(value, out)?;
                    } else {
                        self.expression(value, out)?;
                        out.push('@');
                    }
                    true
                }
                _ => return None,
            };
            if is_base {
                path.write(self.text, out);
                return (out.len() - start <= MAX_LENGTH).then_some(());
            }
            inner = at;
        }
    }

    /// What whoever calls a function hands it at a place.
    fn handed(self, function: u32, place: usize, out: &mut String) -> Option<()> {
        self.wanted(function, MAX_STEPS, out)?;
        out.push('(');
        push_number(place, out);
        Some(())
    }

    /// What a declaration gives a name that stands in it.
    pub(crate) fn local(self, declaration: u32, name: u32, out: &mut String) -> Option<()> {
        let parent = self.tape.around(name).filter(|_| name != declaration)?;
        let outer = self.tape.around(parent);
        let kind = self.kind(declaration);
        let is_near = parent == declaration || outer == Some(declaration);
        let takes_apart = matches!(
            self.kind(parent),
            Kind::Sequence | Kind::ArrayPattern | Kind::ObjectPattern | Kind::AsPattern | Kind::PairPattern
        );
        if kind == Kind::Assignment && is_near && !takes_apart {
            return self.declared(declaration, out);
        }
        if parent == declaration && matches!(kind, Kind::Field | Kind::OtherField | Kind::Parameter) {
            return self.declared(declaration, out);
        }
        if outer == Some(declaration) && parent != declaration && self.kind(parent) == Kind::Declarator {
            return self.declared(parent, out);
        }
        self.bound(name, declaration, out)
    }
}

/// Writes a number that has one digit but for the strangest of texts.
fn push_number(number: usize, out: &mut String) {
    match u8::try_from(number).ok().filter(|&number| number < 10) {
        Some(digit) => out.push(char::from(b'0' + digit)),
        None => out.push_str(&number.to_string()),
    }
}
