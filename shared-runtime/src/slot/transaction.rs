//! Changing a lock-guarded slot: lock, copy, work on the copy, commit, unlock.

#![allow(unsafe_code)]

use std::time::Duration;

use super::locked::Locked;
use crate::access::Write;
use crate::format::Corrupt;
use crate::lock::UpdateError;
use crate::lock::{Guard, Raw};
use crate::plain::{Plain, as_image, as_room, is_image, with_room, with_zeros};

impl<T: Plain<M>, M: 'static> Locked<T, Write, M> {
    #[inline]
    pub(crate) fn set_within(&self, limit: Option<Duration>, value: &T) -> Result<(), UpdateError> {
        if is_image::<T, M>() {
            return self.put(limit, value);
        }
        self.store(limit, |image| Ok(value.encode(image)?))
    }

    #[inline]
    pub(crate) fn modify_within<R>(
        &self,
        limit: Option<Duration>,
        f: impl FnOnce(&mut T) -> R,
    ) -> Result<R, UpdateError> {
        if is_image::<T, M>() {
            return self.rework(limit, f);
        }
        self.change(limit, |image| {
            let mut value = T::decode(image)?;
            let result = f(&mut value);
            value.encode(image)?;
            Ok(result)
        })
    }

    /// `set` of a value that is its image.
    #[inline]
    pub(crate) fn put(&self, limit: Option<Duration>, value: &T) -> Result<(), UpdateError> {
        match self.raw.lock_if_free() {
            Some(guard) => {
                guard.commit(as_image(value));
                Ok(())
            }
            None => self.put_slowly(limit, value),
        }
    }

    /// As `put`. Out of line, so that the callers' own code is that of the common case, as the other cold functions
    /// here.
    #[cold]
    #[inline(never)]
    fn put_slowly(&self, limit: Option<Duration>, value: &T) -> Result<(), UpdateError> {
        self.raw.lock(limit)?.commit(as_image(value));
        Ok(())
    }

    /// `modify` of a value that is its image.
    #[inline]
    pub(crate) fn rework<R>(
        &self,
        limit: Option<Duration>,
        f: impl FnOnce(&mut T) -> R,
    ) -> Result<R, UpdateError> {
        match self.raw.lock_if_free() {
            Some(guard) => Ok(rework(guard, f)),
            None => self.rework_slowly(limit, f),
        }
    }

    #[cold]
    #[inline(never)]
    fn rework_slowly<R>(
        &self,
        limit: Option<Duration>,
        f: impl FnOnce(&mut T) -> R,
    ) -> Result<R, UpdateError> {
        Ok(rework(self.raw.lock(limit)?, f))
    }

    /// Under the lock, calls `f` with a private copy of the current image, and commits what it has made of
    /// that. After an error, or a panic, nothing is committed.
    #[inline]
    pub(crate) fn change<R>(
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
    pub(crate) fn store(
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
    pub(crate) fn exchange<R>(
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
        match self.raw.lock_if_free() {
            Some(guard) => Ok(guard),
            None => self.raw.lock(limit),
        }
    }
}

/// Has `f` work on a copy of the current image, which is the value, and commits it.
#[allow(clippy::inline_always)] // as `Raw::lock_if_free`
#[inline(always)]
fn rework<T: Plain<M>, M, R>(guard: Guard<&Raw<T::Cell>>, f: impl FnOnce(&mut T) -> R) -> R {
    with_room::<T, _>(|room| {
        guard.load(as_room(room));
        // SAFETY: the room for its image has been filled, which makes it a value, by `Plain`.
        let value = unsafe { room.assume_init_mut() };
        let result = f(value);
        guard.commit(as_image(value));
        result
    })
}

/// The limit of those who do not wait.
pub(crate) const NOW: Option<Duration> = Some(Duration::ZERO);

/// What a plain verb does with what its `try_` form returns.
#[inline]
pub(crate) fn done<R>(result: Result<R, UpdateError>) -> R {
    match result {
        Ok(result) => result,
        Err(error) => failed(&error),
    }
}

/// As [`done`], of what does not fail once the lock is there.
#[inline]
pub(crate) fn locked<R>(result: Result<R, UpdateError>) -> R {
    match result {
        Ok(result) => result,
        Err(error) => refused(&error),
    }
}

/// Out of line, so that the callers' own code is that of the common case.
#[cold]
#[inline(never)]
fn refused(error: &UpdateError) -> ! {
    failed(error)
}

/// As [`done`], of a read.
#[inline]
pub(crate) fn whole<R>(result: Result<R, Corrupt>) -> R {
    match result {
        Ok(result) => result,
        Err(corrupt) => corrupt.raise(),
    }
}

#[cold]
pub(crate) fn failed(error: &UpdateError) -> ! {
    panic!("{error}")
}
