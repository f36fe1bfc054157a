//! What may leave this machine. Every text of every request goes through `redact`, and every file's name through `admit`; the
//! gateway calls both itself, so no caller can forget them.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

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

/// The secret formats. The first group named `secret` is what is taken out; without one it is the whole match.
static SECRETS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----[\s\S]*?(-----END [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----|$)",
        r"\b(AKIA|ASIA|AROA|AIDA)[0-9A-Z]{16}\b",
        r"\bgh[pousr]_[0-9A-Za-z]{20,255}",
        r"\bgithub_pat_[0-9A-Za-z_]{20,255}",
        r"\bglpat-[0-9A-Za-z_\-]{20,}",
        r"\bsk-[0-9A-Za-z_\-]{20,}",
        r"\b[sr]k_(live|test)_[0-9A-Za-z]{16,}",
        r"\bxox[abeoprs]-[0-9A-Za-z\-]{10,}",
        r"\bAIza[0-9A-Za-z_\-]{35}",
        r"\bya29\.[0-9A-Za-z_\-]{20,}",
        r"\beyJ[0-9A-Za-z_\-]{8,}\.eyJ[0-9A-Za-z_\-]{8,}\.[0-9A-Za-z_\-]{8,}",
        r"\bnpm_[0-9A-Za-z]{36}\b",
        r"\bpypi-[0-9A-Za-z_\-]{40,}",
        r"\bhf_[0-9A-Za-z]{30,}",
        r"\bdop_v1_[0-9a-f]{64}",
        r"\bSG\.[0-9A-Za-z_\-]{16,}\.[0-9A-Za-z_\-]{16,}",
        r"https://hooks\.slack\.com/services/[0-9A-Za-z/]{20,}",
        r"[a-z][a-z0-9+.\-]{2,20}://[^\s:/@'\x22]{1,64}:(?P<secret>[^\s/@'\x22{}$<>]{3,128})@",
        r"(?i)\bAccountKey=(?P<secret>[0-9A-Za-z+/=]{40,})",
        r"(?i)\b(password|passwd|secret|secret_key|api_?key|access_?key|auth_?token|access_?token)\b['\x22]?\s*(:|=|:=|=>)\s*['\x22](?P<secret>[0-9A-Za-z+/=_\-.!@#%^&*]{16,})['\x22]",
    ]
    .iter()
    .filter_map(|pattern| Regex::new(pattern).ok())
    .collect()
});

/// Takes the secrets out of a text and says how many there were. Each becomes `«redacted:n»`, the same secret always the same n.
/// Characters that are invisible or that turn the direction of reading are taken out too, and are not counted.
pub fn redact(text: &str) -> (String, usize) {
    let mut text = visible(text).into_owned();
    let mut found: Vec<String> = Vec::new();
    for pattern in SECRETS.iter() {
        if !pattern.is_match(&text) {
            continue;
        }
        let mut out = String::with_capacity(text.len());
        let mut end = 0;
        for captures in pattern.captures_iter(&text) {
            let Some(hit) = captures.name("secret").or_else(|| captures.get(0)) else { continue };
            let number = found.iter().position(|secret| secret == hit.as_str()).unwrap_or_else(|| {
                found.push(hit.as_str().to_owned());
                found.len() - 1
            });
            out.push_str(&text[end..hit.start()]);
            out.push_str(&format!("«redacted:{}»", number + 1));
            end = hit.end();
        }
        out.push_str(&text[end..]);
        text = out;
    }
    (text, found.len())
}

/// The text without control characters, bidirectional controls, zero-width characters and the invisible tag block.
fn visible(text: &str) -> Cow<'_, str> {
    let hidden = |character: char| {
        matches!(character,
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
    };
    if text.contains(hidden) {
        Cow::Owned(text.chars().filter(|character| !hidden(*character)).collect())
    } else {
        Cow::Borrowed(text)
    }
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
    fn every_pattern_is_valid() {
        assert_eq!(SECRETS.len(), 20);
    }
}
