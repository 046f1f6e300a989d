//! The slot of a value that changes as a whole, under a lock: lock, copy, work on the copy, commit, unlock.

#![allow(unsafe_code)]
#![allow(clippy::needless_pass_by_value)] // values are given away, as to a `Cell`

use core::fmt;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use std::time::Duration;

use super::base::{Slot, Writing, error_site, read_or_panic};
use super::field::Single;
use super::mode::{Inline, Lock};
use super::plain::{Plain, as_image, as_image_mut, as_room, is_image, with_room, with_zeros};
use crate::access::{Access, Write};
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::{Guard, Raw, Unchanged, UpdateError};

/// The slot of a value that changes from one whole value to the next, whichever process writes, and whichever dies.
///
/// The slot of wide types (`u128`, `Option<T>`, tuples, `Duration`), of fields with `#[shared(lock)]` or
/// `#[shared(pod)]`, and of structs with `#[shared(lock)]`. A change takes the slot's lock, works on a plain copy and
/// commits it whole; a panic, or the death of the process at any instruction, leaves the last committed value, and the
/// lock of a dead holder is taken over. Readers take no lock and write nothing.
///
/// # Blocking
///
/// Reading does not wait for writers. Calls that change the value wait while another *living* thread
/// holds the lock, the timed ones up to their limit. There is no fairness; two slots locked in opposite
/// orders by two threads are a deadlock, as with any lock. Writing needs `/proc`, to tell the dead.
///
/// # Panics
///
/// Where bytes can be invalid, the plain verbs panic on those that another program has left there; the
/// `try_` verbs return them as [`Corrupt`]. Changing a slot from within its own `modify` panics. So do the
/// plain verbs if a text or list within the value does not fit its capacity, if this process was forked
/// into another PID or time namespace, and if `/proc` cannot be read; the value stays as it was.
///
/// ```
/// # use shmstate::Shared;
/// let range = Shared::new((3_u64, 7_u64))?; // one `Locked<(u64, u64)>` in shared memory
/// range.modify(|range| range.1 += 10);
/// assert_eq!(range.get(), (3, 17));
/// # Ok::<(), shmstate::CreateError>(())
/// ```
#[repr(transparent)]
pub struct Locked<T: Plain<M>, A: Access = Write, M = Inline> {
    pub(crate) raw: Raw<T::Cell>,
    access: PhantomData<fn() -> (A, M)>,
}

// SAFETY: (1) the images are plain bytes, decoded with every check; the head is integers; (2) `Raw` is
// accessed atomically, holds no pointer and is not dropped; (3) the shape has the places that `Raw` names; (4) `put`
// writes to this slot only.
unsafe impl<T: Plain<M>, A: Access, M: 'static> Slot for Locked<T, A, M> {
    type Value = T;
    type Access = A;
    const SHAPE: &'static Shape = &Shape::locked(
        size_of::<Self>(),
        Raw::<T::Cell>::IMAGES,
        Raw::<T::Cell>::IMAGES_OFFSET,
        Raw::<T::Cell>::STRIDE,
        size_of::<T::Image>(),
        T::SHAPE,
    );

    #[inline]
    fn try_snapshot(&self) -> Result<T, Corrupt> {
        let read = self.read_value();
        read.map_err(|corrupt| error_site(self).named(corrupt))
    }

    #[inline]
    fn try_snapshot_into(&self, out: &mut T) -> Result<(), Corrupt> {
        let read = if T::AS_IS {
            let read = self.raw.read_over::<A>(as_image_mut(out));
            read.map_err(|_| Corrupt::unsettled())
        } else {
            self.read_image(|image| T::decode_into(image, out))
        };
        read.map_err(|corrupt| error_site(self).named(corrupt))
    }

    fn fits(value: &T) -> Result<(), CapacityExceeded> {
        value.fits()
    }

    #[track_caller]
    fn put(&self, value: T, _: Writing) {
        self.changed_or_panic(self.set_within(None, &value));
    }
}

/// A field in the mode `$field` has the slot that locks the value as a whole; the image is in the mode `$mode`.
macro_rules! locked {
    ([$($params:tt)*] $field:ty, $mode:ty, $ty:ty) => {
        impl<$($params)*> $crate::slot::field::Field<$field> for $ty {
            type Slot<A: $crate::Access> = $crate::slot::locked::Locked<$ty, A, $mode>;
        }
    };
}

/// A type whose only slot is a locked one.
macro_rules! whole {
    ([$($params:tt)*] $ty:ty) => {
        $crate::slot::locked::locked!([$($params)*] $crate::slot::mode::Inline, $crate::slot::mode::Inline, $ty);
        impl<$($params)*> $crate::slot::field::Single for $ty {}
        impl<$($params)*> $crate::SharedState for $ty {
            type Slots = $crate::slot::locked::Locked<$ty>;
        }
    };
}
pub(super) use {locked, whole};

locked!([T: Single] Lock<Inline>, Inline, T);

/// Reading.
impl<T: Plain<M>, A: Access, M: 'static> Locked<T, A, M> {
    /// Calls `f` with a private copy of the current image.
    #[inline]
    pub(super) fn read_image<R>(
        &self,
        f: impl FnOnce(&T::Image) -> Result<R, Corrupt>,
    ) -> Result<R, Corrupt> {
        with_room(|room| {
            let image = self.raw.read::<A>(room);
            f(image.map_err(|_| Corrupt::unsettled())?)
        })
    }

    /// The value; an error does not name the field yet.
    #[inline]
    fn read_value(&self) -> Result<T, Corrupt> {
        if !T::AS_IS {
            return self.read_image(|image| T::decode(image));
        }
        let mut value = MaybeUninit::uninit();
        match self.raw.read::<A>(as_room(&mut value)) {
            // SAFETY: the room for its image has been filled, which makes it a value, by `Plain`.
            Ok(_) => Ok(unsafe { value.assume_init() }),
            Err(_) => Err(Corrupt::unsettled()),
        }
    }

    /// As `read_value`, without moving it through a `Result`; panics in place of an error.
    #[inline]
    #[track_caller]
    pub(super) fn value_or_panic(&self) -> T {
        if !T::AS_IS {
            return read_or_panic(self, self.read_value());
        }
        let mut value = MaybeUninit::uninit();
        if self.raw.read::<A>(as_room(&mut value)).is_err() {
            self.unsettled();
        }
        // SAFETY: the room for its image has been filled, which makes it a value, by `Plain`.
        unsafe { value.assume_init() }
    }

    /// Out of line, so that callers contain only the code of the common case.
    #[cold]
    #[inline(never)]
    #[track_caller]
    fn unsettled(&self) -> ! {
        error_site(self).panic_corrupt(Corrupt::unsettled())
    }

    /// Reads the value into `out`, reusing what `out` has on the heap. With [`get`](Self::get) the value passes over the stack.
    ///
    /// # Panics
    ///
    /// If the slot holds bytes that are not a value of `T`; `out` is then some mixture of old and new.
    #[inline]
    #[track_caller]
    pub fn read_into(&self, out: &mut T) {
        if !T::AS_IS {
            return read_or_panic(self, self.try_snapshot_into(out));
        }
        if self.raw.read_over::<A>(as_image_mut(out)).is_err() {
            self.unsettled();
        }
    }
}

/// The limit of a verb that does not wait.
pub(super) const NOW: Option<Duration> = Some(Duration::ZERO);

/// Changing. All of it goes through [`under_lock`](Locked::under_lock). A value that is its image is worked on in place
/// of the copy of the image; any other is decoded from the image and encoded into it again.
///
/// The slot must be writable: the verbs exist for `Write` only, and `put` is called with the right to write.
impl<T: Plain<M>, A: Access, M: 'static> Locked<T, A, M> {
    /// Calls `body`, which is to commit, with the lock held.
    #[inline]
    fn under_lock<R>(
        &self,
        limit: Option<Duration>,
        body: impl FnOnce(Guard<&Raw<T::Cell>>) -> R,
    ) -> Result<R, Unchanged> {
        match self.raw.lock_if_free() {
            Some(guard) => Ok(body(guard)),
            None => self.under_contended_lock(limit, body),
        }
    }

    /// Out of line with its own copy of `body`, so that callers contain only the code of the common case.
    #[cold]
    #[inline(never)]
    fn under_contended_lock<R>(
        &self,
        limit: Option<Duration>,
        body: impl FnOnce(Guard<&Raw<T::Cell>>) -> R,
    ) -> Result<R, Unchanged> {
        Ok(body(self.raw.lock(limit)?))
    }

    #[inline]
    fn set_within(&self, limit: Option<Duration>, value: &T) -> Result<(), Unchanged> {
        if is_image::<T, M>() {
            return self.under_lock(limit, |guard| guard.commit(as_image(value)));
        }
        self.set_image(limit, |image| value.encode(image))
    }

    #[inline]
    pub(super) fn modify_within<R>(
        &self,
        limit: Option<Duration>,
        f: impl FnOnce(&mut T) -> R,
    ) -> Result<R, Unchanged> {
        if is_image::<T, M>() {
            return self.under_lock(limit, |guard| modify_in_place(guard, f));
        }
        self.modify_image(limit, |image| {
            let mut value = T::decode(image)?;
            let result = f(&mut value);
            value.encode(image)?;
            Ok(result)
        })
    }

    /// Commits an image, which is made before the lock is taken.
    #[inline]
    pub(super) fn set_image(
        &self,
        limit: Option<Duration>,
        encode: impl FnOnce(&mut T::Image) -> Result<(), CapacityExceeded>,
    ) -> Result<(), Unchanged> {
        with_zeros(|image| {
            encode(image)?;
            self.under_lock(limit, |guard| guard.commit(image))
        })
    }

    /// Calls `f` on a private copy of the current image, and commits the copy. After an error or a panic, nothing is
    /// committed.
    #[inline]
    pub(super) fn modify_image<R>(
        &self,
        limit: Option<Duration>,
        f: impl FnOnce(&mut T::Image) -> Result<R, Unchanged>,
    ) -> Result<R, Unchanged> {
        with_room(|room| {
            self.under_lock(limit, |guard| {
                let image = guard.load(room);
                let result = f(image)?;
                guard.commit(image);
                Ok(result)
            })?
        })
    }

    /// As `set_image`; the result is the value before, if there was one.
    #[inline]
    pub(super) fn replace_image(
        &self,
        encode: impl FnOnce(&mut T::Image) -> Result<(), CapacityExceeded>,
    ) -> Result<Result<T, Corrupt>, Unchanged> {
        // What does not fit is told without the lock, and nothing of the old value stays behind the new one.
        with_zeros(|image| {
            encode(image)?;
            with_room(|room| {
                self.under_lock(None, |guard| {
                    let old = guard.load(room);
                    guard.commit(image);
                    T::decode(old)
                })
            })
        })
    }

    /// The result of a change; panics in place of an error.
    #[inline]
    #[track_caller]
    pub(super) fn changed_or_panic<R>(&self, changed: Result<R, Unchanged>) -> R {
        match changed {
            Ok(result) => result,
            Err(why) => error_site(self).panic_unchanged(why),
        }
    }

    /// As `changed_or_panic`, for a `try_` verb, which returns the error.
    #[inline]
    #[track_caller]
    pub(super) fn or_update_error<R>(
        &self,
        changed: Result<R, Unchanged>,
    ) -> Result<R, UpdateError> {
        match changed {
            Ok(result) => Ok(result),
            Err(why) => Err(error_site(self).update_error(why)),
        }
    }

    /// As `changed_or_panic`, for a verb that returns the error if the value does not fit.
    #[inline]
    #[track_caller]
    pub(super) fn or_capacity_error<R>(
        &self,
        changed: Result<R, Unchanged>,
    ) -> Result<R, CapacityExceeded> {
        match changed {
            Ok(result) => Ok(result),
            Err(why) => Err(error_site(self).capacity_error(why)),
        }
    }
}

/// Calls `f` on a copy of the current image, which is the value, and commits it.
#[allow(clippy::inline_always)] // as `Raw::lock_if_free`
#[inline(always)]
fn modify_in_place<T: Plain<M>, M, R>(
    guard: Guard<&Raw<T::Cell>>,
    f: impl FnOnce(&mut T) -> R,
) -> R {
    with_room::<T, _>(|room| {
        guard.load(as_room(room));
        // SAFETY: the room for its image has been filled, which makes it a value, by `Plain`.
        let value = unsafe { room.assume_init_mut() };
        let result = f(value);
        guard.commit(as_image(value));
        result
    })
}

impl<T: Plain<M>, M: 'static> Locked<T, Write, M> {
    /// Writes the value. Panics as the [type](Self#panics) says.
    #[inline]
    #[track_caller]
    pub fn set(&self, value: T) {
        self.changed_or_panic(self.set_within(None, &value));
    }

    /// Writes the value and returns the one before it.
    ///
    /// # Panics
    ///
    /// See the [type](Self#panics). If the slot held bytes that are not a value, the new value is written all the same.
    #[inline]
    #[track_caller]
    pub fn replace(&self, value: T) -> T {
        let old = self.replace_image(|image| value.encode(image));
        read_or_panic(self, self.changed_or_panic(old))
    }

    /// Changes the value: `f` runs once, on a plain copy, which is committed whole when it returns.
    ///
    /// If `f` panics, nothing is committed. Every other thread that would change the slot waits meanwhile, so
    /// `f` should be short. A process forked within `f` commits nothing and must not use this slot before
    /// the parent is done.
    ///
    /// # Panics
    ///
    /// See the [type](Self#panics), and when `f` does.
    #[doc(alias = "update")]
    #[inline]
    #[track_caller]
    pub fn modify<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        self.changed_or_panic(self.modify_within(None, f))
    }

    /// As [`set`](Self::set), if nobody holds the lock now.
    ///
    /// # Errors
    ///
    /// [`UpdateError`], and the value is as before.
    ///
    /// # Panics
    ///
    /// If this thread holds the lock.
    #[inline]
    #[track_caller]
    pub fn try_set(&self, value: T) -> Result<(), UpdateError> {
        self.or_update_error(self.set_within(NOW, &value))
    }
}

impl<T: Plain<M>, A: Access, M: 'static> fmt::Debug for Locked<T, A, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::slot::base::debug(self, f)
    }
}
