//! Serving over the process's own stdin and stdout.

use std::fs::File;
use std::io::{self, Read};
use std::{process, thread, time::Duration};

use tower_lsp::{ClientSocket, LanguageServer, LspService};

use super::output::{Output, Prompt};
use super::{End, Outcome, serve_over};

/// When a process whose input has ended must be gone, whatever still runs in it.
const LAST_RESORT: Duration = Duration::from_millis(1_800);

/// [`super::serve`] over stdin and stdout. Once stdin has ended, the process ends within two seconds, by force if need be.
pub async fn serve_stdio<S: LanguageServer>(service: LspService<S>, socket: ClientSocket) -> Outcome {
    match stdout() {
        Ok(stdout) => serve_over(service, socket, Doomed(io::stdin()), stdout).await,
        Err(error) => Outcome { end: End::OutputClosed(error), shut_down: false },
    }
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

/// Stdout as it is: the standard library's own is written line by line, which tears each frame after its headers.
fn stdout() -> io::Result<File> {
    #[cfg(unix)]
    let stdout = std::os::fd::AsFd::as_fd(&io::stdout()).try_clone_to_owned();
    #[cfg(windows)]
    let stdout = std::os::windows::io::AsHandle::as_handle(&io::stdout()).try_clone_to_owned();
    Ok(stdout?.into())
}

impl Output for File {
    #[cfg(unix)]
    fn prompt(&self) -> Option<Box<dyn Prompt>> {
        self.try_clone().ok().map(|file| Box::new(file) as Box<dyn Prompt>)
    }
}

#[cfg(unix)]
impl Prompt for File {
    /// A pipe that can be written to takes `PIPE_BUF` bytes without waiting (POSIX, `write`), and a socket no fewer.
    fn write_now(&mut self, frame: &[u8]) -> usize {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};

        const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
        if frame.len() > rustix::pipe::PIPE_BUF {
            return 0;
        }
        let mut stream = [PollFd::new(self, PollFlags::OUT)];
        match poll(&mut stream, Some(&AT_ONCE)) {
            Ok(1..) if stream[0].revents() == PollFlags::OUT => io::Write::write(self, frame).unwrap_or(0),
            _ => 0,
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_is_written_to_only_where_it_takes_all_at_once() {
        let (mut reader, writer) = io::pipe().unwrap();
        let mut prompt = File::from(std::os::fd::OwnedFd::from(writer));
        let frame = vec![7; rustix::pipe::PIPE_BUF];
        let mut taken = 0;
        while prompt.write_now(&frame) == frame.len() {
            taken += 1;
        }
        assert!(taken > 0);
        assert_eq!(prompt.write_now(&frame), 0);
        assert_eq!(prompt.write_now(&vec![7; frame.len() + 1]), 0);

        let mut bytes = vec![0; taken * frame.len()];
        reader.read_exact(&mut bytes).unwrap();
        assert_eq!(prompt.write_now(b"again"), 5);
        drop(reader);
        assert_eq!(prompt.write_now(b"nobody listens"), 0);
    }
}
