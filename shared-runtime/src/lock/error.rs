//! What can go wrong when a slot is changed, or waited for.

use std::time::Duration;

use crate::error::{SystemError, debug_as_display};
use crate::format::path::{Located, Location, subject};
use crate::format::{CapacityExceeded, Corrupt};
use crate::sys::owner::Unidentified;

/// Why a lock-guarded slot was not changed. It has the value that it had.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// Another thread, of this or another process, held the lock for all of the time given.
    #[error("{}", held(*holder, *waited, field, segment))]
    LockTimeout {
        /// The id of the holder's process; 0 if it could not be told (it has just released the lock).
        holder: u32,
        /// How long was waited: the limit that was given, 0 for those that do not wait.
        waited: Duration,
        /// The path of the field in its state; empty if the state is one slot, or if it is not known.
        field: String,
        /// What the segment is called in messages, such as ``segment `web` ``; empty if it is not known.
        segment: String,
    },
    /// The slot holds bytes that are not a value, so there is nothing to change. Setting a value heals it.
    #[error("{0}")]
    Corrupt(#[from] Corrupt),
    /// The new value does not fit: a text or list in it is too long.
    #[error("{0}")]
    CapacityExceeded(#[from] CapacityExceeded),
    /// This process is in another PID or time namespace than the one that it was forked from, so others
    /// could not tell whether it lives.
    #[error(
        "this process was forked into another PID or time namespace, where it cannot own a lock; it can read"
    )]
    Namespace,
    /// The system does not tell who this thread is: `/proc` is not mounted, or no descriptor is free.
    #[error("{0}")]
    System(#[source] SystemError),
}

fn held(holder: u32, waited: Duration, field: &str, segment: &str) -> String {
    let field = subject(field, segment, "field");
    let by = match holder {
        0 => format!("{field} was held by others"),
        pid if pid == std::process::id() => {
            format!("{field} is held by another thread of this process")
        }
        pid => format!("{field} is held by pid {pid}"),
    };
    if waited.is_zero() {
        return by;
    }
    format!("{by} for longer than {waited:?}")
}

debug_as_display!(UpdateError);

/// Why a lock-guarded slot was not changed, before the error names the field.
pub(crate) enum Unchanged {
    /// This thread holds the lock already: the caller panics.
    Reentrant,
    Because(UpdateError),
}

/// The message for a thread that asks for a lock which it holds already.
pub(crate) const REENTRANT: &str =
    "this thread already holds the lock: a slot cannot be changed from within its own `modify`";

impl From<Unidentified> for UpdateError {
    fn from(reason: Unidentified) -> Self {
        match reason {
            Unidentified::Namespace => UpdateError::Namespace,
            Unidentified::System(source) => {
                UpdateError::System(SystemError::when("tell who this thread is")(source))
            }
        }
    }
}

impl<E: Into<UpdateError>> From<E> for Unchanged {
    fn from(error: E) -> Self {
        Unchanged::Because(error.into())
    }
}

/// What was waited for did not happen in the time given.
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
#[error("{} did not become what was waited for within {waited:?}", subject(.path, .segment, "the field"))]
#[non_exhaustive]
pub struct TimedOut {
    /// How long was waited.
    pub waited: Duration,
    path: String,
    segment: String,
}

impl TimedOut {
    pub(crate) const fn after(waited: Duration) -> Self {
        TimedOut {
            waited,
            path: String::new(),
            segment: String::new(),
        }
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

impl Located for TimedOut {
    fn location(&mut self) -> Option<Location<'_>> {
        let TimedOut { path, segment, .. } = self;
        Some(Location { path, segment })
    }
}
