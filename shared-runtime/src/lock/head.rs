//! The protocol of a lock-guarded slot: lock, takeover, commit, read, and waiting for a change.
//!
//! # The lock word
//!
//! | state | value |
//! |---|---|
//! | free | 0 |
//! | free, and somebody may sleep | 1 |
//! | held | bits 32 to 61: thread id; bits 1 to 31: its start tick mod 2^31 |
//! | held, and somebody may sleep | as before, with bits 0 and 63 |
//! | left behind | as one of the two before, with bit 62 in place of the thread id |
//!
//! | transition | by | from | to | order |
//! |---|---|---|---|---|
//! | acquire | anybody | 0 | me | Acquire |
//! | acquire, contended | who may have slept | 0, 1 | me, with the bits if 1 or I have slept | Acquire |
//! | announce | who is about to sleep | held | held, with the bits | Relaxed |
//! | mark | the kernel, when a holder has ended | held | left behind, then wake one if bit 63 | all of them |
//! | take over | anybody, once the holder is dead | held, left behind: that very word | me, with the bits | Acquire |
//! | release | the holder | me | 0 | Release |
//! | release | the holder | me, with the bits | 1, then wake one; if nobody slept, 1 to 0 | Release, Relaxed |
//!
//! Sleepers sleep on the upper half, because that is what the kernel marks (see [`owner`](crate::sys::owner)), and bit
//! 63 is where it looks whether to wake: its own form of a lock. Nobody relies on the mark: who waits looks for himself
//! whether the holder is dead, when the bound of its sleep is over.
//!
//! That somebody may sleep survives every hand-over until a release has found nobody to wake: a woken waiter may be
//! killed before it runs, and then the next release must wake another. That is also why each sleep has a bound.
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
/// Free, and somebody may sleep.
const WAITED_FOR: u64 = 1;
/// Of a held word: somebody may sleep.
const WAITERS: u64 = WAITED_FOR | 1 << 63;

/// What is set in a held word by who is about to sleep.
const fn waiters<E: Env>() -> u64 {
    match E::SHORTCUT {
        Shortcut::HideWaiters => WAITED_FOR,
        _ => WAITERS,
    }
}

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

    /// Acquires the lock for the thread whose word is `me`, if it is free and nobody sleeps.
    #[inline]
    pub(crate) fn try_lock(&self, me: u64) -> bool {
        // Acquire: pairs with the release below, so that this holder sees what the last one stored.
        self.lock
            .compare_exchange(FREE, me, acquire::<E>(), Relaxed)
            .is_ok()
    }

    /// Acquires it, waiting for `limit` at most. `nested`: this thread holds a lock already, perhaps this one.
    #[cold]
    pub(crate) fn lock_contended(
        &self,
        me: u64,
        limit: Option<Duration>,
        nested: bool,
    ) -> Result<Acquired, Refused> {
        let mut pace = E::Pace::start(limit);
        let mut slept = 0;
        let mut found_alive = None;
        loop {
            let word = loop {
                let word = self.lock.load(Relaxed);
                if word <= WAITED_FOR {
                    let waited_for = if word == FREE { 0 } else { waiters::<E>() };
                    let mine = me | waited_for | slept;
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
            if word <= WAITED_FOR && !pace.is_over() {
                continue;
            }
            let owner = word & !WAITERS;
            let own = owner == me;
            if own && nested {
                return Err(Refused::Reentrant);
            }
            // A word of mine although I hold nothing is a relic of the program that this process was
            // before it executed this one.
            if word > WAITED_FOR && (own || found_alive != Some(owner)) {
                if own || self.is_gone(owner, &mut pace) {
                    if self.take_over(word, me) {
                        return Ok(Acquired::TakenOver);
                    }
                    // Another has changed the word, perhaps only to announce its sleep.
                    if !pace.is_over() {
                        continue;
                    }
                } else {
                    found_alive = Some(owner);
                }
            }
            if pace.is_over() {
                return Err(Refused::TimedOut {
                    word,
                    waited: pace.waited(),
                });
            }
            if word & waiters::<E>() != waiters::<E>()
                && self
                    .lock
                    .compare_exchange(word, word | waiters::<E>(), Relaxed, Relaxed)
                    .is_err()
            {
                continue;
            }
            if E::SHORTCUT != Shortcut::ForgetWaiters {
                slept = waiters::<E>();
            }
            E::sleep_on_lock(
                &self.lock,
                word | waiters::<E>(),
                pace.sleep(FIRST_LOCK_SLEEP, LONGEST_LOCK_SLEEP),
            );
            // Whoever holds it after a sleep is looked at again.
            found_alive = None;
        }
    }

    fn is_gone(&self, owner: u64, pace: &mut E::Pace) -> bool {
        let address = core::ptr::from_ref(self).addr();
        E::is_dead(owner) || (pace.another_second() && E::is_elsewhere(owner, address))
    }

    /// Takes the lock from a dead holder. The very word that was judged is exchanged, so of several who
    /// judge it one wins, and a holder that came meanwhile is safe.
    ///
    /// Acquire: the kernel ends a thread before it lets anybody see that it has, be it by the mark, so the dead
    /// holder's stores come before our finding it dead, and with that before this.
    #[cold]
    fn take_over(&self, word: u64, me: u64) -> bool {
        let taken = self
            .lock
            .compare_exchange(word, me | waiters::<E>(), Acquire, Relaxed)
            .is_ok();
        if taken {
            self.recoveries.fetch_add(1, Relaxed);
            // The dead holder may have committed, and died before it notified.
            if E::SHORTCUT != Shortcut::SilentTakeover {
                self.notify();
            }
        }
        taken
    }

    /// Releases the lock if it is still this thread's, and nobody sleeps.
    #[inline]
    pub(crate) fn try_unlock(&self, me: u64) -> bool {
        if E::SHORTCUT == Shortcut::UnlockBySwap {
            if self.lock.swap(FREE, Release) & WAITED_FOR != 0 {
                E::wake_one(&self.lock);
            }
            return true;
        }
        self.lock
            .compare_exchange(me, FREE, release::<E>(), Relaxed)
            .is_ok()
    }

    /// Releases the lock if it is still this thread's; if it was taken over or scribbled upon, it is left.
    pub(crate) fn unlock_contended(&self, me: u64) {
        let left = if E::SHORTCUT == Shortcut::UnlockToZero {
            FREE
        } else {
            WAITED_FOR
        };
        let mut word = me | WAITERS;
        // Again only if somebody has set one of the two bits without the other, which nobody here does.
        while word & !WAITERS == me {
            match self
                .lock
                .compare_exchange(word, left, release::<E>(), Relaxed)
            {
                Ok(_) => {
                    if !E::wake_one(&self.lock) {
                        let _ = self
                            .lock
                            .compare_exchange(WAITED_FOR, FREE, Relaxed, Relaxed);
                    }
                    return;
                }
                Err(now) => word = now,
            }
        }
    }

    /// Only for its address.
    #[inline]
    pub(crate) fn lock_address(&self) -> &E::U64 {
        &self.lock
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

    /// Whether somebody waits for a change, which has been made: then [`notify`](Self::notify). Called after a
    /// read-modify-write of the lock word, as that is.
    #[inline]
    pub(crate) fn is_watched(&self) -> bool {
        #[cfg(test)]
        if E::SHORTCUT == Shortcut::WatchersFlag {
            return true;
        }
        self.event.is_waited_for()
    }

    /// Wakes those who wait for a change, after it has been made. Called after a read-modify-write of the lock word, which
    /// is the first half of the barrier.
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

    #[cfg(feature = "async")]
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
