//! Changing a lock-guarded slot: lock, copy, work on the copy, commit, unlock.

#![allow(unsafe_code)]

use std::time::Duration;

use super::locked::Locked;
use super::raw::{Guard, LockError, Raw};
use crate::access::Write;
use crate::error::{Corrupt, SystemError, UpdateError};
use crate::plain::{Plain, as_image, as_room, is_image, with_room, with_zeros};
use crate::sys::owner;

impl<T: Plain<M>, M: 'static> Locked<T, Write, M> {
    #[inline]
    pub(super) fn set_within(&self, limit: Option<Duration>, value: &T) -> Result<(), UpdateError> {
        if is_image::<T, M>() {
            self.lock(limit)?.commit(as_image(value));
            return Ok(());
        }
        self.store(limit, |image| Ok(value.encode(image)?))
    }

    #[inline]
    pub(super) fn update_within<R>(
        &self,
        limit: Option<Duration>,
        f: impl FnOnce(&mut T) -> R,
    ) -> Result<R, UpdateError> {
        if !is_image::<T, M>() {
            return self.change(limit, |image| {
                let mut value = T::decode(image)?;
                let result = f(&mut value);
                value.encode(image)?;
                Ok(result)
            });
        }
        with_room::<T, _>(|room| {
            let guard = self.lock(limit)?;
            guard.load(as_room(room));
            // SAFETY: the room for its image has been filled, which makes it a value, by `Plain`.
            let value = unsafe { room.assume_init_mut() };
            let result = f(value);
            guard.commit(as_image(value));
            Ok(result)
        })
    }

    /// Under the lock, calls `f` with a private copy of the current image, and commits what it has made of
    /// that. After an error, or a panic, nothing is committed.
    #[inline]
    pub(super) fn change<R>(
        &self,
        limit: Option<Duration>,
        f: impl FnOnce(&mut T::Image) -> Result<R, UpdateError>,
    ) -> Result<R, UpdateError> {
        with_room(|room| {
            let guard = self.lock(limit)?;
            let image = guard.load(room);
            let result = f(image)?;
            guard.commit(image);
            Ok(result)
        })
    }

    /// Commits an image that is made before the lock is taken.
    #[inline]
    pub(super) fn store(
        &self,
        limit: Option<Duration>,
        encode: impl FnOnce(&mut T::Image) -> Result<(), UpdateError>,
    ) -> Result<(), UpdateError> {
        with_zeros(|image| {
            encode(image)?;
            self.lock(limit)?.commit(image);
            Ok(())
        })
    }

    /// As `store`; `decode` makes the result of the image before.
    #[inline]
    pub(super) fn exchange<R>(
        &self,
        limit: Option<Duration>,
        encode: impl FnOnce(&mut T::Image) -> Result<(), UpdateError>,
        decode: impl FnOnce(&T::Image) -> R,
    ) -> Result<R, UpdateError> {
        with_zeros(|image| {
            encode(image)?;
            with_room(|room| {
                let guard = self.lock(limit)?;
                let old = guard.load(room);
                guard.commit(image);
                Ok(decode(old))
            })
        })
    }

    #[inline]
    fn lock(&self, limit: Option<Duration>) -> Result<Guard<&Raw<T::Cell>>, UpdateError> {
        self.raw
            .lock(limit)
            .map_err(|error| not_locked(error, limit))
    }
}

/// The limit of those who do not wait.
pub(super) const NOW: Option<Duration> = Some(Duration::ZERO);

#[cold]
pub(crate) fn not_locked(error: LockError, limit: Option<Duration>) -> UpdateError {
    match error {
        LockError::Timeout { word, waited } => UpdateError::LockTimeout {
            holder: owner::process_of(word),
            waited: limit.unwrap_or(waited),
        },
        LockError::Reentrant => panic!(
            "this thread already holds the lock: a slot cannot be changed from within its own `update`"
        ),
        LockError::Namespace => UpdateError::Namespace,
        LockError::System(source) => {
            UpdateError::System(SystemError::when("tell who this thread is")(source))
        }
    }
}

/// What a plain verb does with what its `try_` form returns.
#[inline]
pub(super) fn done<R>(result: Result<R, UpdateError>) -> R {
    match result {
        Ok(result) => result,
        Err(error) => failed(&error),
    }
}

/// As [`done`], of a read.
#[inline]
pub(super) fn whole<R>(result: Result<R, Corrupt>) -> R {
    match result {
        Ok(result) => result,
        Err(corrupt) => corrupt.raise(),
    }
}

#[cold]
pub(super) fn failed(error: &UpdateError) -> ! {
    panic!("{error}")
}
