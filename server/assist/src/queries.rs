//! Where users keep queries of their own.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use syntax::{Language, UserQuery};

use crate::Places;
use crate::trust::LONGEST_QUERY;

/// The queries that a user brings: `queries/<language>/tags.scm` beside the configuration file, and below `.tierline` in the
/// workspace. A workspace's count before the user's, but only in one that is trusted: a query decides what is found, and so what
/// a model is shown.
#[must_use]
pub fn user_queries(places: &Places, trusted_workspace: Option<&Path>) -> Vec<UserQuery> {
    let folders = [Some(places.queries()), trusted_workspace.map(workspace_queries)];
    folders.into_iter().flatten().flat_map(|folder| in_folder(&folder)).collect()
}

/// The folder of a workspace's own queries.
fn workspace_queries(root: &Path) -> PathBuf {
    root.join(".tierline").join("queries")
}

fn in_folder(folder: &Path) -> Vec<UserQuery> {
    let languages = Language::ALL.iter().copied().filter(|language| language.is_built_in());
    let query = |language: Language| {
        let file = folder.join(language.name()).join("tags.scm");
        let text = match index::read_regular(&file, LONGEST_QUERY, index::Link::Followed) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return None,
            Err(error) => Err(error.to_string()),
        };
        Some(UserQuery { language, path: file.display().to_string(), text })
    };
    languages.filter_map(query).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use syntax::Language;

    use super::{Places, user_queries};

    #[test]
    fn a_workspace_brings_queries_only_where_it_is_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let places = Places { config: at("config"), state: at("state"), cache: at("cache"), keeps_index: true };
        let write = |folder: &Path, text: &str| {
            std::fs::create_dir_all(folder.join("c")).unwrap();
            std::fs::write(folder.join("c/tags.scm"), text).unwrap();
        };
        write(&places.queries(), "; extends");
        write(&at("workspace/.tierline/queries"), "(comment) @doc");
        let texts = |trusted: Option<&Path>| -> Vec<String> {
            let queries = user_queries(&places, trusted);
            assert!(queries.iter().all(|query| query.language == Language::C));
            queries.into_iter().map(|query| query.text.unwrap()).collect()
        };
        assert_eq!(texts(None), ["; extends"]);
        assert_eq!(texts(Some(&at("workspace"))), ["; extends", "(comment) @doc"]);
    }
}
