//! What one pattern of a query asks of a tree, its alternatives written out.

use std::num::NonZeroU16;

/// What a node must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A node of this kind.
    Kind(u16),
    /// `(_)`: any node with a name of its own.
    Named,
    /// `_`: any node.
    Any,
    /// `(ERROR)`.
    Error,
}

/// The number of the kind that stands for broken text.
pub(crate) const ERROR: u16 = u16::MAX;

/// One node of a pattern and what must stand in it.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) what: What,
    pub(crate) field: Option<NonZeroU16>,
    /// Fields that the node must not have.
    pub(crate) without: Vec<NonZeroU16>,
    /// A string or `_`: it may mean a node without a name of its own.
    pub(crate) anonymous: bool,
    /// The captures that it is, by number.
    pub(crate) captures: Vec<u16>,
    pub(crate) children: Vec<Shape>,
    /// No named sibling stands between it and what was matched before.
    pub(crate) immediate: bool,
    /// No named sibling follows it.
    pub(crate) last: bool,
}

impl Shape {
    pub(crate) fn new(what: What) -> Self {
        let (without, captures, children) = (Vec::new(), Vec::new(), Vec::new());
        Self { what, field: None, without, captures, children, anonymous: what == What::Any, immediate: false, last: false }
    }
}

impl What {
    /// Whether a node of this kind is meant.
    pub(crate) fn is(self, kind: u16, named: bool) -> bool {
        match self {
            Self::Kind(wanted) => wanted == kind,
            Self::Named => named && kind != ERROR,
            Self::Any => kind != ERROR,
            Self::Error => kind == ERROR,
        }
    }
}
