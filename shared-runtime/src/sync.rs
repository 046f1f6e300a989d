//! The only file that names raw atomics.

pub(crate) use core::sync::atomic::{
    AtomicBool, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicPtr, AtomicU8,
    AtomicU16, AtomicU32, AtomicU64, AtomicUsize, Ordering, compiler_fence, fence,
};

use crate::access::Access;

mod sealed {
    pub trait Sealed {}
}

/// An integer atomic of `std`, the form in which a [`Scalar`](crate::slot::Scalar) is stored. Sealed.
pub trait RawAtomic: sealed::Sealed + Send + Sync + 'static {
    /// The integer inside.
    type Bits: Copy + Eq + Send + Sync + 'static;
    /// The integer at rest, little-endian.
    #[doc(hidden)]
    type Bytes: bytemuck::Pod;
    #[doc(hidden)]
    fn to_bytes(bits: Self::Bits) -> Self::Bytes;
    #[doc(hidden)]
    fn of_bytes(bytes: Self::Bytes) -> Self::Bits;
    #[doc(hidden)]
    fn load_as<A: Access>(&self) -> Self::Bits;
    #[doc(hidden)]
    fn store_release(&self, bits: Self::Bits);
    #[doc(hidden)]
    fn swap_bits(&self, bits: Self::Bits) -> Self::Bits;
    #[doc(hidden)]
    fn exchange(&self, old: Self::Bits, new: Self::Bits) -> Result<Self::Bits, Self::Bits>;
    #[doc(hidden)]
    fn exchange_weak(&self, old: Self::Bits, new: Self::Bits) -> Result<Self::Bits, Self::Bits>;
    #[doc(hidden)]
    fn widen(bits: Self::Bits) -> u64;
}

macro_rules! raw {
    ($($atomic:ident $bits:ident;)*) => {$(
        impl sealed::Sealed for $atomic {}
        impl RawAtomic for $atomic {
            type Bits = $bits;
            type Bytes = [u8; size_of::<$bits>()];

            #[inline]
            fn to_bytes(bits: $bits) -> Self::Bytes {
                bits.to_le_bytes()
            }
            #[inline]
            fn of_bytes(bytes: Self::Bytes) -> $bits {
                $bits::from_le_bytes(bytes)
            }

            // A reader sees what was written before the release store that it reads from. On a
            // read-only mapping `std` defines relaxed loads only, so there the load is relaxed and
            // the fence after it orders as the acquire load would.
            #[inline]
            fn load_as<A: Access>(&self) -> $bits {
                if A::WRITABLE {
                    self.load(Ordering::Acquire)
                } else {
                    let bits = self.load(Ordering::Relaxed);
                    fence(Ordering::Acquire);
                    bits
                }
            }
            #[inline]
            fn store_release(&self, bits: $bits) {
                self.store(bits, Ordering::Release);
            }
            // The read-modify-writes are sequentially consistent because `Watched` relies on that (see
            // `Event`); on x86-64 and aarch64 they are the instructions of acquire and release.
            #[inline]
            fn swap_bits(&self, bits: $bits) -> $bits {
                self.swap(bits, Ordering::SeqCst)
            }
            #[inline]
            fn exchange(&self, old: $bits, new: $bits) -> Result<$bits, $bits> {
                self.compare_exchange(old, new, Ordering::SeqCst, Ordering::Acquire)
            }
            #[inline]
            fn exchange_weak(&self, old: $bits, new: $bits) -> Result<$bits, $bits> {
                self.compare_exchange_weak(old, new, Ordering::SeqCst, Ordering::Acquire)
            }
            // Sign-extends: a negative number is shown as itself.
            #[inline]
            #[allow(clippy::cast_sign_loss, clippy::cast_lossless, trivial_numeric_casts)]
            fn widen(bits: $bits) -> u64 {
                bits as u64
            }
        }
    )*};
}

raw! {
    AtomicU8 u8; AtomicU16 u16; AtomicU32 u32; AtomicU64 u64; AtomicUsize usize;
    AtomicI8 i8; AtomicI16 i16; AtomicI32 i32; AtomicI64 i64; AtomicIsize isize;
}
