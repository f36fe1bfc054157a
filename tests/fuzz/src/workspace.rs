//! The workspace that plans are made for: the folder `workspace` beside this crate, its sources open as in an editor. Nothing is
//! written.

use std::path::Path;
use std::sync::LazyLock;

use assist::{Host, Settings, Snapshot};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/workspace");

const SOURCES: [&str; 5] = ["shop/cart.py", "shop/tax.py", "src/cart.rs", "src/store.rs", "web/till.js"];

/// The workspace as it stands on disk.
pub(crate) fn snapshot() -> &'static Snapshot {
    static SNAPSHOT: LazyLock<Snapshot> = LazyLock::new(|| {
        let host = Host::new(Path::new(ROOT), Settings::default(), None);
        for path in SOURCES {
            let text = std::fs::read_to_string(Path::new(ROOT).join(path)).expect("the workspace is part of this crate");
            host.open(path, text, 1);
        }
        host.snapshot()
    });
    &SNAPSHOT
}
