//! Removing a name.

use core::fmt;

use crate::error::SystemError;
use crate::error::debug_as_display;
use crate::sys::NameError;

/// Why a segment's name could not be removed. It was left as it is.
#[non_exhaustive]
pub enum RemoveError {
    /// The name cannot be a segment's.
    Name(NameError),
    /// There is no segment of that name.
    NotFound {
        /// The name.
        name: String,
    },
    /// What lies under the name is no segment, so it was left alone.
    Foreign {
        /// The name.
        name: String,
    },
    /// Only its owner may remove it.
    PermissionDenied {
        /// The name.
        name: String,
    },
    /// Some process has it open or mapped, and only an unused one was to be removed:
    /// [`SegmentInfo::remove_unused`](crate::processes::SegmentInfo::remove_unused).
    InUse {
        /// The segment.
        segment: String,
    },
    /// The system refused.
    System {
        /// The name.
        name: String,
        /// The call.
        source: SystemError,
    },
}

impl fmt::Display for RemoveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RemoveError::Name(error) => error.fmt(f),
            RemoveError::NotFound { name } => write!(f, "no segment named `{name}`"),
            RemoveError::Foreign { name } => write!(
                f,
                "`{name}` is not a segment of this library; if it is yours, remove /dev/shm/{name} by hand"
            ),
            RemoveError::PermissionDenied { name } => {
                write!(
                    f,
                    "segment `{name}` belongs to another user, who alone may remove it"
                )
            }
            RemoveError::InUse { segment } => write!(
                f,
                "{segment} is in use; end the processes that have it, or remove its name all the same with `shmstate::remove`"
            ),
            RemoveError::System { name, source } => write!(f, "segment `{name}`: {source}"),
        }
    }
}

debug_as_display!(RemoveError);

impl std::error::Error for RemoveError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            RemoveError::Name(source) => Some(source),
            RemoveError::System { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl From<NameError> for RemoveError {
    fn from(error: NameError) -> Self {
        RemoveError::Name(error)
    }
}
