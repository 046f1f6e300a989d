//! Creating a segment.

use core::fmt;

use crate::error::SystemError;
use crate::error::debug_as_display;
use crate::format::{CapacityExceeded, Corrupt};
use crate::segment::OpenError;
use crate::sys::NameError;

/// Why a segment could not be created. Nothing is left behind.
#[non_exhaustive]
pub enum CreateError {
    /// The name cannot be a segment's.
    Name(NameError),
    /// There is a segment, or another file, of that name; it was left as it is.
    AlreadyExists {
        /// The name.
        name: String,
    },
    /// The memory for it cannot be had: `/dev/shm` is full, or smaller than the segment.
    NoSpace {
        /// The segment.
        segment: String,
        /// The bytes needed.
        needed: u64,
    },
    /// It would be larger than an address space.
    TooLarge {
        /// The segment.
        segment: String,
    },
    /// The initialiser left bytes in a field that are no value of its type.
    Invalid {
        /// The segment.
        segment: String,
        /// The field, and what it holds.
        source: Corrupt,
    },
    /// A text or list of the value is longer than the capacity of its field.
    CapacityExceeded {
        /// The segment.
        segment: String,
        /// The field, and what it holds.
        source: CapacityExceeded,
    },
    /// This is a process that was forked inside the initialiser; only its parent publishes.
    Forked {
        /// The segment.
        segment: String,
    },
    /// `open_or_create` found a segment of that name, and could not open it.
    Open(OpenError),
    /// The system refused.
    System {
        /// The segment.
        segment: String,
        /// The call.
        source: SystemError,
    },
}

impl fmt::Display for CreateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CreateError::Name(error) => error.fmt(f),
            CreateError::AlreadyExists { name } => write!(
                f,
                "segment `{name}` exists already; open it, remove it with `shmstate::remove`, or have it replaced with `options().replace_stale(true)`, which is done only while no process has it (`shmstate::segments` tells who does)"
            ),
            CreateError::NoSpace { segment, needed } => write!(
                f,
                "{segment}: no room for {needed} bytes of shared memory; free some (see `df /dev/shm`) or make the state smaller"
            ),
            CreateError::TooLarge { segment } => {
                write!(f, "{segment} would be larger than an address space")
            }
            CreateError::Invalid { segment, source } => write!(
                f,
                "{segment}: the initialiser left it without a value: {source}"
            ),
            CreateError::CapacityExceeded { segment, source } => write!(f, "{segment}: {source}"),
            CreateError::Forked { segment } => write!(
                f,
                "{segment} is created by the parent of this process, which was forked in the initialiser"
            ),
            CreateError::Open(error) => error.fmt(f),
            CreateError::System { segment, source } => write!(f, "{segment}: {source}"),
        }
    }
}

debug_as_display!(CreateError);

impl std::error::Error for CreateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            CreateError::Name(source) => Some(source),
            CreateError::Invalid { source, .. } => Some(source),
            CreateError::CapacityExceeded { source, .. } => Some(source),
            CreateError::Open(source) => source.source(),
            CreateError::System { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl From<NameError> for CreateError {
    fn from(error: NameError) -> Self {
        CreateError::Name(error)
    }
}
