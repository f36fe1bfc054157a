//! What the session tests share: a workspace, a scripted model server, and the real server with places of its own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use assist::{Gateways, Places};
use models::Gateway;
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::editor::{EditorBuilder, Profile};
use testkit::{Editor, Fixture, ModelServer};

/// What never happens in a test that goes well happens after this long in one that does not.
const PATIENCE: Duration = Duration::from_secs(30);

/// A small shop in three files and a bystander.
pub(crate) const SHOP: &str = "
    //- src/lib.rs
    pub mod cart;
    pub mod other;
    pub mod report;
    pub mod store;
    //- src/store.rs
    /// Keeps what is sold.
    pub struct Store {
        pub path: String,
        pub stock: u32,
    }

    /// Fills the store up again, and says how much it holds.
    pub fn restock(store: &mut Store, amount: u32) -> u32 {
        store.stock += amount;
        store.stock
    }
    //- src/cart.rs
    use crate::store::{Store, restock};

    /// Takes a cart's content back.
    pub fn give_back(store: &mut Store, content: u32) -> u32 {
        restock(store, content)
    }
    //- src/report.rs
    use crate::store::{Store, restock};

    /// What an empty store would hold after a delivery.
    pub fn forecast(store: &mut Store) -> u32 {
        let delivered = restock(store, 10);
        delivered + 1
    }
    //- src/other.rs
    /// Has nothing to do with stores.
    pub struct Shelf;

    impl Shelf {
        /// Fills a shelf.
        pub fn restock(&self) -> u32 {
            7
        }
    }

    pub fn refill(shelf: &Shelf) -> u32 {
        shelf.restock()
    }
    ";

/// A workspace, a model server and a user's home.
pub(crate) struct World {
    pub(crate) fixture: Fixture,
    pub(crate) models: ModelServer,
    home: TempDir,
}

impl World {
    pub(crate) fn new(source: &str) -> Self {
        Self { fixture: Fixture::new(source), models: ModelServer::start(), home: TempDir::new().unwrap() }
    }

    pub(crate) fn places(&self) -> Places {
        let home = self.home.path();
        Places { config: home.join("config"), state: home.join("state"), cache: home.join("cache"), keeps_index: true }
    }

    /// A gateway with all three tiers on the scripted server; a token costs a micro-dollar.
    pub(crate) fn gateway(&self) -> Arc<Gateway> {
        self.gateway_that_asks("remote")
    }

    /// The same, asking the user first for more or fewer servers.
    pub(crate) fn gateway_that_asks(&self, ask: &str) -> Arc<Gateway> {
        let tier = |name: &str| {
            json!({
                "provider": "local", "base_url": self.models.base_url(), "model": format!("{name}-model"),
                "price": {"input": 1, "output": 1}, "context_tokens": 200_000, "max_output_tokens": 32_000,
            })
        };
        let settings = json!({
            "tiers": {"nano": tier("nano"), "mini": tier("mini"), "flagship": tier("flagship")},
            "caps": {"per_action": 5, "per_day": 20},
            "egress": {"ask": ask},
        });
        let settings: models::Settings = serde_json::from_value(settings).unwrap();
        let places = self.places();
        Arc::new(Gateway::new(models::resolve(&settings, &|_| None, &places.state, &places.cache).unwrap()))
    }

    /// A session without any model, its workspace indexed.
    pub(crate) fn editor(&self, profile: Profile) -> Editor {
        self.connect(Editor::builder(profile, self.fixture.root()), false)
    }

    /// A session with all three tiers, its workspace indexed.
    pub(crate) fn editor_with_models(&self, profile: Profile) -> Editor {
        self.connect(Editor::builder(profile, self.fixture.root()), true)
    }

    pub(crate) fn connect(&self, builder: EditorBuilder, with_models: bool) -> Editor {
        let editor = self.connect_at_once(builder, with_models);
        wait_until_indexed(&editor);
        editor
    }

    /// A session that may still be indexing.
    pub(crate) fn connect_at_once(&self, builder: EditorBuilder, with_models: bool) -> Editor {
        self.connect_over(builder, with_models.then(|| self.gateway()))
    }

    /// A session over gateways of its own.
    pub(crate) fn connect_over(&self, builder: EditorBuilder, gateways: impl Into<Gateways>) -> Editor {
        let (places, gateways) = (self.places(), gateways.into());
        builder.connect(|input, output| {
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
                runtime.block_on(lsp::serve(input, output, places, gateways));
                runtime.shutdown_background();
            });
        })
    }

    /// The offset of the `number`th place, counted from zero, where `text` stands in a file.
    #[track_caller]
    pub(crate) fn offset(&self, path: &str, text: &str, number: usize) -> usize {
        self.fixture.read(path).match_indices(text).nth(number).unwrap_or_else(|| panic!("no {text:?} in {path}")).0
    }
}

/// Waits until nothing is being indexed.
#[track_caller]
pub(crate) fn wait_until_indexed(editor: &Editor) {
    until("the index", || {
        let status = editor.client().request("tierline/status", Value::Null).unwrap();
        (status["indexing"] == false).then_some(())
    });
}

/// Asks again until there is an answer.
#[track_caller]
pub(crate) fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let limit = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = ask() {
            return found;
        }
        assert!(Instant::now() < limit, "waited in vain for {what}");
        std::thread::yield_now();
    }
}
