//! The lock-free slot.

#![allow(unsafe_code)]

use core::fmt;
use core::marker::PhantomData;
use std::time::Duration;

use super::{BitOps, Number, Scalar, Slot};
use crate::access::{Access, Write};
use crate::format::Corrupt;
use crate::format::shape::Shape;
use crate::lock::TimedOut;
use crate::sync::{Ordering, RawAtomic, Word};

pub(super) type Bits<T> = <<T as Scalar>::Raw as Word>::Bits;

/// The slot of a value that fits one lock-free atomic.
///
/// Every method is wait-free or lock-free and compiles to the instruction of the `std` atomic
/// beneath; none allocates or enters the kernel. Loads acquire, stores release, read-modify-writes do
/// both: whoever reads a value also sees what its writer wrote before. Use [`raw`](Self::raw) for
/// another ordering.
///
/// Types of which not all bytes are values (`bool`, `char`, `NonZero*`, enums) are checked at each
/// read, because any process that has the segment may have written there. A method that returns `T`
/// panics on an invalid value, naming the kind and what it found; [`try_get`](Self::try_get) does
/// not. Writing a valid value heals the slot.
///
/// ```
/// # use shmstate::Shared;
/// let count = Shared::new(40_u64)?; // one `Atomic<u64>` in shared memory
/// assert_eq!(count.fetch_add(2), 40);
/// assert_eq!(count.get(), 42);
/// # Ok::<(), shmstate::CreateError>(())
/// ```
#[repr(transparent)]
pub struct Atomic<T: Scalar, A: Access = Write> {
    raw: T::Raw,
    access: PhantomData<A>,
}

// SAFETY: (1) the only bytes are those of a `std` integer atomic, of which any bytes are a value, and
// every read goes through `decode`; (2) an integer atomic is accessed atomically, is no pointer and
// has no drop; (3) `T::SHAPE` has the size of the integer, as the assertion there makes sure.
unsafe impl<T: Scalar, A: Access> Slot for Atomic<T, A> {
    type Value = T;
    type Access = A;
    const SHAPE: &'static Shape = {
        assert!(
            T::SHAPE.size() == size_of::<Self>(),
            "a scalar's shape has the size of its atomic"
        );
        T::SHAPE
    };

    fn try_snapshot(&self) -> Result<T, Corrupt> {
        self.try_get()
    }
}

#[inline]
pub(super) fn decode<T: Scalar>(bits: Bits<T>) -> T {
    match T::from_bits(bits) {
        Some(value) => value,
        None => invalid::<T>(bits),
    }
}

// Out of line: the error needs room on the stack, which would be made at each call that checks.
#[cold]
#[inline(never)]
fn invalid<T: Scalar>(bits: Bits<T>) -> ! {
    corrupt::<T>(bits).raise()
}

#[cold]
pub(super) fn corrupt<T: Scalar>(bits: Bits<T>) -> Corrupt {
    Corrupt::scalar(T::SHAPE, <T::Raw as RawAtomic>::widen(bits))
}

impl<T: Scalar, A: Access> Atomic<T, A> {
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

impl<T: Scalar> Atomic<T> {
    /// Writes the value.
    #[inline]
    pub fn set(&self, value: T) {
        self.raw.store_release(value.into_bits());
    }

    /// Writes the value and returns the one before it.
    ///
    /// # Panics
    ///
    /// If the slot held bytes that are no value of `T`; the new value is written all the same.
    #[inline]
    pub fn replace(&self, value: T) -> T {
        decode(self.raw.swap_bits(value.into_bits()))
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
        let mut old = self.raw.load_as::<Write>();
        loop {
            let new = f(decode::<T>(old)).into_bits();
            match self.raw.exchange_weak(old, new) {
                Ok(previous) => return decode(previous),
                Err(now) => old = now,
            }
        }
    }

    /// Writes `new` if the value is `current`. Floats are compared by their bits.
    ///
    /// # Errors
    ///
    /// The value found, if it is not `current`.
    ///
    /// # Panics
    ///
    /// If the slot holds bytes that are no value of `T`.
    #[inline]
    pub fn compare_exchange(&self, current: T, new: T) -> Result<T, T> {
        match self.raw.exchange(current.into_bits(), new.into_bits()) {
            Ok(previous) => Ok(decode(previous)),
            Err(found) => Err(decode(found)),
        }
    }

    /// The `std` atomic beneath, for an ordering of your own.
    ///
    /// `bool` and enums are stored in an unsigned or signed integer atomic, floats as their bits,
    /// `char` as its code point. Bits that are no value of `T` make the next read panic.
    #[inline]
    pub fn raw(&self) -> &T::Raw {
        &self.raw
    }
}

/// What cannot be done with an atomic, so that the compiler says what to do instead.
#[diagnostic::on_unimplemented(
    message = "this field cannot be waited for: its slot is a plain `Atomic`",
    label = "a plain `Atomic` wakes nobody",
    note = "put `#[shared(watch)]` on the field: its slot is then a `Watched`, which has `wait_until`"
)]
#[doc(hidden)]
pub trait Wakes {}

impl<T: Scalar, A: Access> Atomic<T, A> {
    #[doc(hidden)]
    pub fn wait_until(&self, _: impl FnMut(&T) -> bool) -> T
    where
        Self: Wakes,
    {
        self.get()
    }

    #[doc(hidden)]
    pub fn wait_until_for(&self, _: Duration, _: impl FnMut(&T) -> bool) -> Result<T, TimedOut>
    where
        Self: Wakes,
    {
        Ok(self.get())
    }
}

impl<T: Number> Atomic<T> {
    /// Adds `value` and returns the value before. Integers wrap around; floats are added in a
    /// compare-exchange loop, which may retry.
    #[inline]
    pub fn fetch_add(&self, value: T) -> T {
        decode(T::add(&self.raw, value))
    }

    /// Subtracts `value` and returns the value before; otherwise as [`fetch_add`](Self::fetch_add).
    #[inline]
    pub fn fetch_sub(&self, value: T) -> T {
        decode(T::sub(&self.raw, value))
    }

    /// Keeps the larger of the two and returns the value before. A float that is `NaN` gives way to
    /// one that is not.
    #[inline]
    pub fn fetch_max(&self, value: T) -> T {
        decode(T::max(&self.raw, value))
    }

    /// Keeps the smaller of the two and returns the value before. A float that is `NaN` gives way to
    /// one that is not.
    #[inline]
    pub fn fetch_min(&self, value: T) -> T {
        decode(T::min(&self.raw, value))
    }
}

impl<T: BitOps> Atomic<T> {
    /// Bitwise (for `bool`: logical) and; returns the value before.
    ///
    /// # Panics
    ///
    /// If a `bool` slot holds a byte other than 0 and 1. The same goes for the other two.
    #[inline]
    pub fn fetch_and(&self, value: T) -> T {
        decode(self.raw.fetch_and(value.into_bits(), Ordering::SeqCst))
    }

    /// Bitwise (for `bool`: logical) or; returns the value before.
    ///
    /// # Panics
    ///
    /// As [`fetch_and`](Self::fetch_and).
    #[inline]
    pub fn fetch_or(&self, value: T) -> T {
        decode(self.raw.fetch_or(value.into_bits(), Ordering::SeqCst))
    }

    /// Bitwise (for `bool`: logical) exclusive or; returns the value before.
    ///
    /// # Panics
    ///
    /// As [`fetch_and`](Self::fetch_and).
    #[inline]
    pub fn fetch_xor(&self, value: T) -> T {
        decode(self.raw.fetch_xor(value.into_bits(), Ordering::SeqCst))
    }
}

impl<T: Scalar, A: Access> fmt::Debug for Atomic<T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::slot::debug(self, f)
    }
}
