//! What one connection knows: its client, its folders, its jobs.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, OnceLock};

use assist::{Bill, Configured, EditorSettings, Gateways, Host, Places, SettingsReader, Snapshot};
use parking_lot::Mutex;
use refactor::Journal;
use text::Position;
use tokio_util::sync::CancellationToken;
use tower_lsp::gen_lsp_types as proto;

use crate::attention::Attention;
use crate::configuration::State;
use crate::from_proto;
use crate::names::{Names, resolved};
use crate::outbox::Outbox;
use crate::plans::{self, Plans};
use crate::profile::ClientProfile;
use crate::status::Activity;

/// The state of one connection. Locks are held for microseconds and never over an await.
pub(crate) struct Session {
    pub(crate) places: Places,
    pub(crate) outbox: Outbox,
    pub(crate) gateways: Gateways,
    profile: OnceLock<ClientProfile>,
    folders: Mutex<Arc<Vec<Arc<Host>>>>,
    names: Mutex<Arc<Names>>,
    pub(crate) editor_settings: Mutex<EditorSettings>,
    reader: SettingsReader,
    pub(crate) configuration: State,
    jobs: Mutex<Jobs>,
    /// How many folders are being indexed.
    pub(crate) n_indexing: AtomicUsize,
    pub(crate) activity: Activity,
    pub(crate) attention: Attention,
    pub(crate) plans: Plans,
    /// Symbols, by a hash of what they are, whose summary no model could give, with what was spent on it: not asked for again while they
    /// stay the same.
    unsummarised: Mutex<HashMap<u64, Bill>>,
    /// Notices that were shown, so that each is shown once.
    noticed: Mutex<HashSet<String>>,
}

#[derive(Default)]
struct Jobs {
    started: u64,
    running: HashMap<String, CancellationToken>,
}

/// A document in one of the folders.
pub(crate) struct Located {
    pub(crate) host: Arc<Host>,
    /// The world when the request came in.
    pub(crate) snapshot: Snapshot,
    /// The path relative to the folder.
    pub(crate) path: String,
}

/// A folder, of which a part may belong to other folders of the session.
pub(crate) struct Share {
    pub(crate) snapshot: Snapshot,
    /// The folders in it that are folders of the session themselves, by their relative paths.
    others: Vec<String>,
}

impl Share {
    /// Whether a file of the folder belongs to no other: what several folders know is said once.
    pub(crate) fn owns(&self, path: &str) -> bool {
        let is_in = |folder: &String| path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'));
        !self.others.iter().any(is_in)
    }
}

impl Located {
    /// The byte offset of a position in the document; `None` where the document cannot be read.
    pub(crate) fn offset(&self, position: Position, profile: &ClientProfile) -> Option<usize> {
        let (text, lines) = self.snapshot.text_with_lines(&self.path)?;
        Some(lines.offset(&text, position, profile.encoding))
    }
}

impl Session {
    pub(crate) fn new(outbox: Outbox, places: Places, gateways: Gateways) -> Self {
        Self {
            places,
            outbox,
            gateways,
            profile: OnceLock::new(),
            folders: Mutex::default(),
            names: Mutex::default(),
            editor_settings: Mutex::default(),
            reader: SettingsReader::default(),
            configuration: State::default(),
            jobs: Mutex::default(),
            n_indexing: AtomicUsize::new(0),
            activity: Activity::default(),
            attention: Attention::default(),
            plans: Plans::default(),
            unsummarised: Mutex::default(),
            noticed: Mutex::default(),
        }
    }

    pub(crate) fn set_profile(&self, profile: ClientProfile) {
        if self.profile.set(profile).is_err() {
            tracing::warn!("the client sent `initialize` twice; the first one counts");
        }
    }

    pub(crate) fn profile(&self) -> &ClientProfile {
        static UNKNOWN: OnceLock<ClientProfile> = OnceLock::new();
        self.profile.get().unwrap_or_else(|| UNKNOWN.get_or_init(ClientProfile::default))
    }

    pub(crate) fn folders(&self) -> Arc<Vec<Arc<Host>>> {
        Arc::clone(&self.folders.lock())
    }

    /// All folders as they are now, each with what it has alone.
    pub(crate) fn shares(&self) -> Vec<Share> {
        let snapshots: Vec<Snapshot> = self.folders().iter().map(|host| host.snapshot()).collect();
        let inside = |outer: &Snapshot| snapshots.iter().filter_map(|inner| relative(outer.root(), inner.root())).collect();
        snapshots.iter().map(|snapshot| Share { snapshot: snapshot.clone(), others: inside(snapshot) }).collect()
    }

    /// Adds a folder of the workspace that is not indexed yet; `None` where it is there already.
    pub(crate) fn add_folder(&self, root: &Path) -> Option<Arc<Host>> {
        let (host, is_new) = self.host_of(root);
        Arc::make_mut(&mut self.names.lock()).add_folder(root, host.snapshot().root());
        if !is_new {
            if !host.relies_on_what_is_open() {
                return None;
            }
            host.rely_on_the_disk();
        }
        Some(host)
    }

    /// The host of a folder, and whether it is new.
    fn host_of(&self, root: &Path) -> (Arc<Host>, bool) {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let mut folders = self.folders.lock();
        if let Some(host) = folders.iter().find(|host| host.snapshot().root() == root) {
            return (Arc::clone(host), false);
        }
        let configured = self.configured(&root);
        let gateway = self.gateways.ready(&configured);
        let host = Arc::new(Host::new(&root, configured.settings, gateway).keeping_in(&self.places));
        let mut longer = folders.to_vec();
        longer.push(Arc::clone(&host));
        // The longest root first, so that a nested folder gets its own files.
        longer.sort_by_key(|host| std::cmp::Reverse(host.snapshot().root().as_os_str().len()));
        *folders = Arc::new(longer);
        (host, true)
    }

    pub(crate) fn remove_folder(&self, root: &Path) {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        Arc::make_mut(&mut self.names.lock()).remove_folder(&root);
        let mut folders = self.folders.lock();
        let (left, kept): (Vec<_>, Vec<_>) = folders.iter().cloned().partition(|host| host.snapshot().root() == root);
        left.iter().for_each(|host| host.leave());
        *folders = Arc::new(kept);
    }

    /// What the client calls files and folders now.
    pub(crate) fn names(&self) -> Arc<Names> {
        Arc::clone(&self.names.lock())
    }

    /// The client has opened a document.
    pub(crate) fn opened(&self, uri: &proto::Uri) {
        let Some(place) = from_proto::path(uri).map(|path| resolved(&path)) else { return };
        Arc::make_mut(&mut self.names.lock()).open(uri, place);
    }

    /// The client has closed a document. A folder that was there for what is open goes with the last of it.
    pub(crate) fn closed(&self, uri: &proto::Uri) {
        let Some(place) = Arc::make_mut(&mut self.names.lock()).close(uri) else { return };
        let mut folders = self.folders.lock();
        let Some((host, _)) = all_holding(&folders, &place).next() else { return };
        if host.relies_on_what_is_open() && host.snapshot().documents().next().is_none() {
            *folders = Arc::new(folders.iter().filter(|other| !Arc::ptr_eq(other, &host)).cloned().collect());
        }
    }

    /// The folder and the relative path of a document. A file outside all folders gets its own folder as a root that is never
    /// walked; documents that are no files are not ours, and plans belong to no folder.
    pub(crate) fn locate(&self, uri: &proto::Uri) -> Option<Located> {
        if plans::path(self, uri).is_some() {
            return None;
        }
        let path = self.names().place(uri)?;
        self.attention.at(&path);
        let (host, path) = self.homes_of(&path).into_iter().next()?;
        let snapshot = host.snapshot();
        Some(Located { host, snapshot, path })
    }

    /// All folders that a document is in, with its path in each: one that is in another folder of the workspace is known to both.
    pub(crate) fn homes(&self, uri: &proto::Uri) -> Vec<(Arc<Host>, String)> {
        if plans::path(self, uri).is_some() {
            Vec::new()
        } else {
            self.names().place(uri).map_or_else(Vec::new, |place| self.homes_of(&place))
        }
    }

    /// The folders that a file is in, the deepest first, with its path in each; a folder of its own where it is in none.
    fn homes_of(&self, place: &Path) -> Vec<(Arc<Host>, String)> {
        let found: Vec<_> = all_holding(&self.folders(), place).collect();
        if !found.is_empty() {
            // What is there for a file beside the workspace needs nothing of the workspace.
            let is_whole = |(host, _): &(Arc<Host>, String)| !host.relies_on_what_is_open();
            let any_whole = found.iter().any(is_whole);
            return found.into_iter().filter(|home| is_whole(home) || !any_whole).collect();
        }
        let Some(parent) = place.parent() else { return Vec::new() };
        let (host, is_new) = self.host_of(parent);
        if is_new {
            host.rely_on_what_is_open();
        }
        let relative = relative(host.snapshot().root(), place);
        relative.map(|path| (host, path)).into_iter().collect()
    }

    /// Takes what is open to the folders that it belongs to, after there were these.
    pub(crate) fn rehome(&self, before: &[Arc<Host>]) {
        {
            let mut folders = self.folders.lock();
            let is_whole = |host: &&Arc<Host>| !host.relies_on_what_is_open();
            let whole: Vec<Snapshot> = folders.iter().filter(is_whole).map(|host| host.snapshot()).collect();
            let is_inside = |inner: &Snapshot| whole.iter().any(|outer| inner.root().starts_with(outer.root()));
            // What was there for one file is not needed where the workspace has come to hold that file.
            let left = folders.iter().filter(|host| is_whole(host) || !is_inside(&host.snapshot()));
            *folders = Arc::new(left.cloned().collect());
        }
        let open: HashSet<PathBuf> = self.names().open_places().cloned().collect();
        for place in open {
            let known = all_holding(before, &place).find_map(|(host, path)| host.snapshot().document(&path).cloned());
            let Some(known) = known else { continue };
            let homes = self.homes_of(&place);
            for (host, path) in all_holding(&self.folders(), &place) {
                let is_home = homes.iter().any(|(home, _)| Arc::ptr_eq(home, &host));
                // What is no home is told of no change: it must not be found with an old text when it is one again.
                if !is_home {
                    host.close(&path);
                } else if host.snapshot().document(&path).is_none() {
                    host.open(&path, Arc::clone(&known.document.text), known.document.version);
                }
            }
        }
    }

    /// What is configured for a folder now.
    pub(crate) fn configured(&self, root: &Path) -> Configured {
        let editor = self.editor_settings.lock().clone();
        self.reader.load(&self.places, root, &editor)
    }

    /// Shows a message to the user, once in this session.
    pub(crate) fn notice(&self, kind: proto::MessageType, message: &str) {
        if self.noticed.lock().insert(message.to_owned()) {
            self.outbox.show(kind, message);
        }
    }

    /// Writes a line into the client's log, once in this session.
    pub(crate) fn log_once(&self, message: &str) {
        if self.noticed.lock().insert(message.to_owned()) {
            self.outbox.log(proto::MessageType::Warning, message);
        }
    }

    pub(crate) fn journal(&self, snapshot: &Snapshot) -> Journal {
        Journal::new(&self.places.state, &snapshot.workspace_id())
    }

    /// Names a new job and gives it a token that calls it off.
    pub(crate) fn start_job(&self) -> (String, CancellationToken) {
        let mut jobs = self.jobs.lock();
        jobs.started += 1;
        let name = format!("job-{}", jobs.started);
        let token = CancellationToken::new();
        jobs.running.insert(name.clone(), token.clone());
        self.activity.changed();
        (name, token)
    }

    pub(crate) fn end_job(&self, name: &str) {
        self.jobs.lock().running.remove(name);
        self.activity.changed();
    }

    /// How many jobs are running.
    pub(crate) fn n_jobs(&self) -> usize {
        self.jobs.lock().running.len()
    }

    /// Calls a job off; `false` where none of that name is running.
    pub(crate) fn cancel_job(&self, name: &str) -> bool {
        match self.jobs.lock().running.get(name) {
            Some(token) => {
                token.cancel();
                true
            }
            None => false,
        }
    }

    pub(crate) fn cancel_all_jobs(&self) {
        self.jobs.lock().running.values().for_each(CancellationToken::cancel);
    }

    /// Whether a summary of this symbol is worth asking for.
    pub(crate) fn may_summarise(&self, symbol_hash: u64) -> bool {
        !self.unsummarised.lock().contains_key(&symbol_hash)
    }

    /// What was spent on a summary that no model could give.
    pub(crate) fn refused_summary(&self, symbol_hash: u64) -> Option<Bill> {
        self.unsummarised.lock().get(&symbol_hash).copied()
    }

    pub(crate) fn give_up_summary(&self, symbol_hash: u64, spent: Bill) {
        self.unsummarised.lock().insert(symbol_hash, spent);
    }

    pub(crate) fn retry_summary(&self, symbol_hash: u64) {
        self.unsummarised.lock().remove(&symbol_hash);
    }
}

/// Those of these folders that a file is in, each with the file's path in it.
fn all_holding<'a>(folders: &'a [Arc<Host>], place: &'a Path) -> impl Iterator<Item = (Arc<Host>, String)> + 'a {
    folders.iter().filter_map(|host| Some((Arc::clone(host), relative(host.snapshot().root(), place)?)))
}

pub(crate) fn relative(root: &Path, path: &Path) -> Option<String> {
    let relative = path.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = relative.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/")).filter(|relative| !relative.is_empty())
}
