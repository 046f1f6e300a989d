//! Waiting for a change, and telling that there was one.
//!
//! The word is a counter and a flag: odd while somebody waits, and each notification of waiters makes it the next even
//! number. A waiter makes it odd, looks at the value once more, and sleeps on that very number:
//!
//! | transition | by | from | to | order |
//! |---|---|---|---|---|
//! | announce | who is about to sleep | e | e, bit 0 | `SeqCst` |
//! | notify | who has changed the value, and sees bit 0 | e, odd | e + 1, then wake all | `SeqCst` |
//!
//! No change is missed: the writer stores the value and then loads this word, the waiter stores this word and then
//! loads the value, each with a full barrier in between. So either the writer sees the odd number, or the waiter, which
//! has not gone to sleep yet, sees the new value. (The pattern is that of an event count, by Reed and Kanodia,
//! "Synchronization with eventcounts and sequencers", 1979.)
//!
//! A writer may be killed between its change and the notification, so each sleep has a bound.

use core::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use super::env::{Env, Pace, Real, Word};

/// Not sooner: a wake-up that comes just before the kernel's timer takes some microseconds more.
const FIRST_SLEEP: Duration = Duration::from_millis(20);
const LONGEST_SLEEP: Duration = Duration::from_millis(100);

/// Odd: somebody waits for a change, and sleeps on this word.
#[repr(transparent)]
pub(crate) struct Event<E: Env = Real> {
    word: E::U32,
}

impl<E: Env> Event<E> {
    #[cfg(test)]
    pub(crate) fn new(word: E::U32) -> Self {
        Event { word }
    }

    /// Wakes those who wait for a change, after it has been made by a read-modify-write, or before one: that is the
    /// first half of the barrier.
    #[inline]
    pub(crate) fn notify(&self) {
        // Pairs with the exchange in `announce`.
        let word = self.load_after_rmw();
        if word & 1 != 0 {
            self.wake(word);
        }
    }

    /// Whether [`notify`](Self::notify), in its place, would wake anybody.
    #[inline]
    pub(crate) fn is_waited_for(&self) -> bool {
        self.load_after_rmw() & 1 != 0
    }

    #[inline]
    fn load_after_rmw(&self) -> u32 {
        E::barrier_after_rmw();
        self.word.load(SeqCst)
    }

    #[cold]
    #[inline(never)] // so that what is inlined is a load and a branch
    fn wake(&self, odd: u32) {
        // If this fails, another has notified, and who waits since then has looked since then.
        let next = odd.wrapping_add(1);
        let _ = self.word.compare_exchange(odd, next, SeqCst, SeqCst);
        E::wake_all(&self.word);
    }

    /// Says that somebody waits. Who then looks at the value, and does not find what it waits for, may sleep while the
    /// word is what this returns.
    pub(crate) fn announce(&self) -> u32 {
        let word = self.word.fetch_or(1, SeqCst) | 1;
        E::fence(SeqCst);
        word
    }

    /// Waits until `check` returns something, evaluating it at least once after each change; `None` after
    /// `limit`.
    pub(crate) fn wait<R>(
        &self,
        limit: Option<Duration>,
        mut check: impl FnMut() -> Option<R>,
    ) -> Option<R> {
        if let Some(result) = check() {
            return Some(result);
        }
        let mut pace = E::Pace::start(limit);
        loop {
            while pace.look_again() {
                if let Some(result) = check() {
                    return Some(result);
                }
            }
            let word = self.announce();
            if let Some(result) = check() {
                return Some(result);
            }
            if pace.is_over() {
                return None;
            }
            E::sleep_on_event(&self.word, word, pace.sleep(FIRST_SLEEP, LONGEST_SLEEP));
        }
    }
}

#[cfg(feature = "async")]
impl Event {
    pub(crate) fn load(&self) -> u32 {
        self.word.load(SeqCst)
    }

    /// What is slept on.
    pub(crate) fn word(&self) -> &crate::sync::AtomicU32 {
        &self.word
    }
}

#[cfg(test)]
impl<E: Env> Event<E> {
    /// As it must not be done: the writer clears a flag, and waiters sleep on the value's version.
    pub(crate) fn notify_by_flag(&self, wake_one: impl FnOnce() -> bool) {
        E::barrier_after_rmw();
        if self.word.load(SeqCst) & 1 != 0 {
            self.word.store(0, SeqCst);
            wake_one();
        }
    }

    pub(crate) fn wait_by_flag<R>(
        &self,
        version: &E::U64,
        mut check: impl FnMut() -> Option<R>,
    ) -> Option<R> {
        loop {
            self.word.store(1, SeqCst);
            E::fence(SeqCst);
            let seen = version.load(SeqCst);
            if let Some(result) = check() {
                return Some(result);
            }
            E::sleep_on_version(version, seen);
        }
    }
}
