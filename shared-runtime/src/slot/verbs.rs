//! The verbs that several slots have, each once.

#![allow(unsafe_code)]

use core::fmt;
use std::time::Duration;

use super::atomic::Atomic;
use super::base::{Slot, Writing, debug, error_site, read_or_panic, satisfies};
use super::list::{self, List};
use super::locked::{Locked, NOW};
use super::mode::Capacity;
use super::padded::within;
use super::plain::{Plain, length};
use super::scalar::{BitOps, Bits, Number, Scalar, corrupt};
use super::text::{self, Text};
use super::watched::Watched;
use crate::access::{Access, Write};
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::{TimedOut, UpdateError};
use crate::sync::RawAtomic;

/// Reading, also under the names of [`Slot`](super::Slot) without an import of the trait. `$get` panics where `try_snapshot`
/// fails.
macro_rules! reads {
    ($value:ty, |$slot:ident| $get:expr) => {
        /// Reads the value.
        ///
        /// # Panics
        ///
        /// If the slot holds bytes that are not a value of its type.
        #[inline]
        #[track_caller]
        pub fn get(&self) -> $value {
            let $slot = self;
            $get
        }

        /// Reads the value, if it is one.
        ///
        /// # Errors
        ///
        /// [`Corrupt`] if the slot holds bytes that are not a value of its type.
        #[inline]
        pub fn try_get(&self) -> Result<$value, Corrupt> {
            Slot::try_snapshot(self)
        }

        /// The same as [`get`](Self::get), as every slot has it.
        #[inline]
        #[track_caller]
        pub fn snapshot(&self) -> $value {
            self.get()
        }

        /// The same as [`try_get`](Self::try_get), as every slot has it.
        ///
        /// # Errors
        ///
        /// As [`try_get`](Self::try_get).
        #[inline]
        pub fn try_snapshot(&self) -> Result<$value, Corrupt> {
            self.try_get()
        }
    };
}

/// Waiting until a value satisfies a condition. `$event` has a method that waits as `Event::wait` does.
macro_rules! waiting {
    ($owned:ty, $borrowed:ty, |$slot:ident| $event:expr) => {
        /// Waits until the value satisfies `pred`, and returns it.
        ///
        /// `pred` sees the value now and at least once after each change, until it returns true (of changes that
        /// follow one another closely, only the last). Spins for some 50 µs, then sleeps; whoever changes the value
        /// wakes it. A notification that is lost with its writer is made up for within 100 ms.
        ///
        /// # Panics
        ///
        /// If the slot holds bytes that are not a value of its type, and when `pred` does.
        #[track_caller]
        pub fn wait_until(&self, mut pred: impl FnMut(&$borrowed) -> bool) -> $owned {
            let $slot = self;
            loop {
                if let Some(value) = $event.wait(None, || satisfies(self, |value| pred(value))) {
                    return read_or_panic(self, value);
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
        #[track_caller]
        pub fn wait_until_for(
            &self,
            limit: Duration,
            mut pred: impl FnMut(&$borrowed) -> bool,
        ) -> Result<$owned, TimedOut> {
            let $slot = self;
            match $event.wait(Some(limit), || satisfies(self, |value| pred(value))) {
                Some(value) => Ok(read_or_panic(self, value)),
                None => Err(error_site(self).named(TimedOut::after(limit))),
            }
        }
    };
}

/// How often the value of a lock-guarded slot has changed, and how often its lock was taken from a dead holder. `$locked`
/// is the [`Locked`](super::Locked).
macro_rules! counts {
    (|$slot:ident| $locked:expr) => {
        /// How many changes have been committed, modulo 2^64. Storing the value with which a segment is created is the
        /// first.
        #[inline]
        pub fn version(&self) -> u64 {
            let $slot = self;
            $locked.raw.version()
        }

        /// How many times the lock was taken over from a dead holder, modulo 2^32.
        #[inline]
        pub fn recoveries(&self) -> u64 {
            let $slot = self;
            $locked.raw.recoveries()
        }
    };
}

/// Changing a lock-guarded value within a limit. `$locked` is the [`Locked`](super::Locked).
macro_rules! limited {
    ($value:ty, |$slot:ident| $locked:expr) => {
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
        #[track_caller]
        pub fn try_modify<R>(&self, f: impl FnOnce(&mut $value) -> R) -> Result<R, UpdateError> {
            self.try_modify_for(Duration::ZERO, f)
        }

        /// As [`modify`](Self::modify), waiting up to `limit` for the lock.
        ///
        /// # Errors
        ///
        /// As [`try_modify`](Self::try_modify), which also says when it panics.
        #[inline]
        #[track_caller]
        pub fn try_modify_for<R>(
            &self,
            limit: Duration,
            f: impl FnOnce(&mut $value) -> R,
        ) -> Result<R, UpdateError> {
            let $slot = self;
            $locked.or_update_error($locked.modify_within(Some(limit), f))
        }
    };
}

impl<T: Plain<M>, A: Access, M: 'static> Locked<T, A, M> {
    reads!(T, |slot| slot.value_or_panic());
    counts!(|slot| slot);
}

impl<T: Plain<M>, M: 'static> Locked<T, Write, M> {
    limited!(T, |slot| slot);
    waiting!(T, T, |slot| slot.raw);
}

/// Verbs that are one operation on the integer as which the value is stored.
macro_rules! fetches {
    ($($(#[$doc:meta])* $name:ident $operation:ident;)*) => {$(
        $(#[$doc])*
        #[inline]
        #[track_caller]
        pub fn $name(&self, value: T) -> T {
            self.after_change(T::$operation(&self.raw, value))
        }
    )*};
}

/// `Slot` for a slot of a scalar, of the shape `$shape`, and its verbs. The slot provides `store`, which writes a value, and
/// `changed`, which is called after each other change.
macro_rules! scalar_verbs {
    ($slot:ident, $shape:expr) => {
        // SAFETY: (1) the only bytes are those of one or two integer atomics, of which any bytes are a value, and padding
        // that nobody reads; every read of the scalar goes through `from_bits`; (2) integer atomics are accessed
        // atomically, are not pointers and are not dropped; (3) the shape has the places that `repr` gives the atomics;
        // (4) `put` writes to this slot only.
        unsafe impl<T: Scalar, A: Access> Slot for $slot<T, A> {
            type Value = T;
            type Access = A;
            const SHAPE: &'static Shape = $shape;

            #[inline]
            fn try_snapshot(&self) -> Result<T, Corrupt> {
                let bits = self.raw.load_as::<A>();
                T::from_bits(bits).ok_or_else(|| error_site(self).named(corrupt::<T>(bits)))
            }

            #[inline]
            fn put(&self, value: T, _: Writing) {
                self.store(value);
            }
        }

        impl<T: Scalar, A: Access> $slot<T, A> {
            /// The value of these bits.
            #[inline]
            #[track_caller]
            fn decode(&self, bits: Bits<T>) -> T {
                match T::from_bits(bits) {
                    Some(value) => value,
                    None => self.invalid(bits),
                }
            }

            // Out of line: otherwise each caller would reserve room for the error on its stack.
            #[cold]
            #[inline(never)]
            #[track_caller]
            fn invalid(&self, bits: Bits<T>) -> ! {
                error_site(self).panic_corrupt(corrupt::<T>(bits))
            }

            reads!(T, |slot| slot.decode(slot.raw.load_as::<A>()));
        }

        impl<T: Scalar> $slot<T> {
            /// Wakes the waiters, if the slot can have any, and returns the value before the change.
            #[inline]
            #[track_caller]
            fn after_change(&self, before: Bits<T>) -> T {
                self.changed();
                self.decode(before)
            }

            /// Writes the value.
            #[inline]
            pub fn set(&self, value: T) {
                self.store(value);
            }

            /// Writes the value and returns the one before it.
            ///
            /// # Panics
            ///
            /// If the slot held bytes that are not a value of `T`; the new value is written all the same.
            #[inline]
            #[track_caller]
            pub fn replace(&self, value: T) -> T {
                self.after_change(self.raw.swap_bits(value.into_bits()))
            }

            /// Changes the value by `f` and returns the one before it, as the `update` of `std`'s atomics.
            ///
            /// `f` runs again when another write came in between, so it should have no effect of its own.
            /// Lock-free: one of several concurrent updates always succeeds.
            ///
            /// # Panics
            ///
            /// If the slot holds bytes that are not a value of `T`, and when `f` does; nothing is written then.
            #[doc(alias = "modify")]
            #[inline]
            #[track_caller]
            pub fn update(&self, mut f: impl FnMut(T) -> T) -> T {
                let mut old = self.raw.load_as::<Write>();
                loop {
                    let new = f(self.decode(old)).into_bits();
                    match self.raw.exchange_weak(old, new) {
                        Ok(before) => return self.after_change(before),
                        Err(now) => old = now,
                    }
                }
            }

            /// Writes `new` if the value is `current`. Floats are compared by their bits.
            ///
            /// # Errors
            ///
            /// The value found, if it is not `current`; nothing is written then.
            ///
            /// # Panics
            ///
            /// If the slot holds bytes that are not a value of `T`.
            #[inline]
            #[track_caller]
            pub fn compare_exchange(&self, current: T, new: T) -> Result<T, T> {
                match self.raw.exchange(current.into_bits(), new.into_bits()) {
                    Ok(before) => Ok(self.after_change(before)),
                    Err(found) => Err(self.decode(found)),
                }
            }
        }

        impl<T: Number> $slot<T> {
            fetches! {
                /// Adds `value` and returns the value before. Integers wrap around; floats are added in a
                /// compare-exchange loop, which may retry.
                fetch_add add;
                /// Subtracts `value` and returns the value before; otherwise as [`fetch_add`](Self::fetch_add).
                fetch_sub sub;
                /// Keeps the larger of the two and returns the value before. A float that is `NaN` gives way to one
                /// that is not.
                fetch_max max;
                /// Keeps the smaller of the two and returns the value before. A float that is `NaN` gives way to one
                /// that is not.
                fetch_min min;
            }
        }

        impl<T: BitOps> $slot<T> {
            fetches! {
                /// Bitwise (for `bool`: logical) and; returns the value before.
                ///
                /// # Panics
                ///
                /// If a `bool` slot holds a byte other than 0 and 1.
                fetch_and and;
                /// Bitwise (for `bool`: logical) or; otherwise as [`fetch_and`](Self::fetch_and).
                fetch_or or;
                /// Bitwise (for `bool`: logical) exclusive or; otherwise as [`fetch_and`](Self::fetch_and).
                fetch_xor xor;
            }
        }

        impl<T: Scalar, A: Access> fmt::Debug for $slot<T, A> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                debug(self, f)
            }
        }

        /// As of the value: it is read once.
        ///
        /// # Panics
        ///
        /// If the slot holds bytes that are not a value of `T`.
        impl<T: Scalar + fmt::Display, A: Access> fmt::Display for $slot<T, A> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.get().fmt(f)
            }
        }
    };
}

scalar_verbs!(Atomic, Atomic::<T, A>::BITS);
scalar_verbs!(Watched, Watched::<T, A>::WITH_EVENT);

impl<T: Scalar> Watched<T> {
    waiting!(T, T, |slot| slot.event);
}

/// The verbs of [`Text`](super::Text) and [`List`](super::List), which each wrap a [`Locked`](super::Locked): `$noun`
/// is what they hold, `$owned` when owned, `$borrowed` when borrowed, in the mode `$mode`, encoded by `$encode`.
macro_rules! sequence_verbs {
    ([$($params:tt)*] $read:ty, $write:ty, $mode:ty, $owned:ty, $borrowed:ty, $encode:path, $noun:literal, $units:literal) => {
        within!([$($params)*, A: Access] $read, Locked<$owned, A, $mode>);

        impl<$($params)*, A: Access> $read {
            #[doc = concat!("The most ", $units, " that it holds.")]
            pub const CAPACITY: usize = N;

            #[doc = concat!("The most ", $units, " that it holds.")]
            #[must_use]
            pub const fn capacity(&self) -> usize {
                N
            }

            reads!($owned, |slot| slot.0.get());

            #[doc = concat!("Reads the ", $noun, " into `out`, reusing its memory.")]
            ///
            /// # Panics
            ///
            /// As [`get`](Self::get); `out` is then some mixture of old and new.
            #[track_caller]
            pub fn read_into(&self, out: &mut $owned) {
                self.0.read_into(out);
            }

            #[doc = concat!("How many ", $units, " there are.")]
            ///
            /// # Panics
            ///
            /// If the slot holds a length beyond the capacity.
            #[track_caller]
            pub fn len(&self) -> usize {
                read_or_panic(self, self.0.read_image(|image| length(image.len, N)))
            }

            #[doc = concat!("Whether there are no ", $units, ".")]
            ///
            /// # Panics
            ///
            /// As [`len`](Self::len).
            #[track_caller]
            pub fn is_empty(&self) -> bool {
                self.len() == 0
            }

            counts!(|slot| slot.0);
        }

        impl<$($params)*> $write {
            #[doc = concat!("Writes the ", $noun, ".")]
            ///
            /// # Errors
            ///
            #[doc = concat!("[`CapacityExceeded`], and the old ", $noun, " stays.")]
            #[track_caller]
            pub fn set(&self, new: impl AsRef<$borrowed>) -> Result<(), CapacityExceeded> {
                let set = self.0.set_image(None, |image| $encode(image, new.as_ref()));
                self.0.or_capacity_error(set)
            }

            #[doc = concat!("Writes the ", $noun, " and returns the one before it.")]
            ///
            /// # Errors
            ///
            #[doc = concat!("[`CapacityExceeded`], and the old ", $noun, " stays.")]
            ///
            /// # Panics
            ///
            #[doc = concat!("If the slot held bytes that are not a ", $noun, "; the new one is written all the same.")]
            #[track_caller]
            pub fn replace(&self, new: impl AsRef<$borrowed>) -> Result<$owned, CapacityExceeded> {
                let new = new.as_ref();
                let old = self.0.replace_image(|image| $encode(image, new));
                Ok(read_or_panic(self, self.0.or_capacity_error(old)?))
            }

            /// As [`set`](Self::set), if nobody holds the lock now.
            ///
            /// # Errors
            ///
            #[doc = concat!("[`UpdateError`], and the old ", $noun, " stays.")]
            #[track_caller]
            pub fn try_set(&self, new: impl AsRef<$borrowed>) -> Result<(), UpdateError> {
                let set = self.0.set_image(NOW, |image| $encode(image, new.as_ref()));
                self.0.or_update_error(set)
            }

            /// Makes it empty.
            #[track_caller]
            pub fn clear(&self) {
                self.0.changed_or_panic(self.0.set_image(None, |_| Ok(())));
            }

            #[doc = concat!("Changes the ", $noun, ": see [`Locked::modify`].")]
            ///
            /// # Errors
            ///
            #[doc = concat!("[`CapacityExceeded`] if the result does not fit; the old ", $noun, " stays.")]
            ///
            /// # Panics
            ///
            #[doc = concat!("When `f` does; the old ", $noun, " stays.")]
            #[doc(alias = "update")]
            #[track_caller]
            pub fn modify<R>(&self, f: impl FnOnce(&mut $owned) -> R) -> Result<R, CapacityExceeded> {
                self.0.or_capacity_error(self.0.modify_within(None, f))
            }

            limited!($owned, |slot| slot.0);
            waiting!($owned, $borrowed, |slot| slot.0.raw);
        }
    };
}

sequence_verbs!([const N: usize] Text<N, A>, Text<N>, Capacity<N>, String, str, text::encode, "text", "bytes");
sequence_verbs!([T: Plain<M>, const N: usize, M: 'static] List<T, N, A, M>, List<T, N, Write, M>, Capacity<N, M>, Vec<T>, [T], list::encode, "list", "elements");
