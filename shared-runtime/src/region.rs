//! Bytes that other processes may write at any moment: every access is atomic and bounds-checked.

#![allow(unsafe_code)]
#![allow(clippy::cast_ptr_alignment)] // checked where a pointer is cast

use core::marker::PhantomData;

use crate::sync::{AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering};

/// A range of shared bytes.
///
/// Invariants:
/// 1. `base` to `base + len` are mapped and readable for `'a`, and everybody in this process accesses
///    them atomically.
/// 2. They are writable too if `write` is called, or a method of an [`Integer`] that changes it.
#[derive(Clone, Copy)]
pub(crate) struct Region<'a> {
    base: *const u8,
    len: usize,
    bytes: PhantomData<&'a AtomicU8>,
}

impl<'a> Region<'a> {
    /// # Safety
    ///
    /// Invariant 1 (and 2, if it will be written) of the type.
    pub(crate) unsafe fn new(base: *const u8, len: usize) -> Self {
        Region {
            base,
            len,
            bytes: PhantomData,
        }
    }

    /// The first byte: aligned as the region is, and valid as the invariants say.
    pub(crate) fn base(self) -> *const u8 {
        self.base
    }

    pub(crate) fn len(self) -> usize {
        self.len
    }

    /// The range at `offset`, if it lies within this one.
    pub(crate) fn part(self, offset: usize, len: usize) -> Option<Region<'a>> {
        let end = offset.checked_add(len)?;
        (end <= self.len).then(|| Region {
            base: self.base.wrapping_add(offset),
            len,
            bytes: PhantomData,
        })
    }

    /// The whole range as one number, zero-extended: 1, 2, 4 or 8 bytes, aligned to their size.
    ///
    /// Relaxed, because that is what is defined on a read-only mapping.
    pub(crate) fn load(self) -> Option<u64> {
        Some(self.integer()?.load())
    }

    /// The whole range as one atomic: 1, 2, 4 or 8 bytes, aligned to their size.
    pub(crate) fn integer(self) -> Option<Integer<'a>> {
        if !self.base.addr().is_multiple_of(self.len.max(1)) {
            return None;
        }
        Some(match self.len {
            // SAFETY: invariant 1; any byte is a value.
            1 => Integer::U8(unsafe { &*self.base.cast() }),
            // SAFETY: invariant 1, aligned as checked; any bytes are a value.
            2 => Integer::U16(unsafe { &*self.base.cast() }),
            // SAFETY: invariant 1, aligned as checked; any bytes are a value.
            4 => Integer::U32(unsafe { &*self.base.cast() }),
            // SAFETY: invariant 1, aligned as checked; any bytes are a value.
            8 => Integer::U64(unsafe { &*self.base.cast() }),
            _ => return None,
        })
    }

    fn words(self) -> impl Iterator<Item = &'a AtomicU64> {
        assert!(self.base.addr().is_multiple_of(8) && self.len.is_multiple_of(8));
        (0..self.len / 8).map(move |i| {
            let word = self.base.wrapping_add(i * 8);
            // SAFETY: invariant 1; `i * 8 + 8 <= len`, and the base is aligned as asserted.
            unsafe { &*word.cast::<AtomicU64>() }
        })
    }

    /// Fills `out`, which has the length of the region; start and length must be multiples of 8.
    pub(crate) fn copy_into(self, out: &mut [u8]) {
        assert_eq!(out.len(), self.len);
        for (word, out) in self.words().zip(out.chunks_exact_mut(8)) {
            out.copy_from_slice(&word.load(Ordering::Relaxed).to_le_bytes());
        }
    }

    /// Writes `bytes` at the start, which must be a multiple of 8, word by word; the rest of the last
    /// word becomes zero.
    pub(crate) fn write(self, bytes: &[u8]) {
        assert!(bytes.len() <= self.len);
        for (word, bytes) in self.words().zip(bytes.chunks(8)) {
            let mut value = [0; 8];
            value[..bytes.len()].copy_from_slice(bytes);
            word.store(u64::from_le_bytes(value), Ordering::Relaxed);
        }
    }
}

/// An atomic of which only the size is known, its value zero-extended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Integer<'a> {
    U8(&'a AtomicU8),
    U16(&'a AtomicU16),
    U32(&'a AtomicU32),
    U64(&'a AtomicU64),
}

/// The same for each size.
macro_rules! each {
    ($self:expr, $atomic:ident => $result:expr) => {
        match $self {
            Integer::U8($atomic) => $result,
            Integer::U16($atomic) => $result,
            Integer::U32($atomic) => $result,
            Integer::U64($atomic) => $result,
        }
    };
}

#[allow(clippy::cast_possible_truncation, clippy::cast_lossless)] // narrow numbers stand in the low bits
#[allow(trivial_numeric_casts, clippy::unnecessary_cast)] // of the widest
impl Integer<'_> {
    pub(crate) fn load(self) -> u64 {
        each!(self, atomic => atomic.load(Ordering::Relaxed) as u64)
    }

    pub(crate) fn swap(self, value: u64) {
        each!(self, atomic => _ = atomic.swap(value as _, Ordering::SeqCst));
    }

    /// Wraps around. The value before.
    pub(crate) fn add(self, value: u64) -> u64 {
        each!(self, atomic => atomic.fetch_add(value as _, Ordering::SeqCst) as u64)
    }

    /// Replaces the value with what `f` makes of it, which is called until nobody has come in between. The value
    /// before.
    pub(crate) fn update(self, f: impl Fn(u64) -> u64) -> u64 {
        let mut old = self.load();
        loop {
            let new = f(old);
            let exchanged = each!(self, atomic => atomic
                .compare_exchange_weak(old as _, new as _, Ordering::SeqCst, Ordering::Relaxed)
                .map(|old| old as u64)
                .map_err(|now| now as u64));
            match exchanged {
                Ok(old) => return old,
                Err(now) => old = now,
            }
        }
    }
}
