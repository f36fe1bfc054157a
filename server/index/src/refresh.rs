//! Taking over what changed on disk.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use rayon::prelude::*;

use crate::Index;
use crate::build::in_pool;
use crate::load::Loader;
use crate::walk;

/// From this many paths on, walking the folder is cheaper than asking about each path.
const WALK_AT: usize = 500;

impl Index {
    /// The picture after these files were written, made or removed on disk. A folder stands for all files in it; a change of an
    /// ignore file changes what belongs to the workspace, so the folder is walked again.
    #[must_use]
    pub fn refresh(&self, paths: &[PathBuf]) -> Self {
        let relative: Vec<String> = paths.iter().filter_map(|path| self.relative(path)).collect();
        if relative.is_empty() {
            return self.clone();
        }
        let walks = |path: &String| is_ignore_file(path) || self.absolute(path).is_dir() || self.has_folder(path);
        if relative.len() >= WALK_AT || relative.iter().any(walks) {
            return self.rebuild(&self.workspace.options, &|_| {}, &AtomicBool::new(false)).0;
        }
        let workspace = &self.workspace;
        let found = walk::look(&workspace.root, &workspace.options, &relative);
        let (keeper, limits) = (workspace.keeper.as_ref(), &workspace.options.limits);
        let headers_are_cpp = workspace.headers_are_cpp;
        let loader = Loader { root: &workspace.root, limits, headers_are_cpp, keeper, asks_store: keeper.is_some() };
        let load = |(path, found): (&String, &Option<walk::Found>)| {
            let Some(found) = found else {
                keeper.filter(|_| self.file(path).is_some()).inspect(|keeper| keeper.note_gone(path));
                return None;
            };
            // Of what this process has not read itself, the one that leads may have.
            let known = keeper.and_then(|keeper| keeper.store.known(path));
            loader.load(found, self.file(path), known.as_ref()).record().cloned()
        };
        let load_all = || relative.par_iter().zip(&found).map(load).collect::<Vec<_>>();
        let loaded = if relative.len() == 1 {
            relative.iter().zip(&found).map(load).collect()
        } else {
            in_pool(workspace.options.threads, load_all)
        };
        let mut next = self.clone();
        for (path, record) in relative.iter().zip(loaded) {
            let same = match (&record, self.file(path)) {
                (Some(now), Some(before)) => std::sync::Arc::ptr_eq(now, before),
                (None, None) => true,
                _ => false,
            };
            if !same {
                next = next.with_record(path, record);
            }
        }
        if next.needs_fold() { next.fold() } else { next }
    }

    /// The picture with what the process that leads has written since this was last asked; `None` where that is nothing. Each file is
    /// compared with the disk, so that nothing older than that is taken over.
    #[must_use]
    pub fn followed(&self) -> Option<Self> {
        let store = self.store().filter(|store| store.role() != crate::Role::Leader)?;
        let paths: Vec<PathBuf> = store.news().iter().map(|path| self.absolute(path)).collect();
        (!paths.is_empty()).then(|| self.refresh(&paths))
    }

    /// Whether there are files below this path.
    fn has_folder(&self, path: &str) -> bool {
        !self.base.below(path).is_empty()
            || self.overlay.records().any(|(_, record)| record.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
    }
}

fn is_ignore_file(path: &str) -> bool {
    matches!(crate::paths::file_name(path), ".gitignore" | ".ignore" | ".tierlineignore")
}
