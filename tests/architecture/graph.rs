//! Who depends on whom: the crates of this workspace and what each names in its manifest.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// The crates of the workspace with their direct dependencies, ours and foreign ones.
#[derive(Debug, Default)]
pub(super) struct Graph {
    crates: BTreeMap<String, Arrows>,
}

#[derive(Debug, Default)]
struct Arrows {
    built: BTreeSet<String>,
    tested: BTreeSet<String>,
}

impl Graph {
    /// The workspace that this test belongs to. Only manifests are read: no network, no resolution.
    pub(super) fn of_this_workspace() -> Self {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().expect("cargo metadata answers");
        let mut graph = Self::default();
        for package in metadata.packages {
            let arrows = graph.crates.entry(package.name.to_string()).or_default();
            for dependency in package.dependencies {
                let side = if dependency.kind == DependencyKind::Development { &mut arrows.tested } else { &mut arrows.built };
                side.insert(dependency.name);
            }
        }
        graph
    }

    /// A made-up workspace: `a -> b` for a dependency, `a ~> b` for a dev-dependency, separated by commas.
    pub(super) fn drawn(arrows: &str) -> Self {
        let mut graph = Self::default();
        for arrow in arrows.split(',').map(str::trim) {
            let tested = arrow.contains("~>");
            let (from, to) = arrow.split_once(if tested { "~>" } else { "->" }).expect("an arrow has a point");
            let arrows = graph.crates.entry(from.trim().to_owned()).or_default();
            let side = if tested { &mut arrows.tested } else { &mut arrows.built };
            side.insert(to.trim().to_owned());
        }
        graph
    }

    /// Each crate of the workspace, in alphabetical order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.crates.keys().map(String::as_str)
    }

    /// What a crate needs in order to be built (build scripts included).
    pub(super) fn built(&self, name: &str) -> impl Iterator<Item = &str> {
        self.crates.get(name).into_iter().flat_map(|arrows| &arrows.built).map(String::as_str)
    }

    /// What only the tests of a crate need.
    pub(super) fn tested(&self, name: &str) -> impl Iterator<Item = &str> {
        self.crates.get(name).into_iter().flat_map(|arrows| &arrows.tested).map(String::as_str)
    }

    /// All that a crate names, for whatever purpose.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = &str> {
        self.built(name).chain(self.tested(name))
    }

    /// Whether building `from` needs `to`, directly or through others of ours.
    pub(super) fn reaches(&self, from: &str, to: &str) -> bool {
        let (mut seen, mut open) = (BTreeSet::from([from]), vec![from]);
        while let Some(name) = open.pop() {
            for next in self.built(name) {
                if next == to {
                    return true;
                }
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
        false
    }
}
