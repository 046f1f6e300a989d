//! Memory that a fork shares.

#![allow(unsafe_code)]

use std::ptr;

/// On cache lines of its own, also of those that a processor fetches in pairs.
#[repr(C, align(128))]
pub(crate) struct Line<T>(pub(crate) T);

/// A `T` of zeros that the processes forked from this one share. Never unmapped.
///
/// # Safety
///
/// Zeros are a valid `T`, and it is sound to use it from several processes at a time.
pub(crate) unsafe fn shared_zeros<T>() -> &'static T {
    let access = libc::PROT_READ | libc::PROT_WRITE;
    let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
    // SAFETY: no address is asked for, so nothing that exists is replaced.
    let base = unsafe { libc::mmap(ptr::null_mut(), size_of::<T>(), access, flags, -1, 0) };
    assert!(base != libc::MAP_FAILED, "mmap");
    // SAFETY: mapped, zeroed, aligned to a page, never unmapped; the rest is the caller's word.
    unsafe { &*base.cast() }
}
