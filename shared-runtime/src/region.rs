//! Bytes that other processes may write at any moment: every access is atomic and bounds-checked.

#![allow(unsafe_code)]
#![allow(clippy::cast_ptr_alignment)] // checked where a pointer is cast

use core::marker::PhantomData;

use crate::sync::{AnyInteger, AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering, RawAtomic};

/// A range of shared bytes.
///
/// Invariants:
/// 1. `base` to `base + len` are mapped and readable for `'a`, and everybody in this process accesses
///    them atomically.
/// 2. If `write` is called, or a method that changes an atomic, they are writable, too.
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
    pub(crate) fn integer(self) -> Option<&'a dyn AnyInteger> {
        Some(match self.len {
            1 => self.word::<AtomicU8>()?,
            2 => self.word::<AtomicU16>()?,
            4 => self.word::<AtomicU32>()?,
            8 => self.word::<AtomicU64>()?,
            _ => return None,
        })
    }

    /// The whole range as an atomic of that type, if it has its size and alignment.
    pub(crate) fn word<W: RawAtomic>(self) -> Option<&'a W> {
        if self.len != size_of::<W>() || !self.base.cast::<W>().is_aligned() {
            return None;
        }
        // SAFETY: invariant 1; it has the size and alignment of the integer, and any bytes are a value.
        Some(unsafe { &*self.base.cast::<W>() })
    }

    fn words(self) -> impl Iterator<Item = &'a AtomicU64> {
        assert!(
            (self.base.addr() | self.len).trailing_zeros() >= 3,
            "both are multiples of 8"
        );
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
