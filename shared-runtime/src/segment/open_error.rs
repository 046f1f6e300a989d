//! Opening a segment: by name, token or inheritance.

use core::fmt;

use crate::error::debug_as_display;
use std::time::Duration;

use crate::error::{SystemError, label};
use crate::format::HeaderError;
use crate::sys::NameError;

/// Why a segment could not be opened. The segment, if there is one, was left as it is.
#[non_exhaustive]
pub enum OpenError {
    /// The name cannot be a segment's.
    Name(NameError),
    /// There is no segment of that name.
    NotFound {
        /// The name.
        name: String,
        /// The names that there are, if they are few.
        existing: Vec<String>,
    },
    /// There was still no segment of that name after the time given with `wait`.
    TimedOut {
        /// The name.
        name: String,
        /// How long was waited.
        waited: Duration,
    },
    /// The process that a token names is gone, or has closed the segment.
    Gone {
        /// The process id in the token.
        pid: u32,
    },
    /// The permission bits or the owner of the segment do not allow it.
    PermissionDenied {
        /// The segment.
        segment: String,
        /// Whether writing was asked for.
        writable: bool,
    },
    /// The segment belongs to another user, and that was not allowed by option.
    ForeignOwner {
        /// The segment.
        segment: String,
        /// The user id that it belongs to.
        uid: u32,
    },
    /// What lies under the name is no segment, or a damaged one.
    Header {
        /// The segment.
        segment: String,
        /// What is wrong.
        reason: HeaderError,
    },
    /// The segment holds a state of another definition.
    Mismatch {
        /// The segment.
        segment: String,
        /// The process that created it.
        creator: u32,
        /// A sentence for each field that differs.
        differences: Vec<String>,
    },
    /// Another segment has the name, or the descriptor, that the token had: it is stale.
    WrongInstance {
        /// The segment.
        segment: String,
        /// The instance that the token names.
        expected: u128,
        /// The instance found.
        found: u128,
    },
    /// This process is in another PID or time namespace than the segment's creator, and so may only
    /// read.
    Namespace {
        /// The segment.
        segment: String,
        /// `PID` or `time`.
        kind: &'static str,
    },
    /// The text is no token.
    BadToken {
        /// The text.
        token: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// This process was not given a segment under that key.
    NotInherited {
        /// The key.
        key: String,
        /// What is missing.
        reason: &'static str,
    },
    /// The system refused.
    System {
        /// The segment.
        segment: String,
        /// The call.
        source: SystemError,
    },
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::Name(error) => error.fmt(f),
            OpenError::NotFound { name, existing } => {
                write!(f, "no segment named `{name}`")?;
                if name.starts_with("shmstate:") {
                    write!(f, "; that is a token: open it with `from_token`")?;
                } else if !existing.is_empty() {
                    write!(f, "; existing ones: {}", existing.join(", ").escape_debug())?;
                }
                Ok(())
            }
            OpenError::TimedOut { name, waited } => {
                write!(f, "no segment named `{name}` appeared within {waited:?}")
            }
            OpenError::Gone { pid } => write!(
                f,
                "the token names a segment of process {pid}, which is gone or has closed it; take a token from a process that has it"
            ),
            OpenError::PermissionDenied {
                segment,
                writable: true,
            } if *segment == label(None) => write!(
                f,
                "{segment}: it was shared to be read; open it as `ReadOnly`, or share a handle that can write"
            ),
            OpenError::PermissionDenied { segment, writable } => write!(
                f,
                "{segment}: permission to {} denied; its creator can allow it with `options().mode(…)`{}",
                if *writable { "write" } else { "read" },
                if *writable {
                    ", or open it as `ReadOnly`"
                } else {
                    ""
                }
            ),
            OpenError::ForeignOwner { segment, uid } => write!(
                f,
                "{segment} belongs to user {uid}; to trust them, open it with `options().foreign_owner(true)`"
            ),
            OpenError::Header { segment, reason } => write!(f, "{segment}: {reason}"),
            OpenError::Mismatch {
                segment,
                differences,
                ..
            } => write!(
                f,
                "{segment}: {}; rebuild both sides from one definition or choose another {}",
                differences.join("; "),
                if *segment == label(None) {
                    "token or key"
                } else {
                    "name"
                }
            ),
            OpenError::WrongInstance {
                segment,
                expected,
                found,
            } => write!(
                f,
                "{segment} is now another instance ({found:032x}, not {expected:032x}): the token is stale"
            ),
            OpenError::Namespace { segment, kind } => write!(
                f,
                "{segment} was created in another {kind} namespace, where process and thread ids mean others; open it as `ReadOnly`"
            ),
            OpenError::BadToken { token, reason } => {
                write!(f, "{token:?} is no token of a segment: {reason}")
            }
            OpenError::NotInherited { key, reason } => write!(
                f,
                "no segment was shared with this process as `{key}`: {reason}; share it with `command.share({key:?}, &state)` before `spawn`"
            ),
            OpenError::System { segment, source } => write!(f, "{segment}: {source}"),
        }
    }
}

debug_as_display!(OpenError);

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            OpenError::Name(source) => Some(source),
            OpenError::Header { reason, .. } => Some(reason),
            OpenError::System { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl From<NameError> for OpenError {
    fn from(error: NameError) -> Self {
        OpenError::Name(error)
    }
}
