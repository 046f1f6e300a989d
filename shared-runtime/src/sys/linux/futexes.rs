//! Sleeping on several words at once, none of which need stay mapped.

#![allow(unsafe_code)]

use std::time::Duration;

use rustix::io::Errno;
use rustix::thread::futex::{Timespec, Wait, WaitFlags, WaitPtr, WaitvFlags, waitv};
use rustix::time::{ClockId, clock_gettime};

use crate::sync::{AtomicU8, AtomicU32, Ordering};

/// A word, by its address, which may be no longer mapped, and what was seen there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Word {
    address: usize,
    seen: u32,
}

/// How a sleep on several words has ended.
#[derive(Debug)]
pub(crate) enum Asleep {
    /// By a wake-up on that word.
    Woken(Word),
    /// At least one of the words is not what was seen, or not there.
    Changed,
    /// By a wake-up on the word that is the sleeper's own, or by itself.
    Neither,
}

impl Word {
    pub(crate) fn new(word: &AtomicU32, seen: u32) -> Self {
        let address = core::ptr::from_ref(word).expose_provenance();
        Word { address, seen }
    }

    pub(crate) fn was_seen_as(self, seen: u32) -> bool {
        self.seen == seen
    }

    /// For the kernel alone.
    fn pointer(self) -> *mut core::ffi::c_void {
        core::ptr::with_exposed_provenance_mut(self.address)
    }

    fn wait(self) -> Wait {
        let mut wait = Wait::new();
        wait.val = self.seen.into();
        wait.uaddr = WaitPtr::new(self.pointer());
        wait.flags = WaitFlags::SIZE_U32;
        wait
    }
}

/// On how many words a thread can sleep besides one of its own. If [`sleeps_on_one`], on one instead of that.
pub(crate) fn most() -> usize {
    /// `FUTEX_WAITV_MAX`.
    const MOST: usize = 128;
    if has_waitv() { MOST - 1 } else { 1 }
}

/// Whether a thread can only sleep on one word at a time.
pub(crate) fn sleeps_on_one() -> bool {
    !has_waitv()
}

/// Whether the kernel has `futex_waitv`, and permits it.
static KNOWN: AtomicU8 = AtomicU8::new(UNKNOWN);
const UNKNOWN: u8 = 0;
const NO: u8 = 1;
const YES: u8 = 2;

fn has_waitv() -> bool {
    match KNOWN.load(Ordering::Relaxed) {
        UNKNOWN => {
            let word = AtomicU32::new(0);
            // It does not sleep, because the word is not what is said to have been seen.
            let waits = [Word::new(&word, 1).wait()];
            let answer = waitv(&waits, WaitvFlags::empty(), None, ClockId::Monotonic);
            let has = answer == Err(Errno::AGAIN);
            KNOWN.store(if has { YES } else { NO }, Ordering::Relaxed);
            has
        }
        known => known == YES,
    }
}

/// Sleeps until one of the words is not what was seen, or woken, for `limit` at most.
///
/// If [`sleeps_on_one`], that is the first of `words`; `own` only if there is none.
pub(crate) fn sleep_on_any(own: Word, words: &[Word], limit: Option<Duration>) -> Asleep {
    let both = [&[own], words].concat();
    let sleeps_on = match words {
        [first, ..] if sleeps_on_one() => core::slice::from_ref(first),
        _ => &both,
    };
    match wait(sleeps_on, limit) {
        Ok(woken) if sleeps_on[woken] != own => Asleep::Woken(sleeps_on[woken]),
        Ok(_) | Err(Errno::INTR | Errno::TIMEDOUT) => Asleep::Neither,
        Err(Errno::AGAIN | Errno::FAULT) => Asleep::Changed,
        // The process has given itself a filter since it was tried.
        Err(Errno::NOSYS | Errno::PERM) if has_waitv() => {
            KNOWN.store(NO, Ordering::Relaxed);
            Asleep::Neither
        }
        // As in `sleep`: no busy loop.
        Err(_) => {
            std::thread::sleep(limit.unwrap_or(Duration::from_millis(100)));
            Asleep::Neither
        }
    }
}

/// Whether the word is not what was seen, or not there: the kernel looks.
pub(crate) fn has_changed(word: Word) -> bool {
    // Compares, and then moves nobody to nowhere: a sleep of no time would compare too, and take a timer.
    let nobody: usize = 0;
    // SAFETY: the kernel reads four bytes at the address if they are mapped.
    let answer = unsafe {
        libc::syscall(
            libc::SYS_futex,
            word.pointer(),
            libc::FUTEX_CMP_REQUEUE,
            nobody,
            nobody,
            word.pointer(),
            word.seen,
        )
    };
    answer != 0
}

fn wait(words: &[Word], limit: Option<Duration>) -> Result<usize, Errno> {
    if sleeps_on_one() {
        return wait_for_one(words[0], limit);
    }
    let waits: Vec<Wait> = words.iter().map(|word| word.wait()).collect();
    // The limit of this call is a point in time.
    let end = limit.map(|limit| clock_gettime(ClockId::Monotonic) + timespec(limit));
    waitv(
        &waits,
        WaitvFlags::empty(),
        end.as_ref(),
        ClockId::Monotonic,
    )
}

fn timespec(limit: Duration) -> Timespec {
    Timespec {
        tv_sec: i64::try_from(limit.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: limit.subsec_nanos().into(),
    }
}

fn wait_for_one(word: Word, limit: Option<Duration>) -> Result<usize, Errno> {
    let limit = limit.map(|limit| libc::timespec {
        tv_sec: i64::try_from(limit.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: limit.subsec_nanos().into(),
    });
    let limit = limit
        .as_ref()
        .map_or(core::ptr::null(), core::ptr::from_ref);
    // SAFETY: the kernel reads four bytes at the address if they are mapped, and the time, which lives.
    let answer = unsafe {
        libc::syscall(
            libc::SYS_futex,
            word.pointer(),
            libc::FUTEX_WAIT,
            word.seen,
            limit,
        )
    };
    if answer == 0 {
        return Ok(0);
    }
    let error = std::io::Error::last_os_error();
    Err(Errno::from_io_error(&error).unwrap_or(Errno::INVAL))
}
