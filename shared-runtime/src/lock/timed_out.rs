//! Waiting for a change that does not come.

use core::fmt;
use std::time::Duration;

use crate::format::path::{Located, Location, subject};

/// What was waited for has not come about in the time given.
#[derive(Clone, Debug, PartialEq, Eq)]
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

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = match (self.path.as_str(), self.segment.as_str()) {
            ("", "") => "the field".to_owned(),
            (path, segment) => subject(path, segment),
        };
        write!(
            f,
            "{field} did not become what was waited for within {:?}",
            self.waited
        )
    }
}

impl std::error::Error for TimedOut {}

impl Located for TimedOut {
    fn location(&mut self) -> Option<Location<'_>> {
        Some(Location {
            path: &mut self.path,
            segment: &mut self.segment,
        })
    }
}
