//! The facade of atomics: everything else takes them from here, and the models of the protocols put those
//! of `loom` in their place, through [`Word`].

pub(crate) use core::sync::atomic::{
    AtomicBool, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicPtr, AtomicU8,
    AtomicU16, AtomicU32, AtomicU64, AtomicUsize, Ordering, compiler_fence, fence,
};

use crate::access::Access;

/// The operations of an integer atomic, of `std` or of a model, under their usual names.
pub trait Word {
    /// The integer inside.
    type Bits: Copy + Eq + Send + Sync + 'static;

    fn load(&self, order: Ordering) -> Self::Bits;
    fn store(&self, value: Self::Bits, order: Ordering);
    fn swap(&self, value: Self::Bits, order: Ordering) -> Self::Bits;
    fn compare_exchange(
        &self,
        old: Self::Bits,
        new: Self::Bits,
        ok: Ordering,
        failed: Ordering,
    ) -> Result<Self::Bits, Self::Bits>;
    fn compare_exchange_weak(
        &self,
        old: Self::Bits,
        new: Self::Bits,
        ok: Ordering,
        failed: Ordering,
    ) -> Result<Self::Bits, Self::Bits> {
        self.compare_exchange(old, new, ok, failed)
    }
    fn fetch_add(&self, value: Self::Bits, order: Ordering) -> Self::Bits;
    fn fetch_or(&self, value: Self::Bits, order: Ordering) -> Self::Bits;
}

/// Implements [`Word`] for atomics that have the methods of `std`'s.
macro_rules! word {
    (impl $atomic:ident $bits:ident: $($name:ident($($arg:ident: $of:ty),*) -> $result:ty;)*) => {
        impl $crate::sync::Word for $atomic {
            type Bits = $bits;
            $(#[inline]
            fn $name(&self, $($arg: $of),*) -> $result {
                self.$name($($arg),*)
            })*
        }
    };
    ($($atomic:ident $bits:ident;)*) => {$(
        word! { impl $atomic $bits:
            load(order: Ordering) -> $bits;
            store(value: $bits, order: Ordering) -> ();
            swap(value: $bits, order: Ordering) -> $bits;
            compare_exchange(old: $bits, new: $bits, ok: Ordering, failed: Ordering) -> Result<$bits, $bits>;
            compare_exchange_weak(old: $bits, new: $bits, ok: Ordering, failed: Ordering) -> Result<$bits, $bits>;
            fetch_add(value: $bits, order: Ordering) -> $bits;
            fetch_or(value: $bits, order: Ordering) -> $bits;
        }
    )*};
}
#[cfg(test)]
pub(crate) use word;

/// An integer atomic of `std`, the form in which a [`Scalar`](crate::slot::Scalar) is stored, and the orders in which a
/// slot accesses it. Sealed by [`Word`], which has no public path.
#[doc(hidden)]
pub trait RawAtomic: Word + Send + Sync + 'static {
    /// The integer at rest, little-endian.
    type Bytes: bytemuck::Pod;
    fn to_bytes(bits: Self::Bits) -> Self::Bytes;
    fn of_bytes(bytes: Self::Bytes) -> Self::Bits;
    /// Sign-extended, if the integer is signed.
    fn widen(bits: Self::Bits) -> u64;
    /// The low bits.
    fn narrow(bits: u64) -> Self::Bits;

    /// Acquire: a reader sees what was written before the release store that it reads from. On a read-only mapping `std`
    /// defines relaxed loads only, so there the load is relaxed, and the fence after it orders as an acquire load does.
    #[inline]
    fn load_as<A: Access>(&self) -> Self::Bits {
        if A::WRITABLE {
            self.load(Ordering::Acquire)
        } else {
            let bits = self.load(Ordering::Relaxed);
            fence(Ordering::Acquire);
            bits
        }
    }
    #[inline]
    fn store_release(&self, bits: Self::Bits) {
        self.store(bits, Ordering::Release);
    }
    // The read-modify-writes are sequentially consistent because `Watched` relies on that (see `Event`); on x86-64 and
    // aarch64 they are the instructions of acquire and release.
    #[inline]
    fn swap_bits(&self, bits: Self::Bits) -> Self::Bits {
        self.swap(bits, Ordering::SeqCst)
    }
    #[inline]
    fn exchange(&self, old: Self::Bits, new: Self::Bits) -> Result<Self::Bits, Self::Bits> {
        self.compare_exchange(old, new, Ordering::SeqCst, Ordering::Acquire)
    }
    #[inline]
    fn exchange_weak(&self, old: Self::Bits, new: Self::Bits) -> Result<Self::Bits, Self::Bits> {
        self.compare_exchange_weak(old, new, Ordering::SeqCst, Ordering::Acquire)
    }
}

macro_rules! raw {
    ($($atomic:ident $bits:ident;)*) => {$(
        word!($atomic $bits;);
        impl RawAtomic for $atomic {
            type Bytes = [u8; size_of::<$bits>()];

            #[inline]
            fn to_bytes(bits: $bits) -> Self::Bytes {
                bits.to_le_bytes()
            }
            #[inline]
            fn of_bytes(bytes: Self::Bytes) -> $bits {
                $bits::from_le_bytes(bytes)
            }
            #[inline]
            #[allow(clippy::cast_sign_loss, clippy::cast_lossless, trivial_numeric_casts)]
            fn widen(bits: $bits) -> u64 {
                bits as u64
            }
            #[inline]
            #[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, trivial_numeric_casts)]
            fn narrow(bits: u64) -> $bits {
                bits as $bits
            }
        }
    )*};
}

raw! {
    AtomicU8 u8; AtomicU16 u16; AtomicU32 u32; AtomicU64 u64; AtomicUsize usize;
    AtomicI8 i8; AtomicI16 i16; AtomicI32 i32; AtomicI64 i64; AtomicIsize isize;
}

/// An integer atomic of which the size is known only when the program runs. Its values are passed in the low bits.
pub(crate) trait AnyInteger {
    fn load(&self) -> u64;
    fn swap(&self, value: u64) -> u64;
    /// Wraps around. Returns the previous value.
    fn fetch_add(&self, value: u64) -> u64;
    fn exchange_weak(&self, old: u64, new: u64) -> Result<u64, u64>;
}

impl<W: RawAtomic> AnyInteger for W {
    fn load(&self) -> u64 {
        W::widen(Word::load(self, Ordering::Relaxed))
    }
    fn swap(&self, value: u64) -> u64 {
        W::widen(self.swap_bits(W::narrow(value)))
    }
    fn fetch_add(&self, value: u64) -> u64 {
        W::widen(Word::fetch_add(self, W::narrow(value), Ordering::SeqCst))
    }
    fn exchange_weak(&self, old: u64, new: u64) -> Result<u64, u64> {
        RawAtomic::exchange_weak(self, W::narrow(old), W::narrow(new))
            .map(W::widen)
            .map_err(W::widen)
    }
}

impl dyn AnyInteger + '_ {
    /// Replaces the value with what `f` makes of it; `f` runs again when another write came in between. Returns the previous
    /// value.
    pub(crate) fn update(&self, f: impl Fn(u64) -> u64) -> u64 {
        let mut old = self.load();
        loop {
            match self.exchange_weak(old, f(old)) {
                Ok(old) => return old,
                Err(now) => old = now,
            }
        }
    }
}
