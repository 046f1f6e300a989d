//! The lock-free slot that can be waited for.

#![allow(unsafe_code)]

use core::fmt;
use core::marker::PhantomData;
use std::time::Duration;

use super::atomic::{corrupt, decode};
use super::transaction::whole;
use super::{BitOps, Number, Scalar, Slot};
use crate::access::{Access, Write};
use crate::format::Corrupt;
use crate::format::shape::Shape;
use crate::lock::Event;
use crate::lock::TimedOut;
use crate::sync::{Ordering, RawAtomic, Word};

/// The slot of a `#[shared(watch)]` field: an atomic whose every change wakes those who wait for it.
///
/// It has the verbs of [`Atomic`](super::Atomic), which are as free of locks, and
/// [`wait_until`](Self::wait_until): a process that waits sleeps, and costs nothing, until another one writes. There is
/// no way around the wake-up, so there is no `raw()`.
///
/// # Cost
///
/// With nobody waiting, a change is the instruction of the atomic and a load (on x86-64; elsewhere with a barrier
/// between them), and `set` is a locked instruction. With somebody waiting, a change also enters the kernel. Reading is
/// as an atomic's. The slot takes 8 bytes, or 16 for values of 8 bytes.
///
/// ```
/// use shmstate::{Shared, SharedState};
///
/// #[derive(SharedState, Default)]
/// struct Job {
///     #[shared(watch)]
///     step: u32,
/// }
///
/// let job = Shared::new(Job::default())?;
/// # let other = job.clone();
/// # let worker = std::thread::spawn(move || {
/// other.step.fetch_add(3); // in another process
/// # });
/// assert_eq!(job.step.wait_until(|step| *step >= 3), 3);
/// # worker.join().unwrap();
/// # Ok::<(), shmstate::CreateError>(())
/// ```
#[repr(C)]
pub struct Watched<T: Scalar, A: Access = Write> {
    pub(crate) raw: T::Raw,
    pub(crate) event: Event,
    access: PhantomData<A>,
}

// SAFETY: (1) the only bytes are those of two integer atomics and padding that nobody reads; any bytes are a value, and
// every read goes through `decode`; (2) they are accessed atomically, are no pointers and have no drop; (3) the shape
// has the place that `repr(C)` gives the event.
unsafe impl<T: Scalar, A: Access> Slot for Watched<T, A> {
    type Value = T;
    type Access = A;
    const SHAPE: &'static Shape = &Shape::watched(
        T::SHAPE,
        size_of::<Self>(),
        core::mem::offset_of!(Self, event),
    );

    fn try_snapshot(&self) -> Result<T, Corrupt> {
        self.try_get()
    }
}

impl<T: Scalar, A: Access> Watched<T, A> {
    /// Reads the value.
    ///
    /// # Panics
    ///
    /// If the slot holds bytes that are no value of `T`.
    #[inline]
    pub fn get(&self) -> T {
        decode(self.raw.load_as::<A>())
    }

    /// Reads the value, if it is one.
    ///
    /// # Errors
    ///
    /// [`Corrupt`] if the slot holds bytes that are no value of `T`.
    #[inline]
    pub fn try_get(&self) -> Result<T, Corrupt> {
        let bits = self.raw.load_as::<A>();
        T::from_bits(bits).ok_or_else(|| corrupt::<T>(bits))
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
}

impl<T: Scalar> Watched<T> {
    /// What `write` has found, after those who wait for a change have been woken.
    ///
    /// `write` is a sequentially consistent read-modify-write, as all of them are: the event
    /// asks for a full barrier behind it.
    #[inline]
    fn notified<R>(&self, write: impl FnOnce(&T::Raw) -> R) -> R {
        let found = write(&self.raw);
        self.event.notify();
        found
    }

    /// Writes the value.
    #[inline]
    pub fn set(&self, value: T) {
        self.notified(|raw| raw.swap_bits(value.into_bits()));
    }

    /// Writes the value and returns the one before it.
    ///
    /// # Panics
    ///
    /// If the slot held bytes that are no value of `T`; the new value is written all the same.
    #[inline]
    pub fn replace(&self, value: T) -> T {
        decode(self.notified(|raw| raw.swap_bits(value.into_bits())))
    }

    /// Changes the value by `f` and returns the one before it, as the `update` of `std`'s atomics.
    ///
    /// `f` runs again when another write came in between, so it should have no effect of its own.
    /// Lock-free: one of several concurrent updates always succeeds.
    ///
    /// # Panics
    ///
    /// If the slot holds bytes that are no value of `T`, and when `f` does; nothing is written then.
    #[inline]
    #[doc(alias = "modify")]
    pub fn update(&self, mut f: impl FnMut(T) -> T) -> T {
        let previous = self.notified(|raw| {
            let mut old = raw.load_as::<Write>();
            loop {
                let new = f(decode::<T>(old)).into_bits();
                match raw.exchange_weak(old, new) {
                    Ok(previous) => return previous,
                    Err(now) => old = now,
                }
            }
        });
        decode(previous)
    }

    /// Writes `new` if the value is `current`. Floats are compared by their bits.
    ///
    /// # Errors
    ///
    /// The value found, if it is not `current`; nobody is woken.
    ///
    /// # Panics
    ///
    /// If the slot holds bytes that are no value of `T`.
    #[inline]
    pub fn compare_exchange(&self, current: T, new: T) -> Result<T, T> {
        match self.raw.exchange(current.into_bits(), new.into_bits()) {
            Ok(previous) => {
                self.event.notify();
                Ok(decode(previous))
            }
            Err(found) => Err(decode(found)),
        }
    }

    /// Waits until the value satisfies `pred`, and returns it.
    ///
    /// `pred` sees the value now and at least once after each change, until it returns true (of changes that
    /// follow one another closely, only the last). Spins for some 50 µs, then sleeps; whoever changes the value wakes
    /// it. A notification that is lost with its writer is made up for within 100 ms.
    ///
    /// # Panics
    ///
    /// If the slot holds bytes that are no value of `T`, and when `pred` does.
    pub fn wait_until(&self, mut pred: impl FnMut(&T) -> bool) -> T {
        loop {
            if let Some(value) = self.event.wait(None, || self.look(&mut pred)) {
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
        match self.event.wait(Some(limit), || self.look(&mut pred)) {
            Some(value) => Ok(whole(value)),
            None => Err(TimedOut::after(limit)),
        }
    }

    #[inline]
    pub(crate) fn look(&self, pred: &mut impl FnMut(&T) -> bool) -> Option<Result<T, Corrupt>> {
        match self.try_get() {
            Ok(value) => pred(&value).then_some(Ok(value)),
            Err(corrupt) => Some(Err(corrupt)),
        }
    }
}

impl<T: Number> Watched<T> {
    /// Adds `value` and returns the value before. Integers wrap around; floats are added in a
    /// compare-exchange loop, which may retry.
    #[inline]
    pub fn fetch_add(&self, value: T) -> T {
        decode(self.notified(|raw| T::add(raw, value)))
    }

    /// Subtracts `value` and returns the value before; otherwise as [`fetch_add`](Self::fetch_add).
    #[inline]
    pub fn fetch_sub(&self, value: T) -> T {
        decode(self.notified(|raw| T::sub(raw, value)))
    }

    /// Keeps the larger of the two and returns the value before. A float that is `NaN` gives way to
    /// one that is not.
    #[inline]
    pub fn fetch_max(&self, value: T) -> T {
        decode(self.notified(|raw| T::max(raw, value)))
    }

    /// Keeps the smaller of the two and returns the value before. A float that is `NaN` gives way to
    /// one that is not.
    #[inline]
    pub fn fetch_min(&self, value: T) -> T {
        decode(self.notified(|raw| T::min(raw, value)))
    }
}

impl<T: BitOps> Watched<T> {
    /// Bitwise (for `bool`: logical) and; returns the value before.
    ///
    /// # Panics
    ///
    /// If a `bool` slot holds a byte other than 0 and 1. The same goes for the other two.
    #[inline]
    pub fn fetch_and(&self, value: T) -> T {
        decode(self.notified(|raw| raw.fetch_and(value.into_bits(), Ordering::SeqCst)))
    }

    /// Bitwise (for `bool`: logical) or; returns the value before.
    ///
    /// # Panics
    ///
    /// As [`fetch_and`](Self::fetch_and).
    #[inline]
    pub fn fetch_or(&self, value: T) -> T {
        decode(self.notified(|raw| raw.fetch_or(value.into_bits(), Ordering::SeqCst)))
    }

    /// Bitwise (for `bool`: logical) exclusive or; returns the value before.
    ///
    /// # Panics
    ///
    /// As [`fetch_and`](Self::fetch_and).
    #[inline]
    pub fn fetch_xor(&self, value: T) -> T {
        decode(self.notified(|raw| raw.fetch_xor(value.into_bits(), Ordering::SeqCst)))
    }
}

impl<T: Scalar, A: Access> fmt::Debug for Watched<T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::slot::debug(self, f)
    }
}
