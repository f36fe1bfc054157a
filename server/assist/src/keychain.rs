//! The keychain of the system: the Secret Service on Linux (GNOME Keyring, KWallet), the Keychain on macOS, the Credential Manager on
//! Windows. A build without the feature `keychain` says so instead.

use std::sync::mpsc;
use std::time::Duration;

/// How long the keychain may take: it may ask its user to unlock it first.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the keychain holds for Tierline under a name. Blocks for as long as its user takes to unlock it, 30 seconds at most.
///
/// # Errors
/// Fails with a sentence that holds nothing of what is kept.
pub(crate) fn read_key(name: &str) -> Result<String, String> {
    let name = name.to_owned();
    within(PATIENCE, move || Keychain::open()?.read(&name))
}

/// Puts a key into the keychain under a name, over what lies there. Blocks like a read.
///
/// # Errors
/// Fails with a sentence that does not hold the key.
pub fn store_key(name: &str, key: String) -> Result<(), String> {
    let name = name.to_owned();
    within(PATIENCE, move || Keychain::open()?.store(&name, &key))
}

/// Takes the key under a name out of the keychain; says whether there was one. Blocks like a read.
///
/// # Errors
/// Fails with a sentence that says why it could not be taken out.
pub fn remove_key(name: &str) -> Result<bool, String> {
    let name = name.to_owned();
    within(PATIENCE, move || Keychain::open()?.remove(&name))
}

/// What a thread of its own comes to in time. A keychain that hangs keeps its thread, and nobody else.
fn within<T: Send + 'static>(patience: Duration, work: impl FnOnce() -> Result<T, String> + Send + 'static) -> Result<T, String> {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || drop(send.send(work())));
    receive.recv_timeout(patience).unwrap_or_else(|_| {
        Err(format!("it did not answer within {} s: unlock it, then save the configuration or start again", patience.as_secs()))
    })
}

#[cfg(not(feature = "keychain"))]
use absent::Keychain;
#[cfg(feature = "keychain")]
use system::Keychain;

#[cfg(not(feature = "keychain"))]
mod absent {
    const ABSENT: &str = "this program was built without it: use key_env or key_command";

    /// What there is instead.
    pub(super) struct Keychain;

    impl Keychain {
        pub(super) fn open() -> Result<Self, String> {
            Err(ABSENT.to_owned())
        }

        pub(super) fn read(&self, _: &str) -> Result<String, String> {
            Err(ABSENT.to_owned())
        }

        pub(super) fn store(&self, _: &str, _: &str) -> Result<(), String> {
            Err(ABSENT.to_owned())
        }

        pub(super) fn remove(&self, _: &str) -> Result<bool, String> {
            Err(ABSENT.to_owned())
        }
    }
}

#[cfg(feature = "keychain")]
mod system {
    use std::sync::Arc;

    use keyring_core::{CredentialStore, Entry, Error};

    /// Under this service lies every key of ours.
    const SERVICE: &str = "tierline";

    pub(super) struct Keychain(Arc<CredentialStore>);

    impl Keychain {
        pub(super) fn open() -> Result<Self, String> {
            #[cfg(target_os = "macos")]
            let store = apple_native_keyring_store::keychain::Store::new();
            #[cfg(windows)]
            let store = windows_native_keyring_store::Store::new();
            #[cfg(all(unix, not(target_os = "macos")))]
            let store = zbus_secret_service_keyring_store::Store::new();
            match store {
                Ok(store) => Ok(Self(store)),
                Err(error) => Err(said(&error)),
            }
        }

        #[cfg(test)]
        pub(super) fn of(store: Arc<CredentialStore>) -> Self {
            Self(store)
        }

        pub(super) fn read(&self, name: &str) -> Result<String, String> {
            self.entry(name)?.get_password().map_err(|error| match error {
                Error::NoEntry => format!("there is none: `tierline key set {name}` puts it there"),
                error => said(&error),
            })
        }

        pub(super) fn store(&self, name: &str, key: &str) -> Result<(), String> {
            self.entry(name)?.set_password(key).map_err(|error| said(&error))
        }

        pub(super) fn remove(&self, name: &str) -> Result<bool, String> {
            match self.entry(name)?.delete_credential() {
                Ok(()) => Ok(true),
                Err(Error::NoEntry) => Ok(false),
                Err(error) => Err(said(&error)),
            }
        }

        fn entry(&self, name: &str) -> Result<Entry, String> {
            Entry::new_in_store(&self.0, SERVICE, name).map_err(|error| said(&error))
        }
    }

    /// A sentence of ours: an error of a store may hold what it keeps.
    fn said(error: &Error) -> String {
        match error {
            Error::NoStorageAccess(_) => "it is locked, or may not be used from here".to_owned(),
            Error::PlatformFailure(cause) => format!("it cannot be used: {cause}"),
            Error::BadEncoding(_) => "what lies there is no text".to_owned(),
            Error::Ambiguous(_) => "more than one lies there under that name".to_owned(),
            Error::TooLong(what, limit) => format!("its {what} may have no more than {limit} characters"),
            Error::Invalid(what, why) => format!("{what} {why}"),
            _ => "it cannot be used".to_owned(),
        }
    }
}

#[cfg(all(test, feature = "keychain"))]
mod tests {
    use std::sync::Arc;

    use keyring_core::{CredentialStore, Entry, Error, mock};

    use super::*;

    #[test]
    fn a_key_is_put_in_read_and_taken_out_and_a_missing_one_says_how_to_put_it_in() {
        let store: Arc<CredentialStore> = mock::Store::new().unwrap();
        let keychain = Keychain::of(store);
        let missing = keychain.read("openai").unwrap_err();
        assert!(missing.contains("tierline key set openai"), "{missing}");
        keychain.store("openai", "sk-1").unwrap();
        keychain.store("openai", "sk-2").unwrap();
        assert_eq!(keychain.read("openai"), Ok("sk-2".to_owned()));
        assert!(keychain.read("anthropic").is_err());
        assert_eq!((keychain.remove("openai"), keychain.remove("openai")), (Ok(true), Ok(false)));
    }

    #[test]
    fn what_a_keychain_says_of_itself_holds_nothing_of_what_it_keeps() {
        let store: Arc<CredentialStore> = mock::Store::new().unwrap();
        let keychain = Keychain::of(Arc::clone(&store));
        keychain.store("openai", "sk-1").unwrap();
        let entry = Entry::new_in_store(&store, "tierline", "openai").unwrap();
        let cred: &mock::Cred = entry.as_any().downcast_ref().unwrap();
        cred.set_error(Error::BadEncoding(b"sk-1".to_vec()));
        assert_eq!(keychain.read("openai"), Err("what lies there is no text".to_owned()));
        cred.set_error(Error::NoStorageAccess("sk-1".into()));
        assert!(keychain.read("openai").is_err_and(|reason| reason.contains("locked") && !reason.contains("sk-1")));
    }

    #[test]
    fn one_that_hangs_holds_up_nobody() {
        let (_never, wait) = mpsc::channel::<()>();
        let error = within(Duration::from_millis(20), move || wait.recv().map_err(|_| "over".to_owned())).unwrap_err();
        assert!(error.contains("unlock it"), "{error}");
    }
}
