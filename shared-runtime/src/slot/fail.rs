//! What a verb does with an error: it names the field, and panics if the verb does not return a `Result`.
//!
//! Out of line and cold, so that callers contain only the code of the common case. Nothing here is called from a closure
//! in a verb: the message of a panic would then show the closure's place instead of the caller's.

use core::fmt;

use super::registry;
use crate::format::path::{Located, subject};
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::{REENTRANT, Unchanged, UpdateError};

/// A slot, as its errors need it: by its address the field is found.
#[derive(Clone, Copy)]
pub(super) struct ErrorSite {
    pub address: usize,
    pub shape: &'static Shape,
}

impl ErrorSite {
    /// Adds the field's name to an error, unless it has one already, as an error of a nested slot does.
    #[cold]
    #[inline(never)]
    pub(super) fn named<E: Located>(self, mut error: E) -> E {
        let location = error.location();
        if location.is_none_or(|location| !location.segment.is_empty()) {
            return error;
        }
        if let Some((segment, path)) = registry::find(self.address, self.shape) {
            error.prepend(&path);
            if let Some(location) = error.location() {
                *location.segment = segment;
            }
        }
        error
    }

    /// The error of a `try_` verb.
    ///
    /// # Panics
    ///
    /// If this thread holds the lock.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(super) fn update_error(self, why: Unchanged) -> UpdateError {
        let error = match why {
            Unchanged::Reentrant => self.panic_with(&REENTRANT),
            Unchanged::Because(error) => error,
        };
        self.named(error)
    }

    /// The error of a verb that returns only what does not fit; every other error is a panic.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(super) fn capacity_error(self, why: Unchanged) -> CapacityExceeded {
        match self.update_error(why) {
            UpdateError::CapacityExceeded(exceeded) => exceeded,
            error @ (UpdateError::Namespace | UpdateError::System(_)) => self.panic_with(&error),
            error => panic!("{error}"),
        }
    }

    /// Panics, in a verb that does not return a `Result`.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(super) fn panic_unchanged(self, why: Unchanged) -> ! {
        let exceeded = self.capacity_error(why);
        panic!("{exceeded}")
    }

    /// As `panic_unchanged`, for a read.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(super) fn panic_corrupt(self, corrupt: Corrupt) -> ! {
        panic!("{}", self.named(corrupt))
    }

    /// Panics with an error that has no room for a field's name: the message puts it in front.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(super) fn panic_with(self, error: &dyn fmt::Display) -> ! {
        match registry::find(self.address, self.shape) {
            Some((segment, path)) => panic!("{}: {error}", subject(&path, &segment, "")),
            None => panic!("{error}"),
        }
    }
}
