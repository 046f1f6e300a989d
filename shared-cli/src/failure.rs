//! What can go wrong, and the exit status that it gives.

use std::fmt;
use std::io;
use std::time::Duration;

use shmstate::inspect::{FieldError, ReadError, WriteError};
use shmstate::{HeaderError, OpenError, RemoveError, SystemError, UpdateError};

use crate::condition::ConditionError;
use crate::output::clean;

/// Why a command failed. Displayed, it names the segment, and says what can be done with this program.
#[non_exhaustive]
pub enum Failure {
    /// The segment cannot be opened.
    Open(OpenError),
    /// There is no segment of that path or token.
    NoSegment {
        /// What was given.
        name: String,
    },
    /// The name of a segment is empty.
    NoName,
    /// The path of a field is empty.
    NoField,
    /// The amount to add is not a number.
    NoNumber {
        /// The segment, as it was given.
        segment: String,
        /// The path of the field.
        field: String,
        /// What was given.
        given: String,
        /// The field takes only whole ones.
        whole: bool,
    },
    /// A segment without a name is to be removed.
    Nameless {
        /// The segment.
        segment: String,
    },
    /// An address stands where the name of a segment is expected.
    Address {
        /// What was given.
        given: String,
    },
    /// There is no such field.
    Field {
        /// The segment, as it was given.
        segment: String,
        /// What there is.
        source: FieldError,
    },
    /// A field holds no value.
    Read {
        /// The segment, as it was given.
        segment: String,
        /// What is wrong.
        source: ReadError,
    },
    /// A field was not changed.
    Write {
        /// The segment, as it was given.
        segment: String,
        /// Why not.
        source: WriteError,
    },
    /// The text is not a condition to wait for.
    Condition(ConditionError),
    /// The condition did not hold in time.
    TimedOut {
        /// The segment, as it was given.
        segment: String,
        /// The path of the field.
        field: String,
        /// What the field holds.
        last: String,
        /// What was waited for: `changed`, or an operator and a value.
        condition: String,
        /// How long was waited.
        waited: Duration,
    },
    /// The segment did not appear in time.
    NotThere {
        /// The segment, as it was given.
        segment: String,
        /// How long was waited.
        waited: Duration,
    },
    /// The segment was removed or replaced before the condition held.
    Gone {
        /// The segment, as it was given.
        segment: String,
        /// The path of the field.
        field: String,
        /// What was waited for: `changed`, or an operator and a value.
        condition: String,
        /// Another segment has its name.
        replaced: bool,
    },
    /// A segment was not removed.
    Remove(RemoveError),
    /// A segment was not removed, because processes have it.
    InUse {
        /// The segment.
        segment: String,
        /// The processes, as far as they can be seen.
        by: Vec<String>,
    },
    /// The system refused something that concerns no single segment.
    System(SystemError),
    /// Nothing can be printed, shown or served.
    Io {
        /// What was being done, such as `write the output`.
        action: String,
        /// The system's error.
        source: io::Error,
    },
    /// There is no such command to print the manual of.
    NoCommand {
        /// What was given.
        command: String,
    },
    /// `top` is to draw where there is no terminal.
    NoTerminal,
    /// A part of the work failed, and its message has been printed already.
    Told {
        /// The exit status.
        code: u8,
    },
}

/// The exit status of a failure after which a later try may succeed.
const NOT_NOW: u8 = 3;

impl Failure {
    pub(crate) fn no_segment(name: &str) -> Failure {
        Failure::NoSegment {
            name: name.to_owned(),
        }
    }

    pub(crate) fn io(action: &str) -> impl FnOnce(io::Error) -> Failure {
        let action = action.to_owned();
        move |source| Failure::Io { action, source }
    }

    pub(crate) fn in_field(segment: &str) -> impl FnOnce(FieldError) -> Failure {
        let segment = segment.to_owned();
        move |source| Failure::Field { segment, source }
    }

    pub(crate) fn reading(segment: &str) -> impl FnOnce(ReadError) -> Failure {
        let segment = segment.to_owned();
        move |source| Failure::Read { segment, source }
    }

    pub(crate) fn writing(segment: &str) -> impl FnOnce(WriteError) -> Failure {
        let segment = segment.to_owned();
        move |source| Failure::Write { segment, source }
    }

    /// The exit status, as `--help` tells it.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Failure::TimedOut { .. }
            | Failure::NotThere { .. }
            | Failure::InUse { .. }
            | Failure::Nameless { .. }
            | Failure::Remove(RemoveError::InUse { .. }) => NOT_NOW,
            Failure::Write { source, .. } if is_locked(source) => NOT_NOW,
            Failure::Condition(_) | Failure::NoCommand { .. } | Failure::Address { .. } => 2,
            Failure::Told { code } => *code,
            _ => 1,
        }
    }

    /// Whether it is only that nobody reads the output any more, as in `shmstate ls | head`.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Failure::Io { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }
}

fn is_locked(error: &WriteError) -> bool {
    let WriteError::Update { source, .. } = error else {
        return false;
    };
    matches!(source, UpdateError::LockTimeout { .. })
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Failure::Open(error)
    }
}

impl From<RemoveError> for Failure {
    fn from(error: RemoveError) -> Self {
        Failure::Remove(error)
    }
}

impl From<SystemError> for Failure {
    fn from(error: SystemError) -> Self {
        Failure::System(error)
    }
}

impl From<ConditionError> for Failure {
    fn from(error: ConditionError) -> Self {
        Failure::Condition(error)
    }
}

/// How a segment that was given by the user is called in messages.
fn label(name: &str) -> String {
    format!("segment `{}`", clean(name))
}

/// What the field did, or did not do: `changed`, or `became` with the comparison.
fn came(condition: &str, changed: &str, became: &str) -> String {
    match condition {
        "changed" => changed.to_owned(),
        condition => format!("{became} `{}`", clean(condition)),
    }
}

impl fmt::Display for Failure {
    #[allow(clippy::too_many_lines)] // a message for each
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Open(error) => open_error(error, f),
            Failure::NoSegment { name } => write!(
                f,
                "`{}` means no segment that exists; `shmstate ls` lists them all",
                clean(name)
            ),
            Failure::NoName => f.write_str("NAME is empty; `shmstate ls` lists the segments"),
            Failure::NoField => f.write_str("FIELD is empty; `.` is the whole state"),
            Failure::NoNumber {
                segment,
                field,
                given,
                whole,
            } => write!(
                f,
                "{}: `{}` is not a {}number to add to `{}`",
                label(segment),
                clean(given),
                if *whole { "whole " } else { "" },
                clean(field)
            ),
            Failure::Nameless { segment } => write!(
                f,
                "{}: it has no name to remove, and is freed when its processes end",
                clean(segment)
            ),
            Failure::Address { given } => {
                let given = clean(given);
                write!(
                    f,
                    "`{given}` is an address, not a segment: write `--listen={given}`"
                )
            }
            Failure::Field { segment, source } => {
                write!(
                    f,
                    "{}: {}; `shmstate show` lists its fields",
                    label(segment),
                    clean(&source.to_string())
                )
            }
            Failure::Read { segment, source } => write!(
                f,
                "{}: {}; `shmstate show --raw` shows the bytes",
                label(segment),
                clean(&source.to_string())
            ),
            Failure::Write { segment, source } => {
                write!(f, "{}: {}", label(segment), clean(&source.to_string()))?;
                if is_locked(source) {
                    f.write_str("; try again, or for longer with `--timeout`")?;
                }
                Ok(())
            }
            Failure::Condition(error) => error.fmt(f),
            Failure::TimedOut {
                segment,
                field,
                last,
                condition,
                waited,
            } => {
                let (segment, field) = (label(segment), clean(field));
                let did = came(condition, "change", "become");
                write!(
                    f,
                    "{segment}: `{field}` is {}, and did not {did}",
                    clean(last)
                )?;
                write!(f, " within {waited:?}")
            }
            Failure::NotThere { segment, waited } => {
                write!(f, "{} did not appear within {waited:?}", label(segment))
            }
            Failure::Gone {
                segment,
                field,
                condition,
                replaced,
            } => {
                let how = if *replaced { "replaced" } else { "removed" };
                let (segment, field) = (label(segment), clean(field));
                let came = came(condition, "changed", "became");
                write!(f, "{segment} was {how} before `{field}` {came}")
            }
            Failure::Remove(error) => f.write_str(&clean(&error.to_string())),
            Failure::InUse { segment, by } => {
                write!(f, "{} is in use", clean(segment))?;
                match by.as_slice() {
                    [] => f.write_str(" by processes that cannot be seen from here")?,
                    by => write!(f, " by {}", by.join(", "))?,
                }
                f.write_str(
                    "; end them, or remove its name all the same with `--force` (they keep the segment)",
                )
            }
            Failure::System(error) => error.fmt(f),
            Failure::Io { action, source } => write!(f, "could not {action}: {source}"),
            Failure::NoCommand { command } => {
                write!(
                    f,
                    "there is no command `{command}`; `shmstate help` lists them"
                )
            }
            Failure::NoTerminal => f.write_str(
                "`top` needs a terminal to draw on; for scripts there is `shmstate show --json`",
            ),
            Failure::Told { .. } => Ok(()),
        }
    }
}

/// The library's messages are for programmers; these say what to do with this program instead.
fn open_error(error: &OpenError, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match error {
        OpenError::NotFound { existing, .. } => {
            write!(f, "{}", clean(&error.to_string()))?;
            if existing.is_empty() {
                f.write_str("; `shmstate ls` lists them all")?;
            }
            Ok(())
        }
        OpenError::ForeignOwner { segment, uid } => write!(
            f,
            "{segment} belongs to user {uid}, who can end this program by cutting it short; to trust them, add `--foreign-owner`"
        ),
        OpenError::PermissionDenied { segment, writable } => write!(
            f,
            "{segment}: permission to {} denied; run this as the user that it belongs to",
            if *writable { "write" } else { "read" }
        ),
        OpenError::Namespace { segment, kind } => write!(
            f,
            "{segment} was created in another {kind} namespace, from where alone it can be changed: run this there (with `nsenter`, or in that container); `shmstate show` works from here"
        ),
        OpenError::Header {
            segment,
            reason: HeaderError::NewerFormat { found, supported },
        } => write!(
            f,
            "{segment} has format {found}, and this is shmstate {}, which reads up to format {supported}: install the version of `shmstate` that the program was built with that created the segment, or a later one",
            env!("CARGO_PKG_VERSION")
        ),
        _ => f.write_str(&clean(&error.to_string())),
    }
}
