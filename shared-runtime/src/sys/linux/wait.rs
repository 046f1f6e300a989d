//! Sleeping on a word of shared memory, and waking the sleepers of all processes.
//!
//! The calls are the shared kind: ready-made wrappers set `FUTEX_PRIVATE_FLAG`, with which processes
//! silently miss each other.

#![allow(unsafe_code)]

use std::time::Duration;

use rustix::io::Errno;
use rustix::thread::futex::{self, Flags, Timespec};

use crate::sync::{AtomicU32, AtomicU64};

/// Sleeps while the upper half of the lock word is that of `seen`, for `limit` at most. May return early.
pub(crate) fn sleep_on_lock(word: &AtomicU64, seen: u64, limit: Duration) {
    #[allow(clippy::cast_possible_truncation)] // the upper half
    let seen = (seen >> 32) as u32;
    sleep_on_event(upper_half(word), seen, limit);
}

/// Wakes one thread that sleeps on the lock word; whether there was one.
pub(crate) fn wake_one(word: &AtomicU64) -> bool {
    wake(upper_half(word), 1) > 0
}

/// Sleeps while the word is `seen`, for `limit` at most. May return early.
pub(crate) fn sleep_on_event(word: &AtomicU32, seen: u32, limit: Duration) {
    match futex::wait(word, Flags::empty(), seen, Some(&timespec(limit))) {
        Ok(()) | Err(Errno::AGAIN | Errno::INTR | Errno::TIMEDOUT) => {}
        // A kernel or a filter that refuses the call must not turn the wait into a busy loop.
        Err(_) => std::thread::sleep(limit),
    }
}

/// Wakes all threads that sleep on the word.
pub(crate) fn wake_all(word: &AtomicU32) {
    wake(word, i32::MAX as u32);
}

/// Wakes at most so many of the sleepers; how many.
fn wake(word: &AtomicU32, most: u32) -> usize {
    futex::wake(word, Flags::empty(), most).unwrap_or(0)
}

pub(super) fn timespec(limit: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(limit.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: limit.subsec_nanos().into(),
    }
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
