//! What can go wrong when a slot is changed, or waited for.

use std::time::Duration;

use crate::error::{SystemError, debug_as_display};
use crate::format::{CapacityExceeded, Corrupt};
use crate::sys::owner::Unidentified;

/// Why a lock-guarded slot was not changed. It has the value that it had.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// Another thread, of this or another process, held the lock for all of the time given.
    #[error("{}", held(*holder, *waited))]
    LockTimeout {
        /// The id of the holder's process; 0 if it could not be told (it has just released the lock).
        holder: u32,
        /// How long was waited: the limit that was given, 0 for those that do not wait.
        waited: Duration,
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

fn held(holder: u32, waited: Duration) -> String {
    let by = match holder {
        0 => "field was held by others".to_owned(),
        pid => format!("field is held by pid {pid}"),
    };
    if waited.is_zero() {
        return by;
    }
    format!("{by} for longer than {waited:?}")
}

debug_as_display!(UpdateError);

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

/// What was waited for has not come about in the time given.
#[derive(thiserror::Error, Clone, Copy, Debug, PartialEq, Eq)]
#[error("the field did not become what was waited for within {waited:?}")]
#[non_exhaustive]
pub struct TimedOut {
    /// How long was waited.
    pub waited: Duration,
}

impl TimedOut {
    pub(crate) const fn after(waited: Duration) -> Self {
        TimedOut { waited }
    }
}
