//! The lock-free slot.

use core::marker::PhantomData;
use std::time::Duration;

use super::scalar::Scalar;
use crate::access::{Access, Write};
use crate::format::shape::Shape;
use crate::lock::TimedOut;
use crate::sync::RawAtomic;

/// The slot of a value that fits one lock-free atomic.
///
/// Every method is wait-free or lock-free and compiles to the instruction of the `std` atomic beneath; none allocates
/// or enters the kernel. Loads acquire, stores release, read-modify-writes do both, so a reader of a value also sees
/// what its writer wrote before. Use [`raw`](Self::raw) for another ordering.
///
/// Types for which not all bytes are values (`bool`, `char`, `NonZero*`, enums) are checked at each read, because any
/// process that has the segment may have written there. A method that returns `T` panics on an invalid value, naming
/// the kind and what it found; [`try_get`](Self::try_get) does not. Writing a valid value heals the slot.
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
    pub(super) raw: T::Raw,
    access: PhantomData<A>,
}

impl<T: Scalar, A: Access> Atomic<T, A> {
    pub(super) const BITS: &'static Shape = {
        assert!(
            T::SHAPE.size() == size_of::<Self>(),
            "a scalar's shape has the size of its atomic"
        );
        T::SHAPE
    };

    #[inline]
    pub(super) fn store(&self, value: T) {
        self.raw.store_release(value.into_bits());
    }

    /// Does nothing: an atomic has no waiters.
    #[inline]
    pub(super) fn changed(&self) {
        let _ = self;
    }
}

impl<T: Scalar> Atomic<T> {
    /// The `std` atomic beneath, for an ordering of your own.
    ///
    /// `bool` and enums are stored in an unsigned or signed integer atomic, floats as their bits,
    /// `char` as its code point. Bits that are not a value of `T` make the next read panic.
    #[inline]
    pub fn raw(&self) -> &T::Raw {
        &self.raw
    }
}

/// The impls of a scalar type whose slot is an `Atomic`; the derive writes the same for an enum. There is no blanket
/// impl, because errors would then speak of scalars where any plain type would do.
macro_rules! atomic_field {
    ($($ty:ty),*) => {$(
        impl $crate::slot::field::Field<$crate::slot::mode::Inline> for $ty {
            type Slot<A: $crate::Access> = $crate::slot::atomic::Atomic<$ty, A>;
        }

        impl $crate::SharedState for $ty {
            type Slots = $crate::slot::atomic::Atomic<$ty>;
        }

        // SAFETY: (1) the image is bytes; (2) where every integer is a value, and the kind is not one of those whose
        // types have a layout of their own, the type is an integer or float of the same size, in whose memory a
        // little-endian machine has the bytes in the same order.
        unsafe impl $crate::slot::plain::Plain<$crate::slot::mode::Inline> for $ty {
            type Image = $crate::slot::scalar::ScalarImage<Self>;
            type Cell = $crate::lock::Packed<Self::Image>;
            const AS_IS: bool = cfg!(target_endian = "little")
                && !<Self as $crate::slot::scalar::Scalar>::SHAPE.may_be_invalid()
                && !<Self as $crate::slot::scalar::Scalar>::SHAPE.is_fixed();
            const SHAPE: &'static $crate::format::shape::Shape =
                <Self as $crate::slot::scalar::Scalar>::SHAPE;

            #[inline]
            fn encode(&self, image: &mut Self::Image) -> Result<(), $crate::CapacityExceeded> {
                *image = $crate::slot::scalar::to_image(self);
                Ok(())
            }

            #[inline]
            fn decode(image: &Self::Image) -> Result<Self, $crate::Corrupt> {
                $crate::slot::scalar::of_image(image)
            }
        }
    )*};
}
pub(super) use atomic_field;

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
