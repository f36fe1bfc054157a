//! Why a command ends without its result.

/// A failure: a code for programs, a sentence for people that says what to do, an exit code for scripts.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// 1 where it could not be done, 2 where it was asked wrongly.
    pub(crate) exit_code: u8,
}

impl Failure {
    /// It could not be done.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), exit_code: 1 }
    }

    /// It was asked wrongly.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { code: "usage", message: message.into(), exit_code: 2 }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new("io", error.to_string())
    }
}
