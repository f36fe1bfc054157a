//! Serving over the process's own stdin and stdout.

use std::io::{self, Read};
use std::{process, thread, time::Duration};

use tower_lsp::{ClientSocket, LanguageServer, LspService};

use super::{Outcome, serve};

/// When a process whose input has ended must be gone, whatever still runs in it.
const LAST_RESORT: Duration = Duration::from_millis(1_800);

/// [`serve`] over stdin and stdout. Once stdin has ended, the process ends within two seconds, by force if need be.
pub async fn serve_stdio<S: LanguageServer>(service: LspService<S>, socket: ClientSocket) -> Outcome {
    serve(service, socket, Doomed(io::stdin()), io::stdout()).await
}

/// A stream whose end is the end of the process.
struct Doomed<R>(R);

impl<R: Read> Read for Doomed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer);
        if !buffer.is_empty() && matches!(read, Ok(0)) {
            let _ = thread::Builder::new().name("lsp-last-resort".into()).spawn(|| {
                thread::sleep(LAST_RESORT);
                process::exit(1);
            });
        }
        read
    }
}
