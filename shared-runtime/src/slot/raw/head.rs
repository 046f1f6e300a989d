//! The protocol of a lock-guarded slot: lock, takeover, commit, read, and waiting for a change.
//!
//! # The lock word
//!
//! | state | value |
//! |---|---|
//! | free | 0 |
//! | free, and somebody may sleep | 1 |
//! | held | bits 32 to 63: thread id; bits 1 to 31: its start tick mod 2^31, but never 0; bit 0: somebody may sleep |
//!
//! | transition | by | from | to | order |
//! |---|---|---|---|---|
//! | acquire | anybody | 0 | me | Acquire |
//! | acquire, contended | who may have slept | 0, 1 | me, with bit 0 if it was set or I have slept | Acquire |
//! | announce | who is about to sleep | held | held, bit 0 | Relaxed |
//! | take over | anybody, once the holder is dead | held, that very word | me, bit 0 | Acquire |
//! | release | the holder | me | 0 | Release |
//! | release | the holder | me, bit 0 | 1, then wake one; if nobody slept, 1 to 0 | Release, Relaxed |
//!
//! Bit 0 survives every hand-over until a release has found nobody to wake: a woken waiter may be killed
//! before it runs, and then the next release must wake another. That is also why each sleep has a bound.
//!
//! # The version and the images
//!
//! Version `v` says that image `v mod 4` is current. A commit writes image `v + 1 mod 4`, then the
//! version. A reader copies image `v mod 4` and looks at the version again: the image is overwritten by
//! the commit of `v + 4`, which starts once the version is `v + 3`; so a copy is whole if the version has
//! moved by at most 2. (After Lamport, "Concurrent Reading and Writing", 1977; the fences are those of
//! Boehm, "Can seqlocks get along with programming language memory models?", 2012.)

use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::time::Duration;

use super::env::{Env, Pace, Real, Shortcut, Word};
use super::event::Event;
use crate::access::Access;

/// How many images a slot has: a power of two, so that the version may wrap around.
pub(crate) const IMAGES: usize = 4;

const FREE: u64 = 0;
const WAITERS: u64 = 1;

/// The first look at a holder that is being killed may come before the kernel has ended it: so soon is the next one.
const FIRST_LOCK_SLEEP: Duration = Duration::from_micros(100);
const LONGEST_LOCK_SLEEP: Duration = Duration::from_millis(32);

/// The first words of the slot.
#[repr(C)]
pub(crate) struct Head<E: Env = Real> {
    lock: E::U64,
    version: E::U64,
    event: Event<E>,
    recoveries: E::U32,
}

const _: () = assert!(size_of::<Head<Real>>() == 24);

/// How the lock was got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Acquired {
    Free,
    /// From a holder that has died.
    TakenOver,
}

/// The lock was not got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// In time.
    TimedOut {
        /// The lock word: who had it last.
        word: u64,
        waited: Duration,
    },
    /// The word is this thread's, and this thread is within a change.
    Reentrant,
}

impl<E: Env> Head<E> {
    #[cfg(test)]
    pub(crate) fn new(lock: E::U64, version: E::U64, event: E::U32, recoveries: E::U32) -> Self {
        Head {
            lock,
            version,
            event: Event::new(event),
            recoveries,
        }
    }

    /// Acquires the lock for the thread whose word is `me`, waiting for `limit` at most.
    #[inline]
    pub(crate) fn lock(&self, me: u64, limit: Option<Duration>) -> Result<Acquired, Refused> {
        // Acquire: pairs with the release below, so that this holder sees what the last one stored.
        match self
            .lock
            .compare_exchange(FREE, me, acquire::<E>(), Relaxed)
        {
            Ok(_) => Ok(Acquired::Free),
            Err(_) => self.lock_contended(me, limit),
        }
    }

    #[cold]
    fn lock_contended(&self, me: u64, limit: Option<Duration>) -> Result<Acquired, Refused> {
        let mut pace = E::Pace::start(limit);
        let mut slept = 0;
        let mut found_alive = FREE;
        loop {
            let word = loop {
                let word = self.lock.load(Relaxed);
                if word <= WAITERS {
                    let mine = me | word | slept;
                    if self
                        .lock
                        .compare_exchange(word, mine, acquire::<E>(), Relaxed)
                        .is_ok()
                    {
                        return Ok(Acquired::Free);
                    }
                }
                if !pace.spin() {
                    break word;
                }
            };
            if word <= WAITERS && !pace.is_over() {
                continue;
            }
            let owner = word & !WAITERS;
            let own = owner == me;
            if own && E::holds_another() {
                return Err(Refused::Reentrant);
            }
            // A word of mine although I hold nothing is a relic of the program that this process was
            // before it executed this one.
            if owner != FREE && (own || owner != found_alive) {
                if own || self.is_gone(owner, &mut pace) {
                    if self.take_over(word, me) {
                        return Ok(Acquired::TakenOver);
                    }
                    // Another has changed the word, perhaps only to announce its sleep.
                    if !pace.is_over() {
                        continue;
                    }
                } else {
                    found_alive = owner;
                }
            }
            if pace.is_over() {
                return Err(Refused::TimedOut {
                    word,
                    waited: pace.waited(),
                });
            }
            if word & WAITERS == 0
                && self
                    .lock
                    .compare_exchange(word, word | WAITERS, Relaxed, Relaxed)
                    .is_err()
            {
                continue;
            }
            if E::SHORTCUT != Shortcut::ForgetWaiters {
                slept = WAITERS;
            }
            E::sleep_on_lock(
                &self.lock,
                word | WAITERS,
                pace.sleep(FIRST_LOCK_SLEEP, LONGEST_LOCK_SLEEP),
            );
            // Whoever holds it after a sleep is looked at again.
            found_alive = FREE;
        }
    }

    fn is_gone(&self, owner: u64, pace: &mut E::Pace) -> bool {
        let address = core::ptr::from_ref(self).addr();
        E::is_dead(owner) || (pace.another_second() && E::is_elsewhere(owner, address))
    }

    /// Takes the lock from a dead holder. The very word that was judged is exchanged, so of several who
    /// judge it one wins, and a holder that came meanwhile is safe.
    ///
    /// Acquire: the kernel ends a thread before it lets anybody see that it has, so the dead holder's
    /// stores come before our finding it dead, and with that before this.
    #[cold]
    fn take_over(&self, word: u64, me: u64) -> bool {
        let taken = self
            .lock
            .compare_exchange(word, me | WAITERS, Acquire, Relaxed)
            .is_ok();
        if taken {
            self.recoveries.fetch_add(1, Relaxed);
        }
        taken
    }

    /// Releases the lock if it is still this thread's; if it was taken over or scribbled upon, it is left.
    #[inline]
    pub(crate) fn unlock(&self, me: u64) {
        if E::SHORTCUT == Shortcut::UnlockBySwap {
            if self.lock.swap(FREE, Release) & WAITERS != 0 {
                E::wake_one(&self.lock);
            }
            return;
        }
        if self
            .lock
            .compare_exchange(me, FREE, release::<E>(), Relaxed)
            .is_err()
        {
            self.unlock_contended(me);
        }
    }

    #[cold]
    fn unlock_contended(&self, me: u64) {
        let left = if E::SHORTCUT == Shortcut::UnlockToZero {
            FREE
        } else {
            WAITERS
        };
        let released = self
            .lock
            .compare_exchange(me | WAITERS, left, release::<E>(), Relaxed);
        if released.is_ok() && !E::wake_one(&self.lock) {
            let _ = self.lock.compare_exchange(WAITERS, FREE, Relaxed, Relaxed);
        }
    }

    /// The version, for the holder of the lock.
    #[inline]
    pub(crate) fn held_version(&self) -> u64 {
        self.version.load(Relaxed)
    }

    /// Makes what `store` puts into the image that it is given the number of the current one. `version`
    /// is what [`held_version`](Self::held_version) returned.
    #[inline]
    pub(crate) fn commit(&self, version: u64, store: impl FnOnce(usize)) {
        let next = version.wrapping_add(1);
        // Pairs with the acquire fence in `try_read`: a reader that has read one of the stores below also
        // sees the version from before them, which tells it that its copy may be torn.
        if E::SHORTCUT != Shortcut::NoReleaseFence {
            E::fence(Release);
        }
        store(image_of::<E>(next));
        // Pairs with the first load in `try_read`: who sees this version sees the image.
        let order = if E::SHORTCUT == Shortcut::RelaxedVersion {
            Relaxed
        } else {
            Release
        };
        self.version.store(next, order);
    }

    /// Copies the current image with `copy`; whether the copy is whole.
    #[inline]
    pub(crate) fn try_read<A: Access>(&self, copy: impl FnOnce(usize)) -> bool {
        // On a read-only mapping only relaxed loads are defined; the fence makes up for it.
        let before = if A::WRITABLE {
            self.version.load(Acquire)
        } else {
            let version = self.version.load(Relaxed);
            E::fence(Acquire);
            version
        };
        copy(image_of::<E>(before));
        if E::SHORTCUT != Shortcut::NoAcquireFence {
            E::fence(Acquire);
        }
        let moved = self.version.load(Relaxed).wrapping_sub(before);
        let most = if E::SHORTCUT == Shortcut::ValidOneMore {
            images::<E>() - 1
        } else {
            images::<E>() - 2
        };
        moved <= most as u64
    }

    pub(crate) fn version(&self) -> u64 {
        // Relaxed, then the fence: defined on a read-only mapping too.
        let version = self.version.load(Relaxed);
        E::fence(Acquire);
        version
    }

    /// Who holds it now, for a look: see the table above.
    pub(crate) fn lock_word(&self) -> u64 {
        self.lock.load(Relaxed)
    }

    pub(crate) fn recoveries(&self) -> u32 {
        self.recoveries.load(Relaxed)
    }

    /// Wakes those who wait for a change, after it has been made. Called after `unlock`, whose
    /// read-modify-write is the first half of the barrier.
    #[inline]
    pub(crate) fn notify(&self) {
        #[cfg(test)]
        if E::SHORTCUT == Shortcut::WatchersFlag {
            return self.event.notify_by_flag(|| E::wake_one(&self.version));
        }
        self.event.notify();
    }

    /// Waits until `check` returns something, evaluating it at least once after each change; `None` after
    /// `limit`.
    pub(crate) fn wait<R>(
        &self,
        limit: Option<Duration>,
        check: impl FnMut() -> Option<R>,
    ) -> Option<R> {
        #[cfg(test)]
        if E::SHORTCUT == Shortcut::WatchersFlag {
            return self.event.wait_by_flag(&self.version, check);
        }
        self.event.wait(limit, check)
    }

    #[cfg(feature = "tokio")]
    pub(crate) fn event(&self) -> &Event<E> {
        &self.event
    }
}

/// The image that is current at that version.
#[inline]
#[allow(clippy::cast_possible_truncation)] // the low bits decide
pub(super) fn image_of<E: Env>(version: u64) -> usize {
    version as usize % images::<E>()
}

#[inline]
fn images<E: Env>() -> usize {
    if E::SHORTCUT == Shortcut::ThreeImages {
        3
    } else {
        IMAGES
    }
}

fn acquire<E: Env>() -> core::sync::atomic::Ordering {
    if E::SHORTCUT == Shortcut::RelaxedHandOver {
        Relaxed
    } else {
        Acquire
    }
}

fn release<E: Env>() -> core::sync::atomic::Ordering {
    if E::SHORTCUT == Shortcut::RelaxedHandOver {
        Relaxed
    } else {
        Release
    }
}
