//! How serving a client came to its end.

use std::fmt;

use crate::framing::FrameError;

/// What ended the service.
#[derive(Debug)]
pub enum End {
    /// The client sent `exit`.
    Exit,
    /// The input ended.
    InputClosed,
    /// The output takes nothing any more.
    OutputClosed(std::io::Error),
    /// The process that `initialize` named is gone.
    ParentGone(u32),
    /// The input is no stream of frames.
    BadFrame(FrameError),
}

/// How serving a client came to its end. Its `Display` is one sentence for a log or for stderr.
#[derive(Debug)]
pub struct Outcome {
    /// What ended it.
    pub end: End,
    /// Whether the client had asked for `shutdown` before.
    pub shut_down: bool,
}

impl Outcome {
    /// The exit code of the process: 0 where the client had asked for `shutdown`, else 1.
    #[must_use]
    pub fn exit_code(&self) -> i32 {
        match self.end {
            End::BadFrame(_) => 1,
            _ => i32::from(!self.shut_down),
        }
    }

    /// Whether the person who started the process should be told, since the client broke the protocol.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        matches!(self.end, End::BadFrame(_))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.end {
            End::Exit if self.shut_down => write!(out, "The client asked to exit."),
            End::Exit => write!(out, "The client asked to exit without asking for shutdown first."),
            End::InputClosed => write!(out, "The client closed the input."),
            End::OutputClosed(error) => write!(out, "The client takes no more output: {error}."),
            End::ParentGone(id) => write!(out, "The client's process {id} is gone."),
            End::BadFrame(error) => write!(out, "The input does not speak the language server protocol: {error}."),
        }
    }
}
