//! The slot of a value that changes as one.

#![allow(unsafe_code)]
#![allow(clippy::needless_pass_by_value)] // values are given away, as to a `Cell`

use core::fmt;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use std::time::Duration;

use super::Slot;
use super::transaction::{NOW, done, locked, whole};
use crate::access::{Access, Write};
use crate::format::Corrupt;
use crate::format::shape::Shape;
use crate::lock::Raw;
use crate::lock::{TimedOut, UpdateError};
use crate::plain::{Plain, as_image_mut, as_room, is_image, with_room};
use crate::slot::mode::Inline;

/// The slot of a value that changes from one whole value to the next, whoever writes, and whoever dies.
///
/// The slot of wide types (`u128`, `Option<T>`, tuples, `Duration`), of fields with `#[shared(lock)]` or
/// `#[shared(pod)]`, and of structs with `#[shared(lock)]`. A change takes the slot's lock, works on a
/// plain copy and commits it whole; a panic, or the death of the process at any instruction, leaves the
/// last committed value, and the lock of a dead holder is taken over. Readers take no lock and write
/// nothing.
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
// accessed atomically, holds no pointer and is not dropped; (3) the shape has the places that `Raw` names.
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

    fn try_snapshot(&self) -> Result<T, Corrupt> {
        self.try_get()
    }

    #[inline]
    fn try_snapshot_into(&self, out: &mut T) -> Result<(), Corrupt> {
        if !T::AS_IS {
            return self.read(|image| T::decode_into(image, out));
        }
        match self.raw.read_over::<A>(as_image_mut(out)) {
            Ok(()) => Ok(()),
            Err(_) => Err(Corrupt::unsettled()),
        }
    }
}

impl<T: Plain<M>, A: Access, M: 'static> Locked<T, A, M> {
    /// Calls `f` with a private copy of the current image.
    #[inline]
    pub(crate) fn read<R>(
        &self,
        f: impl FnOnce(&T::Image) -> Result<R, Corrupt>,
    ) -> Result<R, Corrupt> {
        with_room(|room| match self.raw.read::<A>(room) {
            Ok(image) => f(image),
            Err(_) => Err(Corrupt::unsettled()),
        })
    }

    /// Fills the room of a value that lies in memory as it does at rest: it is a value then, by `Plain`.
    #[inline]
    fn receive(&self, room: &mut MaybeUninit<T>) -> Result<(), Corrupt> {
        match self.raw.read::<A>(as_room(room)) {
            Ok(_) => Ok(()),
            Err(_) => Err(Corrupt::unsettled()),
        }
    }

    /// Reads the value.
    ///
    /// It passes over the stack; [`read_into`](Self::read_into) reads into a place of the caller's.
    ///
    /// # Panics
    ///
    /// If the slot holds bytes that are no value of `T`.
    #[inline]
    pub fn get(&self) -> T {
        // As `try_get`, without moving the value through a `Result`.
        if !T::AS_IS {
            return whole(self.try_get());
        }
        let mut value = MaybeUninit::uninit();
        if self.raw.read::<A>(as_room(&mut value)).is_err() {
            unsettled();
        }
        // SAFETY: the room for its image has been filled, which makes it a value, by `Plain`.
        unsafe { value.assume_init() }
    }

    /// Reads the value, if it is one.
    ///
    /// # Errors
    ///
    /// [`Corrupt`] if the slot holds bytes that are no value of `T`.
    #[inline]
    pub fn try_get(&self) -> Result<T, Corrupt> {
        if !T::AS_IS {
            return self.read(|image| T::decode(image));
        }
        let mut value = MaybeUninit::uninit();
        self.receive(&mut value)?;
        // SAFETY: it has been received.
        Ok(unsafe { value.assume_init() })
    }

    /// Reads the value into `out`, reusing what `out` has on the heap.
    ///
    /// # Panics
    ///
    /// If the slot holds bytes that are no value of `T`; `out` is then some mixture of old and new.
    #[inline]
    pub fn read_into(&self, out: &mut T) {
        if !T::AS_IS {
            return whole(self.try_snapshot_into(out));
        }
        if self.raw.read_over::<A>(as_image_mut(out)).is_err() {
            unsettled();
        }
    }

    /// The same as [`get`](Self::get), as every slot has it.
    ///
    /// # Panics
    ///
    /// As [`get`](Self::get).
    #[inline]
    pub fn snapshot(&self) -> T {
        self.get()
    }

    /// The same as [`try_get`](Self::try_get), as every slot has it.
    ///
    /// # Errors
    ///
    /// As [`try_get`](Self::try_get).
    #[inline]
    pub fn try_snapshot(&self) -> Result<T, Corrupt> {
        self.try_get()
    }

    /// How many changes have been committed, modulo 2^64. Storing the value with which a segment is
    /// created is the first.
    #[inline]
    pub fn version(&self) -> u64 {
        self.raw.version()
    }

    /// How many times the lock was taken over from a dead holder, modulo 2^32.
    #[inline]
    pub fn recoveries(&self) -> u64 {
        self.raw.recoveries()
    }
}

impl<T: Plain<M>, M: 'static> Locked<T, Write, M> {
    /// Writes the value.
    ///
    /// # Panics
    ///
    /// See the [type](Self#panics).
    #[inline]
    pub fn set(&self, value: T) {
        if is_image::<T, M>() {
            return locked(self.put(None, &value));
        }
        done(self.set_within(None, &value));
    }

    /// Writes the value and returns the one before it.
    ///
    /// # Panics
    ///
    /// See the [type](Self#panics). If the slot held bytes that are no value, the new value is written all
    /// the same.
    #[inline]
    pub fn replace(&self, value: T) -> T {
        let old = self.exchange(None, |image| Ok(value.encode(image)?), |old| T::decode(old));
        whole(done(old))
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
    #[inline]
    #[doc(alias = "update")]
    pub fn modify<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        if is_image::<T, M>() {
            return locked(self.rework(None, f));
        }
        done(self.modify_within(None, f))
    }

    /// As [`set`](Self::set), if nobody holds the lock now.
    ///
    /// # Errors
    ///
    /// [`UpdateError`], and the value is as before.
    #[inline]
    pub fn try_set(&self, value: T) -> Result<(), UpdateError> {
        self.set_within(NOW, &value)
    }

    /// As [`modify`](Self::modify), if nobody holds the lock now.
    ///
    /// # Errors
    ///
    /// [`UpdateError`], and the value is as before.
    ///
    /// # Panics
    ///
    /// If this thread holds the lock, and when `f` does.
    #[inline]
    pub fn try_modify<R>(&self, f: impl FnOnce(&mut T) -> R) -> Result<R, UpdateError> {
        self.modify_within(NOW, f)
    }

    /// As [`modify`](Self::modify), waiting up to `limit` for the lock.
    ///
    /// # Errors
    ///
    /// [`UpdateError`], and the value is as before.
    ///
    /// # Panics
    ///
    /// If this thread holds the lock, and when `f` does.
    #[inline]
    pub fn try_modify_for<R>(
        &self,
        limit: Duration,
        f: impl FnOnce(&mut T) -> R,
    ) -> Result<R, UpdateError> {
        self.modify_within(Some(limit), f)
    }

    /// Waits until the value satisfies `pred`, and returns it.
    ///
    /// `pred` sees the value now and at least once after each change, until it returns true (of changes that
    /// follow one another closely, only the last). Sleeps meanwhile; a notification that is lost with its
    /// writer is made up for within 100 ms.
    ///
    /// # Panics
    ///
    /// If the slot holds bytes that are no value of `T`, and when `pred` does.
    pub fn wait_until(&self, mut pred: impl FnMut(&T) -> bool) -> T {
        loop {
            if let Some(value) = self.raw.wait(None, || self.look(&mut pred)) {
                return whole(value);
            }
        }
    }

    /// As [`wait_until`](Self::wait_until), up to `limit`.
    ///
    /// # Errors
    ///
    /// [`TimedOut`].
    ///
    /// # Panics
    ///
    /// As [`wait_until`](Self::wait_until).
    pub fn wait_until_for(
        &self,
        limit: Duration,
        mut pred: impl FnMut(&T) -> bool,
    ) -> Result<T, TimedOut> {
        match self.raw.wait(Some(limit), || self.look(&mut pred)) {
            Some(value) => Ok(whole(value)),
            None => Err(TimedOut::after(limit)),
        }
    }

    pub(crate) fn look(&self, pred: &mut impl FnMut(&T) -> bool) -> Option<Result<T, Corrupt>> {
        match self.try_get() {
            Ok(value) => pred(&value).then_some(Ok(value)),
            // It changes too fast to be read: look again.
            Err(corrupt) if corrupt.is_unsettled() => None,
            Err(corrupt) => Some(Err(corrupt)),
        }
    }
}

/// Out of line, so that the callers' own code is that of the common case.
#[cold]
#[inline(never)]
fn unsettled() -> ! {
    Corrupt::unsettled().raise()
}

impl<T: Plain<M>, A: Access, M: 'static> fmt::Debug for Locked<T, A, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::slot::debug(self, f)
    }
}
