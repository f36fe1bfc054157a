//! The arguments, and the help that teaches them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use crate::commands::report::{By, Since};

/// An AI language server that delegates: the index answers first, small models do small jobs, a flagship model only plans.
///
/// Without a command it serves an editor over stdin and stdout. Without a configured model it asks none: hovers, look-ups and
/// renames come from the index and cost nothing.
#[derive(Debug, Parser)]
#[command(name = "tierline", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) options: Options,

    /// Print JSON for programs instead of text for people
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// What is logged to stderr: error, warn, info, debug or trace
    #[arg(long, global = true, value_name = "LEVEL", env = "TIERLINE_LOG", default_value = "warn", hide_env_values = true)]
    pub(crate) log_level: String,

    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What every command that acts on a workspace takes.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Options {
    /// The workspace's root [default: the nearest folder above with .git or tierline.toml, else the current one]
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) root: Option<PathBuf>,

    /// Ask no model, whatever is configured
    #[arg(long, global = true)]
    pub(crate) offline: bool,

    /// Ask models as usual, and write each exchange into a file of this folder, without keys
    #[arg(long, global = true, value_name = "DIR", conflicts_with_all = ["offline", "replay"])]
    pub(crate) record: Option<PathBuf>,

    /// Take models' answers from what was recorded in this folder; opens no connection and costs nothing
    #[arg(long, global = true, value_name = "DIR", conflicts_with = "offline")]
    pub(crate) replay: Option<PathBuf>,

    /// Answer every question with yes
    #[arg(long, global = true)]
    pub(crate) yes: bool,

    /// Keep no index on disk, and use none
    #[arg(long, global = true, env = "TIERLINE_NO_STORE", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) no_store: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve an editor over stdin and stdout
    Lsp {
        /// Accepted because some editors add it; there is no other way
        #[arg(long)]
        stdio: bool,
    },
    /// See what an editor would show for a repository; changes nothing
    Tour {
        /// The repository [default: the current one]
        path: Option<PathBuf>,
        /// The question to ask [default: one made from a symbol that is found]
        #[arg(long)]
        question: Option<String>,
    },
    /// Index a workspace and count what is in it
    Index {
        /// The workspace [default: the current one]
        path: Option<PathBuf>,
    },
    /// List what a file defines, or every file of a folder
    Symbols {
        /// The file, or the folder
        path: PathBuf,
    },
    /// List the languages that are understood, and where their queries come from
    Languages,
    /// List the uses of the symbol at a place
    References {
        /// FILE:LINE:COL, one-based, columns in bytes
        place: String,
    },
    /// Resolve many places at once, for scripts: one FILE:LINE:COL a line on stdin, one JSON object a line on stdout
    Resolve {
        /// List the uses of the symbol at each place instead of its definitions
        #[arg(long)]
        references: bool,
    },
    /// Find symbols by a question in plain words
    Lookup {
        /// The question: "where are retries decided?"
        question: String,
        /// The most answers
        #[arg(long, default_value_t = 10)]
        limit: usize,
    },
    /// Measure how well something works, on code that is at hand
    Eval {
        #[command(subcommand)]
        what: Eval,
    },
    /// Show what an editor would show for the symbol at a place
    Hover {
        /// FILE:LINE:COL, one-based, columns in bytes
        place: String,
        /// Ask a model for the summary where none is kept, and wait for it
        #[arg(long)]
        summary: bool,
    },
    /// Change several files: "rename OLD to NEW [in FILE]" needs no model
    Refactor(Refactor),
    /// Show who did what in the last refactor of a workspace, for how much, and what a flagship alone would have cost
    Receipt,
    /// Undo the last refactor of a workspace
    Undo,
    /// Show what models were asked and what that cost
    Report {
        /// Only what was asked since then: a UTC date (2026-11-24), or so long ago (7d, 12h)
        #[arg(long, value_name = "TIME")]
        since: Option<Since>,
        /// Sum up by job, tier, day (UTC) or workspace
        #[arg(long, value_name = "WHAT")]
        by: Option<By>,
    },
    /// List the model behind each tier: where it is, what it costs, and where the price comes from
    Models {
        /// List every model whose price is known without configuration
        #[arg(long, conflicts_with = "check")]
        all: bool,
        /// Ask the servers which models they have, and warn of those that are missing or end soon; sends the key and no text
        #[arg(long)]
        check: bool,
    },
    /// Have the summaries of a whole workspace made ahead of the first hover; says first what that costs at worst
    Prefetch {
        /// The file or folder [default: the whole workspace]
        path: Option<PathBuf>,
        /// Only say what would be made, and what it costs at worst
        #[arg(long)]
        dry_run: bool,
        /// Send them as one batch, which costs less and may take a day; the same command collects the answers. A server that takes no
        /// batches is asked one by one
        #[arg(long, conflicts_with = "dry_run")]
        batch: bool,
    },
    /// Look after the answers of models that are kept; never touches the ledger
    Cache {
        #[command(subcommand)]
        action: CacheAction,
    },
    /// Let what a workspace asks for count, as it is now: queries, settings beyond what every repository may; any change ends it
    Trust {
        /// Only say whether it is trusted
        #[arg(long, conflicts_with = "revoke")]
        show: bool,
        /// Trust it no longer
        #[arg(long)]
        revoke: bool,
    },
    /// Show what is configured, where each value comes from, and what may be set
    Config {
        #[command(subcommand)]
        action: ConfigAction,
    },
    /// Write a commented configuration file of your own; never over one that is there
    Init {
        /// Write the workspace's file instead
        #[arg(long)]
        workspace: bool,
        /// The provider to ask [default: what is found on this machine, if you say yes]
        #[arg(long, value_name = "NAME", conflicts_with = "workspace")]
        provider: Option<String>,
        /// A model server that runs on this machine, to be asked for everything: ollama, llama_cpp, lm_studio, vllm, or its address
        #[arg(long, value_name = "NAME", conflicts_with_all = ["workspace", "provider"])]
        local: Option<String>,
        /// Which of its models [default: the first that it lists]
        #[arg(long, value_name = "MODEL", requires = "local")]
        model: Option<String>,
    },
    /// Keep the key of a model server in the keychain of the system
    Key {
        #[command(subcommand)]
        action: KeyAction,
    },
    /// Show what of a file could be sent to a model and what would be taken out of it; sends nothing
    Egress {
        /// The file
        #[arg(required_unless_present_any = ["all", "forget"], conflicts_with_all = ["all", "forget"])]
        file: Option<PathBuf>,
        /// Judge every file of the workspace
        #[arg(long, conflicts_with = "forget")]
        all: bool,
        /// Take back what was allowed for this workspace, so that the next request asks again
        #[arg(long)]
        forget: bool,
    },
    /// Say what is configured, what is wrong and how to mend it
    Doctor,
    /// Print what makes a shell complete commands and options; where it belongs stands in docs/install.md
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the manual pages, one for each command, into a folder
    Man {
        /// The folder; it is made where it is missing
        folder: PathBuf,
    },
}

/// What to change, and how far to go.
#[derive(Debug, Args)]
pub(crate) struct Refactor {
    /// What to do; not needed where a plan says it
    #[arg(required_unless_present = "plan")]
    pub(crate) instruction: Option<String>,
    /// Stop when the plan is made and print it as Markdown; with --diff or --apply, carry out the ticked steps of the plan in FILE
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    pub(crate) plan: Option<Option<PathBuf>>,
    /// Show the verified diff and change nothing [default]
    #[arg(long, conflicts_with = "apply")]
    pub(crate) diff: bool,
    /// Apply the verified change to all files, or to none
    #[arg(long)]
    pub(crate) apply: bool,
    /// Run this in a copy of the workspace with the change, and refuse the change where it fails [default: `check.command` of a trusted
    /// workspace]
    #[arg(long, value_name = "COMMAND")]
    pub(crate) check: Option<String>,
}

/// What to do with a key.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyAction {
    /// Put a key into the keychain. It is asked for without an echo, or read from the first line of the input
    Set {
        /// The name that `key_keychain` gives, such as that of the provider
        name: String,
    },
    /// Take a key out of the keychain
    Remove {
        /// Its name
        name: String,
    },
}

/// What to show of the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigAction {
    /// Print every value that counts
    Show {
        /// Say where each comes from
        #[arg(long)]
        origin: bool,
    },
    /// Say what is wrong in the configuration files; the exit code is 1 where something is
    Check,
    /// Print the JSON schema of the files, for editors that complete TOML
    Schema,
    /// Print the reference of all keys, as Markdown
    Reference,
}

/// What is measured.
#[derive(Debug, Subcommand)]
pub(crate) enum Eval {
    /// Look-up without a model: how often the function is found whose documentation makes the question. The documentation is taken
    /// out of the index for that
    Lookup {
        /// Folders of source code, each a workspace of its own
        #[arg(required = true)]
        folders: Vec<PathBuf>,
        /// The most questions of one folder
        #[arg(long, default_value_t = 60)]
        per_folder: usize,
        /// Leave the documentation of all other symbols in the index
        #[arg(long)]
        keep_others: bool,
    },
    /// Every prompt, put to the configured models on the code of others: how many answers have the asked shape, pass their checks and
    /// are right. Answers that are kept cost nothing and are not counted
    Prompts {
        /// The cases, as JSON
        cases: PathBuf,
        /// The folder that holds the packages that the cases name
        #[arg(long)]
        packages: PathBuf,
        /// Only this prompt; may be said again
        #[arg(long)]
        only: Vec<String>,
    },
}

/// What to do with the kept answers.
#[derive(Debug, Subcommand)]
pub(crate) enum CacheAction {
    /// Say how many answers are kept, and where
    Stats,
    /// Read every answer and remove the damaged ones
    Verify,
    /// Remove what was not used for long, then what was not used for longest until the rest fits
    Gc {
        /// How much may stay, in MiB [default: 512]
        #[arg(long, value_name = "MIB")]
        max_mib: Option<u64>,
        /// How long an answer stays without being used, in days [default: 90]
        #[arg(long, value_name = "DAYS")]
        max_days: Option<u64>,
    },
    /// Remove every answer; asks first
    Clear,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The commands of the documents that start this program, as a shell would split them.
    fn commands(page: &str) -> Vec<Vec<String>> {
        let blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
        let lines = blocks.flat_map(str::lines).filter(|line| line.starts_with("tierline "));
        lines.map(|line| shlex::split(line.split(['>', '|']).next().unwrap_or_default()).expect("quotes that close")).collect()
    }

    #[test]
    fn commands_in_the_documents_are_understood() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let pages = std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
        let mut seen = 0;
        for page in pages.chain([root.join("README.md")]).filter(|page| page.extension().is_some_and(|md| md == "md")) {
            for command in commands(&std::fs::read_to_string(&page).unwrap()) {
                if let Err(error) = Arguments::try_parse_from(&command) {
                    panic!("{}: {command:?}: {error}", page.display());
                }
                seen += 1;
            }
        }
        assert!(seen > 15, "{seen}");
    }
}
