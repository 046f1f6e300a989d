//! Sleeping on a word of shared memory, and waking who sleeps there.
//!
//! The calls are the shared kind: ready-made wrappers set `FUTEX_PRIVATE_FLAG`, with which processes
//! silently miss each other.

#![allow(unsafe_code)]

use std::time::Duration;

use rustix::io::Errno;
use rustix::thread::futex::{self, Flags, Timespec};

use crate::sync::{AtomicU32, AtomicU64};

/// The half of the word that the kernel compares. Only its address is used.
pub(crate) fn upper_half(word: &AtomicU64) -> &AtomicU32 {
    let half = core::ptr::from_ref(word)
        .cast::<AtomicU32>()
        .wrapping_add(1);
    // SAFETY: the machine is little-endian, so this is the upper half; it is aligned, and lives as long as the word.
    // Nobody loads or stores through the reference.
    unsafe { &*half }
}

/// Sleeps while `word` is the low half of `seen`, for `limit` at most. May return early.
pub(crate) fn sleep(word: &AtomicU32, seen: u64, limit: Duration) {
    let timeout = Timespec {
        tv_sec: i64::try_from(limit.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: limit.subsec_nanos().into(),
    };
    #[allow(clippy::cast_possible_truncation)] // the low half
    let seen = seen as u32;
    match futex::wait(word, Flags::empty(), seen, Some(&timeout)) {
        Ok(()) | Err(Errno::AGAIN | Errno::INTR | Errno::TIMEDOUT) => {}
        // A kernel or a filter that refuses the call must not turn the wait into a busy loop.
        Err(_) => std::thread::sleep(limit),
    }
}

/// Wakes up to `most` of those who sleep on `word`; how many.
pub(crate) fn wake(word: &AtomicU32, most: u32) -> usize {
    futex::wake(word, Flags::empty(), most).unwrap_or(0)
}
