//! Copying between shared and private memory while others write the shared side.
//!
//! A copy may be torn (the version tells), but it must be defined, so every access to the shared side is atomic. Up to 127
//! bytes it is made of relaxed loads or stores of `AtomicU64`. On x86-64 the rest is assembly, because the compiler does not
//! vectorise relaxed atomics: copies from 128 bytes on, and the first eight words of a copy that need not be seen by the
//! compiler. In terms of the language, such a block does **a loop of relaxed one-byte atomic loads** (or stores) of the shared
//! side, in no particular order; for the eight words, **a loop of relaxed loads of `AtomicU64`**; and plain accesses to the
//! private side. For that to hold:
//!
//! - no option says that the block leaves memory alone (`nomem`, `readonly`, `pure` are absent), so the compiler assumes that
//!   it may do just this;
//! - the private side is exclusive and, where it is read, initialised;
//! - one slot is copied either always in words or always in bytes: the length decides, and it is a constant of the type. Atomic
//!   accesses of different sizes to the same bytes would have no meaning.
//!
//! The fences around the copies order them as they order any relaxed access.

#![allow(unsafe_code)]
#![allow(clippy::cast_ptr_alignment)] // the shared side is aligned to 8, by the contracts

use crate::sync::{AtomicU64, Ordering};

/// Copies `len` bytes of shared memory to `to`.
///
/// # Safety
///
/// `shared` is aligned to 8; from it `len` bytes, rounded up to 8, are mapped, and everybody accesses
/// them by this module. `to` is valid for writes of `len` bytes and exclusive.
#[inline]
pub(super) unsafe fn load(shared: *const u8, to: *mut u8, len: usize) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    if len >= vector::BYTES {
        // SAFETY: the ranges are valid by the contract, and have at least 128 bytes.
        return unsafe { vector::copy(shared, to, len) };
    }
    for at in (0..len).step_by(8) {
        let word = shared.wrapping_add(at).cast::<AtomicU64>();
        // SAFETY: by the contract the word is mapped, aligned, and accessed atomically.
        let word = unsafe { &*word };
        let bytes = word.load(Ordering::Relaxed).to_ne_bytes();
        let part = (len - at).min(8);
        // SAFETY: `at + part <= len`, and a private array does not overlap with `to`.
        unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), to.wrapping_add(at), part) };
    }
}

/// As [`load`], for a copy whose words the compiler need not see: from 64 to 127 bytes it takes half as many instructions, but
/// it goes through memory.
///
/// # Safety
///
/// As [`load`], and from 64 bytes on `shared` is aligned to 16.
#[inline]
pub(super) unsafe fn load_opaque(shared: *const u8, to: *mut u8, len: usize) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    if (vector::LINE..vector::BYTES).contains(&len) && crate::sys::cpu::accesses_pairs() {
        // SAFETY: the ranges are valid by the contract, aligned, and the processor has AVX.
        unsafe { vector::line(shared, to) };
        let line = vector::LINE;
        // SAFETY: the rest of the same.
        return unsafe { load(shared.wrapping_add(line), to.wrapping_add(line), len - line) };
    }
    // SAFETY: passed on.
    unsafe { load(shared, to, len) };
}

/// Copies `len` bytes from `from` to shared memory; of a last, partial word the rest becomes zero.
///
/// # Safety
///
/// `shared` is as for [`load`], and writable. `from` is valid for reads of `len` initialised bytes, which
/// nobody writes.
#[inline]
pub(super) unsafe fn store(shared: *mut u8, from: *const u8, len: usize) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    if len >= vector::BYTES {
        // SAFETY: the ranges are valid by the contract, and have at least 128 bytes.
        return unsafe { vector::copy(from, shared, len) };
    }
    for at in (0..len).step_by(8) {
        let mut bytes = [0; 8];
        let part = (len - at).min(8);
        // SAFETY: `at + part <= len`, and a private array does not overlap with `from`.
        unsafe { core::ptr::copy_nonoverlapping(from.wrapping_add(at), bytes.as_mut_ptr(), part) };
        let word = shared.wrapping_add(at).cast::<AtomicU64>();
        // SAFETY: by the contract the word is mapped, writable, aligned, and accessed atomically.
        let word = unsafe { &*word };
        word.store(u64::from_ne_bytes(bytes), Ordering::Relaxed);
    }
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
mod vector {
    use core::arch::asm;

    /// From this length on the copy is made of bytes.
    pub(super) const BYTES: usize = 128;

    /// The length of a cache line. A copy of one line or more, and of less than [`BYTES`], may access the words of the first
    /// line two at a time.
    pub(super) const LINE: usize = 64;

    /// From this length on the processor's own copy instruction is as fast as any loop; below, it serves old processors.
    const STRING: usize = 16 * 1024;

    /// # Safety
    ///
    /// `len >= 128`; one side is shared and accessed only by this module, the other is private; both are valid.
    pub(super) unsafe fn copy(from: *const u8, to: *mut u8, len: usize) {
        if len < STRING && std::arch::is_x86_feature_detected!("avx") {
            // SAFETY: passed on, and the processor has AVX.
            unsafe { avx(from, to, len) };
        } else {
            // SAFETY: passed on. `rep movsb` reads and writes each of `len` bytes once; the direction flag
            // is clear at every asm block.
            unsafe {
                asm!(
                    "rep movsb",
                    inout("rcx") len => _, inout("rsi") from => _, inout("rdi") to => _,
                    options(nostack, preserves_flags),
                );
            }
        }
    }

    /// In terms of the language, a loop of relaxed accesses of the words of the shared side: the processor makes each of
    /// these accesses at once.
    ///
    /// # Safety
    ///
    /// As [`copy`], but of 64 bytes, of which the shared side is aligned to 16, on a processor with AVX.
    #[inline]
    pub(super) unsafe fn line(shared: *const u8, to: *mut u8) {
        // SAFETY: every access lies within `shared..shared + 64` and `to..to + 64`.
        unsafe {
            asm!(
                "movups {a}, [{shared}]",
                "movups {b}, [{shared} + 16]",
                "movups {c}, [{shared} + 32]",
                "movups {d}, [{shared} + 48]",
                "movups [{to}], {a}",
                "movups [{to} + 16], {b}",
                "movups [{to} + 32], {c}",
                "movups [{to} + 48], {d}",
                shared = in(reg) shared, to = in(reg) to,
                a = out(xmm_reg) _, b = out(xmm_reg) _, c = out(xmm_reg) _, d = out(xmm_reg) _,
                options(nostack, preserves_flags),
            );
        }
    }

    /// A block of 128 bytes an iteration, and the last 128 bytes once more: copied twice where they
    /// overlap, which a torn-proof copy may be.
    ///
    /// # Safety
    ///
    /// As [`copy`].
    #[target_feature(enable = "avx")]
    unsafe fn avx(from: *const u8, to: *mut u8, len: usize) {
        // SAFETY: every access lies within `from..from + len` and `to..to + len`: `last` is `len - 128`,
        // `at` grows from 0 in steps of 128 while it is below `last`, and the final pass is at `last`.
        unsafe {
            asm!(
                "jmp 3f",
                "2:",
                "vmovdqu ymm0, [{from} + {at}]",
                "vmovdqu ymm1, [{from} + {at} + 32]",
                "vmovdqu ymm2, [{from} + {at} + 64]",
                "vmovdqu ymm3, [{from} + {at} + 96]",
                "vmovdqu [{to} + {at}], ymm0",
                "vmovdqu [{to} + {at} + 32], ymm1",
                "vmovdqu [{to} + {at} + 64], ymm2",
                "vmovdqu [{to} + {at} + 96], ymm3",
                "add {at}, 128",
                "3:",
                "cmp {at}, {last}",
                "jb 2b",
                "vmovdqu ymm0, [{from} + {last}]",
                "vmovdqu ymm1, [{from} + {last} + 32]",
                "vmovdqu ymm2, [{from} + {last} + 64]",
                "vmovdqu ymm3, [{from} + {last} + 96]",
                "vmovdqu [{to} + {last}], ymm0",
                "vmovdqu [{to} + {last} + 32], ymm1",
                "vmovdqu [{to} + {last} + 64], ymm2",
                "vmovdqu [{to} + {last} + 96], ymm3",
                "vzeroupper",
                from = in(reg) from, to = in(reg) to, last = in(reg) len - 128,
                at = inout(reg) 0_usize => _,
                // `vzeroupper` clears the upper halves of all of them: this may be inlined where they are
                // in use.
                out("ymm0") _, out("ymm1") _, out("ymm2") _, out("ymm3") _,
                out("ymm4") _, out("ymm5") _, out("ymm6") _, out("ymm7") _,
                out("ymm8") _, out("ymm9") _, out("ymm10") _, out("ymm11") _,
                out("ymm12") _, out("ymm13") _, out("ymm14") _, out("ymm15") _,
                options(nostack),
            );
        }
    }
}
