//! Sleeping on a word of shared memory, and waking the sleepers of all processes.
//!
//! Without `FUTEX_PRIVATE_FLAG`, which ready-made wrappers set: with it, a process wakes only its own threads.

#![allow(unsafe_code)]

use std::io;
use std::time::Duration;

use super::call::timespec;
use crate::sync::{AtomicU32, AtomicU64};

/// Compares only the upper half of the word with that of `seen`.
pub(crate) fn sleep_on_lock(word: &AtomicU64, seen: u64, limit: Duration) {
    #[allow(clippy::cast_possible_truncation)] // the upper half
    let seen = (seen >> 32) as u32;
    sleep_on_event(upper_half(word), seen, limit);
}

pub(crate) fn wake_one(word: &AtomicU64) -> bool {
    wake(upper_half(word), 1) > 0
}

pub(crate) fn sleep_on_event(word: &AtomicU32, seen: u32, limit: Duration) {
    let time = timespec(limit);
    // SAFETY: the kernel loads the word, and reads the time; both live.
    let answer = unsafe {
        libc::syscall(
            libc::SYS_futex,
            word.as_ptr(),
            libc::FUTEX_WAIT,
            seen,
            &raw const time,
        )
    };
    let expected = [libc::EAGAIN, libc::EINTR, libc::ETIMEDOUT].map(Some);
    // A kernel or a filter that refuses the call must not turn the wait into a busy loop.
    if answer != 0 && !expected.contains(&io::Error::last_os_error().raw_os_error()) {
        std::thread::sleep(limit);
    }
}

pub(crate) fn wake_all(word: &AtomicU32) {
    wake(word, i32::MAX);
}

/// Wakes at most that many of the sleepers; how many it woke, or a negative number if the call was refused.
fn wake(word: &AtomicU32, most: i32) -> i64 {
    // SAFETY: the kernel uses the address of the word only.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE, most) }
}

/// The half of a lock word that the kernel compares, because it is the half that the kernel marks when an owner ends.
/// Only its address is used.
fn upper_half(word: &AtomicU64) -> &AtomicU32 {
    let half = core::ptr::from_ref(word)
        .cast::<AtomicU32>()
        .wrapping_add(1);
    // SAFETY: the machine is little-endian, so this is the upper half; it is aligned, and lives as long as the word.
    // Nobody loads or stores through the reference.
    unsafe { &*half }
}
