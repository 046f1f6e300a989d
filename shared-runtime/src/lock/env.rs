//! What the protocol needs of the machine, so that the same code runs on it and in a model of it.

use core::cell::OnceCell;
use core::sync::atomic::{Ordering, compiler_fence};
use std::time::{Duration, Instant};

use crate::sync::{AtomicU32, AtomicU64, fence};
use crate::sys::owner::OwnerId;
use crate::sys::wait;

/// An atomic integer of `std` or of a model.
pub(crate) trait Word<V> {
    fn load(&self, order: Ordering) -> V;
    fn store(&self, value: V, order: Ordering);
    fn swap(&self, value: V, order: Ordering) -> V;
    fn compare_exchange(&self, old: V, new: V, ok: Ordering, failed: Ordering) -> Result<V, V>;
    fn fetch_or(&self, value: V, order: Ordering) -> V;
    fn fetch_add(&self, value: V, order: Ordering) -> V;
}

macro_rules! word {
    ($($atomic:ty, $value:ty;)*) => {$(
        impl Word<$value> for $atomic {
            #[inline]
            fn load(&self, order: Ordering) -> $value {
                self.load(order)
            }
            #[inline]
            fn store(&self, value: $value, order: Ordering) {
                self.store(value, order);
            }
            #[inline]
            fn swap(&self, value: $value, order: Ordering) -> $value {
                self.swap(value, order)
            }
            #[inline]
            fn compare_exchange(
                &self,
                old: $value,
                new: $value,
                ok: Ordering,
                failed: Ordering,
            ) -> Result<$value, $value> {
                self.compare_exchange(old, new, ok, failed)
            }
            #[inline]
            fn fetch_or(&self, value: $value, order: Ordering) -> $value {
                self.fetch_or(value, order)
            }
            #[inline]
            fn fetch_add(&self, value: $value, order: Ordering) -> $value {
                self.fetch_add(value, order)
            }
        }
    )*};
}
#[cfg(test)]
pub(crate) use word;

word! {
    AtomicU64, u64;
    AtomicU32, u32;
}

/// A rule of the protocol left out, to show in a model that it is needed. Nothing on the machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(not(test), allow(dead_code))]
pub(crate) enum Shortcut {
    None,
    /// The committer clears a flag of its own, and watchers sleep on the version.
    WatchersFlag,
    /// The waiters bit is not kept by who acquires after a sleep.
    ForgetWaiters,
    /// Unlocking stores 0 although somebody waits.
    UnlockToZero,
    /// Unlocking swaps, whoever has the lock.
    UnlockBySwap,
    /// A copy counts as valid if the version has moved by one more.
    ValidOneMore,
    /// No release fence before the image is stored.
    NoReleaseFence,
    /// No acquire fence after the image is read.
    NoAcquireFence,
    /// The version is stored relaxed.
    RelaxedVersion,
    /// The lock is handed over relaxed.
    RelaxedHandOver,
    /// Who takes over does not notify.
    SilentTakeover,
    /// The bit that the kernel looks at is not set.
    HideWaiters,
    /// Three images: the version does not wrap around to the next one.
    ThreeImages,
}

/// The machine, or a model of it.
pub(crate) trait Env: Sized + 'static {
    type U64: Word<u64>;
    type U32: Word<u32>;
    type Pace: Pace;

    const SHORTCUT: Shortcut = Shortcut::None;

    fn fence(order: Ordering);

    /// A full barrier behind a read-modify-write.
    fn barrier_after_rmw();

    /// Sleeps while the upper half of `word` is that of `seen`, for `limit` at most.
    fn sleep_on_lock(word: &Self::U64, seen: u64, limit: Duration);

    /// As nobody does it.
    #[cfg(test)]
    fn sleep_on_version(_: &Self::U64, _: u64) {
        unreachable!("in a model only")
    }

    /// Wakes one who sleeps on the lock word; whether there was one.
    fn wake_one(word: &Self::U64) -> bool;

    /// Sleeps while `word` is `seen`, for `limit` at most.
    fn sleep_on_event(word: &Self::U32, seen: u32, limit: Duration);

    fn wake_all(word: &Self::U32);

    /// Whether the thread that a lock word names is dead for certain.
    fn is_dead(owner: u64) -> bool;

    /// Whether the process of a live thread certainly does not have `address`'s segment mapped, so that
    /// it cannot be inside.
    fn is_elsewhere(owner: u64, address: usize) -> bool;
}

/// How long to spin, and to sleep, while waiting.
pub(crate) trait Pace {
    fn start(limit: Option<Duration>) -> Self;
    /// Pauses between two looks; whether to look again rather than sleep. Begins anew after a `false`.
    fn spin(&mut self) -> bool;
    /// As `spin`, of who waits for a change: at a finer grain, and leaving the processor to who is to make it.
    fn look_again(&mut self) -> bool;
    /// Whether the limit is over.
    fn is_over(&self) -> bool;
    /// How long to sleep next: `first`, then twice as long each time, up to `most`.
    fn sleep(&mut self, first: Duration, most: Duration) -> Duration;
    /// True once in each second of waiting, from the first on.
    fn another_second(&mut self) -> bool;
    fn waited(&self) -> Duration;
}

/// The machine.
#[derive(Debug)]
pub(crate) enum Real {}

impl Env for Real {
    type U64 = AtomicU64;
    type U32 = AtomicU32;
    type Pace = Timer;

    #[inline]
    fn fence(order: Ordering) {
        fence(order);
    }

    #[inline]
    fn barrier_after_rmw() {
        // On x86-64 every read-modify-write is one; the compiler must not move loads above it either.
        if cfg!(target_arch = "x86_64") {
            compiler_fence(Ordering::SeqCst);
        } else {
            fence(Ordering::SeqCst);
        }
    }

    fn sleep_on_lock(word: &AtomicU64, seen: u64, limit: Duration) {
        wait::sleep_on_lock(word, seen, limit);
    }

    fn wake_one(word: &AtomicU64) -> bool {
        wait::wake_one(word)
    }

    fn sleep_on_event(word: &AtomicU32, seen: u32, limit: Duration) {
        wait::sleep_on_event(word, seen, limit);
    }

    fn wake_all(word: &AtomicU32) {
        wait::wake_all(word);
    }

    fn is_dead(word: u64) -> bool {
        OwnerId::in_word(word).is_none_or(OwnerId::is_dead)
    }

    fn is_elsewhere(word: u64, address: usize) -> bool {
        OwnerId::in_word(word).is_some_and(|owner| owner.has_not_mapped(address))
    }
}

/// Spins for about 50 µs, then lets sleep for twice as long each time.
///
/// The clock is not looked at before the first pauses are over: reading it costs as much as a hand-over between two
/// processes that are awake.
#[derive(Debug)]
pub(crate) struct Timer {
    limit: Option<Duration>,
    start: OnceCell<Instant>,
    spin_start: Option<Instant>,
    pauses: u32,
    sleep: Duration,
    seconds: u64,
}

const SPIN: Duration = Duration::from_micros(50);
const MOST_PAUSES: u32 = 128;
/// How often a waiter looks before it offers its processor to others: for about as long as a change takes to come
/// from another processor, so that two processes on one processor hand over in less time than by sleeping.
const LOOKS: u32 = 32;

impl Timer {
    fn start_time(&self) -> Instant {
        *self.start.get_or_init(Instant::now)
    }

    /// Whether the time to spin is over, since the first call after a `false`.
    fn may_spin(&mut self) -> bool {
        let now = Instant::now();
        self.start.get_or_init(|| now);
        let since = *self.spin_start.get_or_insert(now);
        let again = !self.is_over() && now.duration_since(since) < SPIN;
        if !again {
            self.pauses = 1;
            self.spin_start = None;
        }
        again
    }
}

impl Pace for Timer {
    #[inline]
    fn start(limit: Option<Duration>) -> Self {
        Timer {
            limit,
            start: OnceCell::new(),
            spin_start: None,
            pauses: 1,
            sleep: Duration::ZERO,
            seconds: 0,
        }
    }

    fn spin(&mut self) -> bool {
        self.pauses = (self.pauses * 2).min(MOST_PAUSES);
        for _ in 0..self.pauses {
            core::hint::spin_loop();
        }
        self.may_spin()
    }

    #[inline]
    fn look_again(&mut self) -> bool {
        if self.pauses <= LOOKS {
            self.pauses += 1;
            core::hint::spin_loop();
            return true;
        }
        std::thread::yield_now();
        self.may_spin()
    }

    fn is_over(&self) -> bool {
        self.limit
            .is_some_and(|limit| self.start_time().elapsed() >= limit)
    }

    fn sleep(&mut self, first: Duration, most: Duration) -> Duration {
        let sleep = self.sleep.max(first);
        self.sleep = (sleep * 2).min(most);
        let left = self
            .limit
            .map(|limit| limit.saturating_sub(self.start_time().elapsed()));
        left.map_or(sleep, |left| sleep.min(left))
    }

    fn another_second(&mut self) -> bool {
        let seconds = self.waited().as_secs();
        let another = seconds > self.seconds;
        self.seconds = seconds;
        another
    }

    fn waited(&self) -> Duration {
        self.start_time().elapsed()
    }
}
