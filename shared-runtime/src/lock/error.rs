//! Changing a lock-guarded slot.

use core::fmt;

use crate::error::debug_as_display;
use std::time::Duration;

use crate::error::SystemError;
use crate::format::path::{Located, Location, subject};
use crate::format::{CapacityExceeded, Corrupt};

/// Why a lock-guarded slot was not changed. It has the value that it had.
#[non_exhaustive]
pub enum UpdateError {
    /// Another thread, of this or another process, held the lock for all of the time given.
    LockTimeout {
        /// The id of the holder's process; 0 if it could not be told (it has just released the lock).
        holder: u32,
        /// How long was waited: the limit that was given, 0 for those that do not wait.
        waited: Duration,
        /// The path of the field in its state; empty if the state is one slot, or the path is not known.
        field: String,
        /// What the segment is called in messages, such as ``segment `web` ``; empty if it is not known.
        segment: String,
    },
    /// The slot holds bytes that are no value, so there is nothing to change. Setting a value heals it.
    Corrupt(Corrupt),
    /// The new value does not fit: a text or list in it is too long.
    CapacityExceeded(CapacityExceeded),
    /// This process is in another PID or time namespace than the one that it was forked from, so others
    /// could not tell whether it lives.
    Namespace,
    /// The system does not tell who this thread is: `/proc` is not mounted, or no descriptor is free.
    System(SystemError),
}

impl fmt::Display for UpdateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UpdateError::LockTimeout {
                holder,
                waited,
                field,
                segment,
            } => {
                match (field.as_str(), segment.as_str()) {
                    ("", "") => f.write_str("field")?,
                    (field, segment) => f.write_str(&subject(field, segment))?,
                }
                match holder {
                    0 => f.write_str(" was held by others"),
                    pid => write!(f, " is held by pid {pid}"),
                }?;
                if waited.is_zero() {
                    return Ok(());
                }
                write!(f, " for longer than {waited:?}")
            }
            UpdateError::Corrupt(error) => error.fmt(f),
            UpdateError::CapacityExceeded(error) => error.fmt(f),
            UpdateError::Namespace => f.write_str(
                "this process was forked into another PID or time namespace, where it cannot own a lock; it can read",
            ),
            UpdateError::System(error) => error.fmt(f),
        }
    }
}

debug_as_display!(UpdateError);

impl std::error::Error for UpdateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            UpdateError::Corrupt(source) => Some(source),
            UpdateError::CapacityExceeded(source) => Some(source),
            UpdateError::System(source) => Some(source),
            UpdateError::LockTimeout { .. } | UpdateError::Namespace => None,
        }
    }
}

impl From<Corrupt> for UpdateError {
    fn from(error: Corrupt) -> Self {
        UpdateError::Corrupt(error)
    }
}

impl From<CapacityExceeded> for UpdateError {
    fn from(error: CapacityExceeded) -> Self {
        UpdateError::CapacityExceeded(error)
    }
}

impl Located for UpdateError {
    fn location(&mut self) -> Option<Location<'_>> {
        match self {
            UpdateError::LockTimeout { field, segment, .. } => Some(Location {
                path: field,
                segment,
            }),
            UpdateError::Corrupt(error) => error.location(),
            UpdateError::CapacityExceeded(error) => error.location(),
            UpdateError::Namespace | UpdateError::System(_) => None,
        }
    }
}
