//! Waiting for a change, and telling that there was one.
//!
//! The word is a counter and a flag: odd while somebody waits, and each notification of waiters makes it the next even
//! number. A waiter makes it odd, looks at the value once more, and sleeps on that very number:
//!
//! | transition | by | from | to | order |
//! |---|---|---|---|---|
//! | announce | a waiter that is about to sleep | e | e, bit 0 | `SeqCst` |
//! | notify | a writer that has changed the value, and sees bit 0 | e, odd | e + 1, then wake all | `SeqCst` |
//!
//! The pattern is that of an event count (Reed and Kanodia, "Synchronization with eventcounts and sequencers", 1979).
//!
//! A writer may be killed between its change and the notification, so each sleep has a bound.
//!
//! # Why these orders suffice on a weak machine
//!
//! No change is missed, because of a full barrier on each side. The writer changes the value, runs a barrier, and loads this
//! word (`load_after_rmw`); the waiter changes this word, runs a barrier, and loads the value (`announce`, then its check).
//! Acquire and release do not suffice for this: each side stores to one place and loads from another, and only
//! sequentially consistent fences forbid that both loads return the old value. With them, either the writer sees the odd
//! number, or the waiter, which has not gone to sleep yet, sees the new value.
//!
//! The barriers are fences, except on x86-64, where the writer's own read-modify-write is one. Elsewhere no read-modify-write
//! does in their place: it orders only with accesses that are sequentially consistent themselves, and the release of a lock,
//! the words of an image and the load of a value are not.
//!
//! After the writer's exchange of the word, a waiter that compares it with the odd number does not go to sleep: the kernel
//! compares and enqueues as one step, and the writer wakes after the exchange.

use core::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use super::platform::{Backoff, Platform, System};
use crate::sync::Word;

/// Not shorter: a wake-up that comes just before the kernel's timer takes some microseconds more.
const FIRST_SLEEP: Duration = Duration::from_millis(20);
const LONGEST_SLEEP: Duration = Duration::from_millis(100);

/// Odd: somebody waits for a change, and sleeps on this word.
#[repr(transparent)]
pub(crate) struct Event<P: Platform = System> {
    word: P::U32,
}

impl<P: Platform> Event<P> {
    #[cfg(test)]
    pub(crate) fn new(word: P::U32) -> Self {
        Event { word }
    }

    /// Wakes the waiters for a change. The change has been made by a read-modify-write, or a read-modify-write has
    /// come after it: on x86-64 that is the barrier.
    #[inline]
    pub(crate) fn notify(&self) {
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
        // Pairs with the fence in `announce`.
        P::barrier_after_rmw();
        self.word.load(SeqCst)
    }

    #[cold]
    #[inline(never)] // so that what is inlined is a load and a branch
    fn wake(&self, odd: u32) {
        // If this fails, another writer has notified the waiters, and those that came later have looked at the value since.
        let next = odd.wrapping_add(1);
        let _ = self.word.compare_exchange(odd, next, SeqCst, SeqCst);
        P::wake_all(&self.word);
    }

    /// Says that somebody waits. A waiter that looks at the value after this, and does not find what it waits for, may
    /// sleep while the word is what this returns.
    pub(crate) fn announce(&self) -> u32 {
        let word = self.word.fetch_or(1, SeqCst) | 1;
        // Pairs with the barrier in `load_after_rmw`.
        P::fence(SeqCst);
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
        let mut backoff = P::Backoff::start(limit);
        loop {
            while backoff.spin_for_change() {
                if let Some(result) = check() {
                    return Some(result);
                }
            }
            let word = self.announce();
            if let Some(result) = check() {
                return Some(result);
            }
            if backoff.is_over() {
                return None;
            }
            P::sleep_on_event(&self.word, word, backoff.sleep(FIRST_SLEEP, LONGEST_SLEEP));
        }
    }
}

#[cfg(feature = "async")]
impl Event {
    pub(crate) fn load(&self) -> u32 {
        self.word.load(SeqCst)
    }

    /// The word that waiters sleep on.
    pub(crate) fn word(&self) -> &crate::sync::AtomicU32 {
        &self.word
    }
}
