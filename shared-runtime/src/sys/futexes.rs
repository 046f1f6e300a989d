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

    fn wait(self) -> Wait {
        let mut wait = Wait::new();
        wait.val = self.seen.into();
        wait.uaddr = WaitPtr::new(core::ptr::with_exposed_provenance_mut(self.address));
        wait.flags = WaitFlags::SIZE_U32;
        wait
    }
}

/// On how many words a thread can sleep besides one of its own.
pub(crate) fn most_beside_another() -> usize {
    /// `FUTEX_WAITV_MAX`.
    const MOST: usize = 128;
    if has_waitv() { MOST - 1 } else { 1 }
}

fn has_waitv() -> bool {
    const UNKNOWN: u8 = 0;
    const NO: u8 = 1;
    const YES: u8 = 2;
    static KNOWN: AtomicU8 = AtomicU8::new(UNKNOWN);
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
/// Where a thread can sleep on one word alone, it is `own` only if there is no other.
pub(crate) fn sleep_on_any(own: Word, words: &[Word], limit: Option<Duration>) -> Asleep {
    let both = [&[own], words].concat();
    let sleeps_on = match (has_waitv(), words) {
        (false, [_, ..]) => words,
        (_, _) => &both,
    };
    match wait(sleeps_on, limit) {
        Ok(woken) if sleeps_on[woken] != own => Asleep::Woken(sleeps_on[woken]),
        Ok(_) | Err(Errno::INTR | Errno::TIMEDOUT) => Asleep::Neither,
        Err(Errno::AGAIN | Errno::FAULT) => Asleep::Changed,
        // As in `sleep`: no busy loop.
        Err(_) => {
            std::thread::sleep(limit.unwrap_or(Duration::from_millis(100)));
            Asleep::Neither
        }
    }
}

/// Whether the word is not what was seen, or not there: the kernel looks.
pub(crate) fn has_changed(word: Word) -> bool {
    wait(&[word], Some(Duration::ZERO)) != Err(Errno::TIMEDOUT)
}

fn wait(words: &[Word], limit: Option<Duration>) -> Result<usize, Errno> {
    if !has_waitv() {
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
    let address = core::ptr::with_exposed_provenance::<u32>(word.address);
    let limit = limit
        .as_ref()
        .map_or(core::ptr::null(), core::ptr::from_ref);
    // SAFETY: the kernel reads four bytes at the address if they are mapped, and the time, which lives.
    let answer =
        unsafe { libc::syscall(libc::SYS_futex, address, libc::FUTEX_WAIT, word.seen, limit) };
    if answer == 0 {
        return Ok(0);
    }
    let error = std::io::Error::last_os_error();
    Err(Errno::from_io_error(&error).unwrap_or(Errno::INVAL))
}
