//! Writing exchanges down, one file each, numbered as they end. Several processes may record into one directory.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::Recorded;
use super::exchange::{Exchange, Request, Response};
use crate::{Endpoint, files};

/// A directory holds no more exchanges.
const MAX_EXCHANGES: u32 = 99_999;

#[derive(Debug)]
pub(crate) struct Recorder {
    directory: PathBuf,
}

impl Recorder {
    pub(super) fn new(directory: &Path) -> Recorder {
        Recorder { directory: directory.to_owned() }
    }

    pub(super) fn record(&self, endpoint: &Endpoint, path: &str, body: &[u8], reply: &Recorded) -> io::Result<()> {
        let scrub = |text: &str| endpoint.key.as_ref().map_or_else(|| text.to_owned(), |key| key.scrub(text));
        let exchange = Exchange { request: Request::new(path, body), response: Response::new(reply, scrub) };
        let mut text = serde_json::to_string_pretty(&exchange)?;
        text.push('\n');
        files::private_directory(&self.directory)?;
        let name: String = exchange.request.name().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        for number in self.next()..=MAX_EXCHANGES {
            match files::private_file(&self.directory.join(format!("{number:05}-{name}.json"))) {
                Ok(mut file) => return file.write_all(text.as_bytes()),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other("the directory holds as many exchanges as it can"))
    }

    fn next(&self) -> u32 {
        let names = fs::read_dir(&self.directory).into_iter().flatten().flatten().map(|file| file.file_name());
        let numbers = names.filter_map(|name| name.to_str()?.get(..5)?.parse::<u32>().ok());
        numbers.max().map_or(1, |number| number + 1)
    }
}
