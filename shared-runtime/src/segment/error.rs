//! What can go wrong with a segment, by operation.

use std::time::Duration;

use crate::error::{SystemError, debug_as_display, label};
use crate::format::{CapacityExceeded, Corrupt, HeaderError};
use crate::sys::NameError;

/// Why a segment could not be created. Nothing is left behind.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum CreateError {
    /// A segment cannot have this name.
    #[error("{0}")]
    Name(#[from] NameError),
    /// There is a segment, or another file, of that name; it was left as it is.
    #[error(
        "segment `{name}` exists already; open it, remove it with `shmstate::remove`, or have it replaced with `creating().fresh()`, which is done only while no process has it (`shmstate::segments` tells which processes do)"
    )]
    AlreadyExists {
        /// The name.
        name: String,
    },
    /// There is not enough memory for it: `/dev/shm` is full, or smaller than the segment.
    #[error(
        "{segment}: no room for {needed} bytes of shared memory; free some (see `df /dev/shm`) or make the state smaller"
    )]
    NoSpace {
        /// The segment.
        segment: String,
        /// The bytes needed.
        needed: u64,
    },
    /// It would be larger than an address space.
    #[error("{segment} would be larger than an address space")]
    TooLarge {
        /// The segment.
        segment: String,
    },
    /// The initialiser left bytes in a field that are not a value of its type.
    #[error("{segment}: the initialiser left it without a value: {source}")]
    Invalid {
        /// The segment.
        segment: String,
        /// The field, and what it holds.
        source: Corrupt,
    },
    /// A text or list of the value is longer than the capacity of its field.
    #[error("{segment}: {source}")]
    CapacityExceeded {
        /// The segment.
        segment: String,
        /// The field, and what it holds.
        source: CapacityExceeded,
    },
    /// This process was forked inside the initialiser; only its parent publishes the segment.
    #[error(
        "{segment} is created by the parent of this process, which was forked in the initialiser"
    )]
    Forked {
        /// The segment.
        segment: String,
    },
    /// `open_or_create` found a segment of that name, and could not open it.
    #[error(transparent)]
    Open(OpenError),
    /// The system refused.
    #[error("{segment}: {source}")]
    System {
        /// The segment.
        segment: String,
        /// The call.
        source: SystemError,
    },
}

debug_as_display!(CreateError);

/// Why a segment could not be opened. The segment, if there is one, was left as it is.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// A segment cannot have this name.
    #[error("{0}")]
    Name(#[from] NameError),
    /// There is no segment of that name.
    #[error("no segment named `{name}`{}", hint(name, existing))]
    NotFound {
        /// The name.
        name: String,
        /// The names that there are, if they are few.
        existing: Vec<String>,
    },
    /// There was still no segment of that name after the time given with `wait`.
    #[error(
        "no segment named `{name}` appeared within {waited:?}{}",
        hint(name, existing)
    )]
    TimedOut {
        /// The name.
        name: String,
        /// How long this process waited.
        waited: Duration,
        /// The names that there are, if they are few.
        existing: Vec<String>,
    },
    /// There is a segment, but no process has it, and `live` asked for one that a process has.
    #[error(
        "{segment} is not live: no process has it open, so it is what ended processes have left; open it without `live`, or replace it with `creating().fresh()`"
    )]
    NotLive {
        /// The segment.
        segment: String,
    },
    /// The process that a token names is gone, or has closed the segment.
    #[error(
        "the token names a segment of process {pid}, which is gone or has closed it; take a token from a process that has it"
    )]
    Gone {
        /// The process id in the token.
        pid: u32,
    },
    /// The permission bits or the owner of the segment do not allow it.
    #[error("{segment}: {}", denied(segment, *writable))]
    PermissionDenied {
        /// The segment.
        segment: String,
        /// Whether writing was asked for.
        writable: bool,
    },
    /// The segment belongs to another user, and no option allows that.
    #[error(
        "{segment} belongs to user {uid}; to trust them, open it with `opening().foreign_owner()`"
    )]
    ForeignOwner {
        /// The segment.
        segment: String,
        /// The user id that it belongs to.
        uid: u32,
    },
    /// What has the name is not a segment, or it is a damaged one.
    #[error("{segment}: {reason}")]
    Header {
        /// The segment.
        segment: String,
        /// What is wrong.
        #[source]
        reason: HeaderError,
    },
    /// The segment holds a state of another definition.
    #[error(
        "{segment}{}: {}; rebuild both sides from one definition or choose another {}",
        other_type(found, expected),
        differences.join("; "),
        if *segment == label(None) { "token or key" } else { "name" }
    )]
    Mismatch {
        /// The segment.
        segment: String,
        /// The process that created it.
        creator: u32,
        /// The name of the struct that it holds; empty if that is not a struct.
        found: String,
        /// The name of the struct that was to be opened; empty if that is not a struct.
        expected: String,
        /// A sentence for each field that differs.
        differences: Vec<String>,
    },
    /// Another segment has the name that the token had: the token is stale.
    #[error(
        "{segment} is now another instance ({found:032x}, not {expected:032x}): the token is stale"
    )]
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
    #[error(
        "{segment} was created in another {kind} namespace, where process and thread ids mean others; open it as `ReadOnly`"
    )]
    Namespace {
        /// The segment.
        segment: String,
        /// `PID` or `time`.
        kind: &'static str,
    },
    /// The text is not a token.
    #[error("{token:?} is not a token of a segment: {reason}")]
    BadToken {
        /// The text.
        token: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// This process was not given a segment under that key.
    #[error(
        "no segment was shared with this process as `{key}`: {reason}; share it with `command.share({key:?}, &state)` before `spawn`"
    )]
    NotInherited {
        /// The key.
        key: String,
        /// What is missing.
        reason: &'static str,
    },
    /// An option was given that does not apply to the method that was called.
    #[error("the option `{option}` means nothing for `{verb}`; {remedy}")]
    UselessOption {
        /// The option.
        option: &'static str,
        /// The method.
        verb: &'static str,
        /// What to do instead.
        remedy: &'static str,
    },
    /// The system refused.
    #[error("{segment}: {source}")]
    System {
        /// The segment.
        segment: String,
        /// The call.
        source: SystemError,
    },
}

debug_as_display!(OpenError);

/// Help for somebody who gave a name that no segment has.
fn hint(name: &str, existing: &[String]) -> String {
    if name.starts_with("shmstate:") {
        "; that is a token: open it with `from_token`".to_owned()
    } else {
        others(existing)
    }
}

fn others(existing: &[String]) -> String {
    if existing.is_empty() {
        String::new()
    } else {
        format!("; existing ones: {}", existing.join(", ").escape_debug())
    }
}

/// Names both types, if each is a struct and they are called otherwise.
fn other_type(found: &str, expected: &str) -> String {
    if found.is_empty() || expected.is_empty() || found == expected {
        return String::new();
    }
    let article = |name: &str| {
        if name.starts_with(['A', 'E', 'I', 'O']) {
            "an"
        } else {
            "a"
        }
    };
    format!(
        " holds {} `{}`, not {} `{expected}`",
        article(found),
        found.escape_debug(),
        article(expected)
    )
}

fn denied(segment: &str, writable: bool) -> &'static str {
    match writable {
        true if segment == label(None) => {
            "it was shared to be read; open it as `ReadOnly`, or share a handle that can write"
        }
        true => {
            "permission to write denied; its creator can allow it with `creating().mode(…)`, or open it as `ReadOnly`"
        }
        false => "permission to read denied; its creator can allow it with `creating().mode(…)`",
    }
}

/// Why a segment's name could not be removed. It was left as it is.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum RemoveError {
    /// A segment cannot have this name.
    #[error("{0}")]
    Name(#[from] NameError),
    /// There is no segment of that name.
    #[error("no segment named `{name}`{}", others(existing))]
    NotFound {
        /// The name.
        name: String,
        /// The names that there are, if they are few.
        existing: Vec<String>,
    },
    /// What has the name is not a segment, so it was left alone.
    #[error(
        "`{name}` is not a segment of this library; if it is yours, remove /dev/shm/{name} by hand"
    )]
    Foreign {
        /// The name.
        name: String,
    },
    /// Only its owner may remove it.
    #[error("segment `{name}` belongs to another user, who alone may remove it")]
    PermissionDenied {
        /// The name.
        name: String,
    },
    /// Some process has it open or mapped, and only an unused one was to be removed:
    /// [`SegmentInfo::remove_unused`](crate::processes::SegmentInfo::remove_unused).
    #[error(
        "{segment} is in use; end the processes that have it, or remove its name all the same with `shmstate::remove`"
    )]
    InUse {
        /// The segment.
        segment: String,
    },
    /// The system refused.
    #[error("segment `{name}`: {source}")]
    System {
        /// The name.
        name: String,
        /// The call.
        source: SystemError,
    },
}

debug_as_display!(RemoveError);
