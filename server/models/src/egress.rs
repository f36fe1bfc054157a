//! What may leave this machine. Every text of every request goes through `redact_all`, and every file's name through `admit`; the
//! gateway calls both itself, so no caller can forget them.

mod restore;
mod rules;
mod scan;
mod unseen;

pub use restore::{conceal, restore};
pub(crate) use scan::redact_job;
pub use scan::{Finding, redact, redact_all};
pub use unseen::{is_invisible, shown, unseen};

/// The most text that one request may hold, in bytes.
pub const MAX_REQUEST: usize = 1 << 20;

/// A file that never leaves this machine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} is never sent to a model: {reason}")]
pub struct Denied {
    /// The file.
    pub path: String,
    /// Why.
    pub reason: &'static str,
}

const DENIED_NAMES: &[(&str, &str)] = &[
    (".npmrc", "it holds registry tokens"),
    (".pypirc", "it holds registry tokens"),
    (".netrc", "it holds passwords"),
    ("_netrc", "it holds passwords"),
    (".pgpass", "it holds passwords"),
    (".htpasswd", "it holds passwords"),
    (".git-credentials", "it holds passwords"),
    (".s3cfg", "it holds credentials"),
    (".boto", "it holds credentials"),
    (".vault-token", "it is a token"),
    ("kubeconfig", "it holds credentials"),
    ("auth.json", "it holds registry tokens"),
    (".terraformrc", "it holds tokens"),
    ("master.key", "it is a private key"),
    ("service-account.json", "it is a private key"),
    ("service_account.json", "it is a private key"),
    ("local.settings.json", "it holds the settings of an environment"),
    (".my.cnf", "it holds passwords"),
    ("wp-config.php", "it holds passwords"),
    (".dockercfg", "it holds registry tokens"),
];
const DENIED_STARTS: &[(&str, &str)] = &[
    (".env", "it holds the settings of an environment"),
    ("id_rsa", "it is a private key"),
    ("id_dsa", "it is a private key"),
    ("id_ecdsa", "it is a private key"),
    ("id_ed25519", "it is a private key"),
    ("credentials", "it holds credentials"),
    ("secrets.", "it holds secrets"),
];
const DENIED_ENDS: &[(&str, &str)] = &[
    (".pem", "it is a key or a certificate"),
    (".key", "it is a private key"),
    (".p12", "it is a key store"),
    (".pfx", "it is a key store"),
    (".jks", "it is a key store"),
    (".keystore", "it is a key store"),
    (".kdbx", "it is a password store"),
    (".ppk", "it is a private key"),
    (".p8", "it is a private key"),
    (".asc", "it is a key or a signature"),
    (".gpg", "it is encrypted or a key"),
    (".ovpn", "it holds a private key"),
    (".mobileprovision", "it holds a signing identity"),
    (".env", "it holds the settings of an environment"),
    (".tfstate", "it holds deployed secrets"),
    (".tfstate.backup", "it holds deployed secrets"),
    (".tfvars", "it holds deployed secrets"),
];
const DENIED_FOLDERS: &[(&str, &str)] = &[
    (".git", "it is the repository's own data"),
    (".ssh", "it holds private keys"),
    (".gnupg", "it holds private keys"),
    (".aws", "it holds credentials"),
    (".kube", "it holds credentials"),
    (".docker", "it holds registry tokens"),
    (".azure", "it holds credentials"),
    (".gcloud", "it holds credentials"),
];

/// Whether text of this file may be sent. Names are compared without regard to case, and every folder on the way counts.
pub fn admit(path: &str) -> Result<(), Denied> {
    let folded = path.replace('\\', "/").to_lowercase();
    let (folders, name) = folded.rsplit_once('/').unwrap_or(("", &folded));
    let reason = lookup(DENIED_NAMES, |denied| name == denied)
        .or_else(|| lookup(DENIED_STARTS, |denied| name.starts_with(denied) && !is_source(name)))
        .or_else(|| lookup(DENIED_ENDS, |denied| name.ends_with(denied)))
        .or_else(|| lookup(DENIED_FOLDERS, |denied| folders.split('/').any(|folder| folder == denied)));
    match reason {
        Some(reason) => Err(Denied { path: path.to_owned(), reason }),
        None => Ok(()),
    }
}

/// `credentials.rs` is code about credentials, not a store of them; `.env.ts` stays denied because it begins with a dot.
fn is_source(name: &str) -> bool {
    const SOURCE: &[&str] =
        &[".rs", ".c", ".h", ".cc", ".cpp", ".hpp", ".go", ".java", ".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".py", ".pyi"];
    !name.starts_with('.') && SOURCE.iter().any(|ending| name.ends_with(ending))
}

fn lookup(table: &[(&str, &'static str)], fits: impl Fn(&str) -> bool) -> Option<&'static str> {
    table.iter().find(|(denied, _)| fits(denied)).map(|(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_hold_secrets_are_denied_by_name() {
        for path in [
            ".env",
            "a/.env.local",
            "deploy/PROD.PEM",
            "id_rsa",
            "id_rsa.pub",
            "x/.npmrc",
            ".aws/config",
            "a\\.ssh\\known_hosts",
            "terraform.tfstate",
            "credentials.json",
            "config/secrets.yml",
            ".git/config",
            "credentials",
        ] {
            assert!(admit(path).is_err(), "{path}");
        }
        for path in ["src/environment.rs", "src/key.rs", "a/credentials.rs", "secrets.py", "src/pem.go", "keys/mod.rs", "é"] {
            assert_eq!(admit(path), Ok(()), "{path}");
        }
    }

    #[test]
    fn every_secret_format_is_taken_out() {
        let letters = "abcdefghijklmnopqrstuvwxyz0123456789ABCD";
        let dashes = "-----";
        for secret in [
            format!("{dashes}BEGIN RSA PRIVATE KEY{dashes}\nMIIE\nabc\n{dashes}END RSA PRIVATE KEY{dashes}"),
            format!("{dashes}BEGIN OPENSSH PRIVATE KEY{dashes}\nb3Blbn"),
            format!("AKIA{}", "ABCDEFGHIJKLMNOP"),
            format!("ghp_{}", &letters[..36]),
            format!("github_pat_{letters}"),
            format!("glpat-{}", &letters[..20]),
            format!("sk-proj-{letters}"),
            format!("xoxb-{}", &letters[..24]),
            format!("AIza{}", &letters[..35]),
            format!("eyJ{0}.eyJ{0}.{0}", &letters[..12]),
        ] {
            let (text, count) = redact(&format!("before {secret} after"));
            assert_eq!(count, 1, "{secret}");
            assert!(text.starts_with("before «redacted:1»") && !text.contains(&secret), "{text}");
        }
    }

    #[test]
    fn only_the_secret_part_of_an_assignment_or_an_address_goes() {
        assert_eq!(redact("let api_key = \"abcd1234efgh5678\";").0, "let api_key = \"«redacted:1»\";");
        assert_eq!(redact("postgres://app:hunter22@db/x").0, "postgres://app:«redacted:1»@db/x");
    }

    #[test]
    fn the_same_secret_has_the_same_number() {
        let key = format!("sk-{}", "a".repeat(24));
        let other = format!("sk-{}", "b".repeat(24));
        assert_eq!(redact(&format!("{key} {other} {key}")), ("«redacted:1» «redacted:2» «redacted:1»".into(), 2));
    }

    #[test]
    fn plain_code_is_left_alone() {
        let code = "fn password(token: &str) -> bool { self.secret == token }\n\t// task-list sk-ip über 你好\r\n";
        assert_eq!(redact(code), (code.to_owned(), 0));
    }

    #[test]
    fn invisible_and_direction_characters_are_taken_out() {
        assert_eq!(redact("a\u{202e}b\u{200b}c\u{e0041}d\u{1b}[31m\u{feff}"), ("abcd[31m".into(), 0));
    }

    #[test]
    fn a_secret_that_is_spread_over_two_texts_is_taken_out_of_both() {
        let key = format!("ghp_{}", "k3Q".repeat(12));
        let (texts, findings) = redact_all(&[&format!("a\nb {}", &key[..14]), &format!("{} c", &key[14..]), &key]);
        assert_eq!(texts, ["a\nb «redacted:1»", "«redacted:1» c", "«redacted:1»"]);
        assert_eq!((findings[0].part, findings[0].line, findings[0].rule.as_str()), (0, 2, "github-token"));
    }

    #[test]
    fn what_looks_random_is_taken_out_and_what_is_written_is_not() {
        let random = ["q7Rk2ZpX9", "vB4mT1sLw8", "YcN5dH3jKf6"].concat();
        assert_eq!(redact(&format!("let seed = \"{random}\";")).1, 1);
        for code in [
            "let hash = \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\";",
            "const ALPHABET: &str = \"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/\";",
            "name = \"getUserProfileByIdAndEmailOrNull2\"",
        ] {
            assert_eq!(redact(code).0, code);
        }
    }
}
