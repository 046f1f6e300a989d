//! The lock: who may change what lies behind it, and how it is taken from the dead.
//!
//! # The lock word
//!
//! | state | value |
//! |---|---|
//! | free | 0 |
//! | free, and somebody may sleep | 1 |
//! | held | the owner in bits 1 to 61: a number of the platform that names one thread |
//! | held, and somebody may sleep | as before, with bits 0 and 63 |
//! | left behind | as one of the two before, with bit 62 in place of the upper half of the owner |
//!
//! | transition | by | from | to | order |
//! |---|---|---|---|---|
//! | acquire | anybody | 0 | me | Acquire |
//! | acquire, contended | a thread that may have slept | 0, 1 | me, with the bits if it was 1 or I have slept | Acquire |
//! | announce | a thread that is about to sleep | held | held, with the bits | Relaxed |
//! | mark | the kernel, when a holder has ended | held | left behind, then wake one if bit 63 | (all) |
//! | take over | anybody, once the holder is dead | held, left behind: that very word | me, with the bits | Acquire |
//! | release | the holder | me | 0 | Release |
//! | release | the holder | me, with the bits | 1, then wake one; if nobody slept, 1 to 0 | Release, Relaxed |
//!
//! Sleepers sleep on the upper half, because that is the part that the kernel marks (see [`LockScope`](crate::sys::owner::LockScope)),
//! and bit 63 is where the kernel looks whether to wake somebody: this is its own form of a lock. Nothing relies on the
//! mark: when its sleep is over, a waiter looks for itself whether the holder is dead.
//!
//! The bits that say that somebody may sleep survive every hand-over until a release has found nobody to wake. A woken
//! waiter may be killed before it runs; then the next release must wake another one. For the same reason each sleep has a
//! bound.
//!
//! # Why these orders suffice on a weak machine
//!
//! What the lock guards is written between an exchange that acquires and an exchange that releases.
//!
//! - *Hand-over.* The acquiring exchange reads the value of a release, or of an exchange of the word that came after it
//!   (announce, 1 to 0). All changes of this word are read-modify-writes, so the latter continue the release sequence, and
//!   may be relaxed: the acquire still synchronises with the release. The new holder therefore sees everything that the
//!   last one wrote.
//! - *Takeover.* A dead holder has released nothing. The kernel ends a thread, with full barriers, before it lets anybody
//!   see that it has ended: by the mark, by waking, or in the answer to a question about the thread. So the stores of the
//!   dead come before our finding it dead, and that before the exchange. The exchange is an Acquire so that no access to
//!   what is guarded moves above it, and so that it synchronises with a release that the dead holder's own acquire read.
//! - *Announce* and *wake*. The kernel compares the word and puts the thread to sleep as one step, and a release changes the
//!   upper half before it wakes. Either the sleeper sees the new word, and does not sleep, or the release sees the bits, and
//!   wakes. No fence is needed: both are changes of the one word.

use core::sync::atomic::Ordering::{self, Acquire, Relaxed, Release};
use std::time::Duration;

use super::platform::{Backoff, Platform, System};
use crate::sync::Word;

const FREE: u64 = 0;
/// Free, and somebody may sleep.
const WAITED_FOR: u64 = 1;
/// Of a held word: somebody may sleep.
const WAITERS: u64 = WAITED_FOR | 1 << 63;

/// Short, because the first look at a holder that is being killed may come before the kernel has ended it.
const FIRST_SLEEP: Duration = Duration::from_micros(100);
const LONGEST_SLEEP: Duration = Duration::from_millis(32);

/// A lock in shared memory. It guards whatever its user says.
#[repr(transparent)]
pub(crate) struct LockWord<P: Platform = System> {
    word: P::U64,
}

/// What has become of an attempt to acquire the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// It was free, and is now held.
    Acquired,
    /// It was taken from a dead holder, and is now held.
    TakenOver,
    /// Others have held it for all of the time given.
    TimedOut {
        /// The lock word, with the last holder.
        word: u64,
        waited: Duration,
    },
    /// The word is this thread's, and this thread is within a change.
    Reentrant,
}

impl<P: Platform> LockWord<P> {
    #[cfg(test)]
    pub(crate) fn new(word: P::U64) -> Self {
        LockWord { word }
    }

    /// All changes of the word here are this one. A failure is Relaxed: what it finds is only compared.
    #[inline]
    fn exchange(&self, old: u64, new: u64, order: Ordering) -> Result<u64, u64> {
        self.word.compare_exchange(old, new, order, Relaxed)
    }

    /// Acquires the lock for the thread whose owner word is `me`, if the lock is free and nobody sleeps.
    #[inline]
    pub(crate) fn try_lock(&self, me: u64) -> bool {
        // Acquire: pairs with the releases in `try_unlock` and `unlock_contended`.
        self.exchange(FREE, me, Acquire).is_ok()
    }

    /// Acquires it, waiting for `limit` at most. `nested`: this thread holds a lock already, perhaps this one.
    ///
    /// It looks at the word before each exchange, because an exchange that fails takes the cache line from the holder.
    #[cold]
    pub(crate) fn lock_contended(&self, me: u64, limit: Option<Duration>, nested: bool) -> Attempt {
        let mut backoff = P::Backoff::start(limit);
        let mut slept = 0;
        let mut found_alive = None;
        loop {
            let word = match self.spin(me | slept, &mut backoff) {
                Ok(()) => return Attempt::Acquired,
                Err(word) => word,
            };
            if word <= WAITED_FOR && !backoff.is_over() {
                continue;
            }
            let owner = word & !WAITERS;
            let own = owner == me;
            if own && nested {
                return Attempt::Reentrant;
            }
            if word > WAITED_FOR && (own || found_alive != Some(owner)) {
                // This thread's own word although it holds nothing is a relic of the program that this process was before
                // it executed this one.
                if own || self.is_gone(owner, &mut backoff) {
                    if self.take_over(word, me) {
                        return Attempt::TakenOver;
                    }
                    // Another thread has changed the word, perhaps only to announce its sleep.
                    if !backoff.is_over() {
                        continue;
                    }
                } else {
                    found_alive = Some(owner);
                }
            }
            if backoff.is_over() {
                let waited = backoff.waited();
                return Attempt::TimedOut { word, waited };
            }
            let announced = word | WAITERS;
            if word != announced && self.exchange(word, announced, Relaxed).is_err() {
                continue;
            }
            slept = WAITERS;
            let bound = backoff.sleep(FIRST_SLEEP, LONGEST_SLEEP);
            P::sleep_on_lock(&self.word, announced, bound);
            // After a sleep the holder is looked at again.
            found_alive = None;
        }
    }

    /// Acquires it as soon as it is free, unless the time to spin is over first: then returns the word.
    fn spin(&self, mine: u64, backoff: &mut P::Backoff) -> Result<(), u64> {
        loop {
            let word = self.word.load(Relaxed);
            if word <= WAITED_FOR {
                let waited_for = if word == FREE { 0 } else { WAITERS };
                // Acquire: as in `try_lock`.
                if self.exchange(word, mine | waited_for, Acquire).is_ok() {
                    return Ok(());
                }
            }
            if !backoff.spin() {
                return Err(word);
            }
        }
    }

    fn is_gone(&self, owner: u64, backoff: &mut P::Backoff) -> bool {
        let address = core::ptr::from_ref(self).addr();
        P::is_dead(owner) || (backoff.another_second() && P::is_elsewhere(owner, address))
    }

    /// Takes the lock from a dead holder. The very word that was judged is exchanged, so if several threads judge it, one
    /// of them wins, and a holder that came meanwhile is safe.
    #[cold]
    fn take_over(&self, word: u64, me: u64) -> bool {
        // Acquire: see the head of this file.
        self.exchange(word, me | WAITERS, Acquire).is_ok()
    }

    /// Releases the lock if it is still this thread's, and nobody sleeps.
    #[inline]
    pub(crate) fn try_unlock(&self, me: u64) -> bool {
        // Release: pairs with the exchanges that acquire.
        self.exchange(me, FREE, Release).is_ok()
    }

    /// Releases the lock if it is still this thread's. If it was taken over or overwritten, it is left as it is.
    pub(crate) fn unlock_contended(&self, me: u64) {
        let mut word = me | WAITERS;
        // Repeated only if another program has set one of the two bits without the other.
        while word & !WAITERS == me {
            // Release: as in `try_unlock`.
            match self.exchange(word, WAITED_FOR, Release) {
                Ok(_) => {
                    if !P::wake_one(&self.word) {
                        let _ = self.exchange(WAITED_FOR, FREE, Relaxed);
                    }
                    return;
                }
                Err(now) => word = now,
            }
        }
    }

    /// The word as an atomic: its address tells the kernel which lock a thread is about to take.
    #[inline]
    pub(crate) fn as_atomic(&self) -> &P::U64 {
        &self.word
    }

    /// The word now: see the table at the head of this file.
    pub(crate) fn get(&self) -> u64 {
        self.word.load(Relaxed)
    }
}
