//! Waiting for a change that does not come.

use core::fmt;
use std::time::Duration;

/// What was waited for has not come about in the time given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the field did not become what was waited for within {:?}",
            self.waited
        )
    }
}

impl std::error::Error for TimedOut {}
