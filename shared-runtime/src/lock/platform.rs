//! What the protocols need of the machine. They are generic over it, so that the models run the very same code.

use core::cell::OnceCell;
use std::time::{Duration, Instant};

use crate::sync::{AtomicU32, AtomicU64, Ordering, Word, compiler_fence, fence};
use crate::sys::owner::OwnerId;
use crate::sys::wait;

/// The machine, or a model of it.
pub(crate) trait Platform: Sized + 'static {
    type U64: Word<Bits = u64>;
    type U32: Word<Bits = u32>;
    type Backoff: Backoff;

    /// How many images a slot has, and by how many commits a copy of one may be overtaken and still be whole. A model
    /// shows what goes wrong with other numbers.
    const IMAGES: usize = 4;
    const MOST_OVERTAKING: u64 = Self::IMAGES as u64 - 2;

    fn fence(order: Ordering);

    /// A full barrier between a read-modify-write and what comes after it.
    fn barrier_after_rmw();

    /// Sleeps while the upper half of `word` is that of `seen`, for `limit` at most.
    fn sleep_on_lock(word: &Self::U64, seen: u64, limit: Duration);

    /// Wakes one thread that sleeps on the lock word. Returns whether there was one.
    fn wake_one(word: &Self::U64) -> bool;

    /// Sleeps while `word` is `seen`, for `limit` at most.
    fn sleep_on_event(word: &Self::U32, seen: u32, limit: Duration);

    fn wake_all(word: &Self::U32);

    /// Whether the thread that a lock word names is certainly dead.
    fn is_dead(owner: u64) -> bool;

    /// Whether the process of a living thread certainly does not have the segment at `address` mapped, so that it cannot
    /// hold a lock there.
    fn is_elsewhere(owner: u64, address: usize) -> bool;
}

/// How long to spin, and to sleep, while waiting.
pub(crate) trait Backoff {
    fn start(limit: Option<Duration>) -> Self;
    /// Pauses before the next try for a lock. Returns whether to try again rather than to sleep; after a `false` it begins
    /// anew.
    fn spin(&mut self) -> bool;
    /// As `spin`, for a waiter for a change: with shorter pauses at first, and then offering the processor to others, because
    /// one of them is to make the change.
    fn spin_for_change(&mut self) -> bool;
    /// Whether the limit is over.
    fn is_over(&self) -> bool;
    /// How long to sleep next: `first`, then twice as long each time, up to `most`.
    fn sleep(&mut self, first: Duration, most: Duration) -> Duration;
    /// True once in each second of waiting, but not in the first.
    fn another_second(&mut self) -> bool;
    fn waited(&self) -> Duration;
}

/// The machine.
#[derive(Debug)]
pub(crate) enum System {}

impl Platform for System {
    type U64 = AtomicU64;
    type U32 = AtomicU32;
    type Backoff = Timer;

    #[inline]
    fn fence(order: Ordering) {
        fence(order);
    }

    #[inline]
    fn barrier_after_rmw() {
        // On x86-64 every read-modify-write is a full barrier by itself; only the compiler must be kept from moving loads
        // above it. Nothing promises that elsewhere: on ARM a later load may overtake the store of an exchange that releases.
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
        // If we cannot tell, we assume that it is alive: a lock taken from a living owner loses updates, one left to a dead
        // owner only costs time.
        OwnerId::in_word(word).is_none_or(|owner| owner.is_alive() == Some(false))
    }

    fn is_elsewhere(word: u64, address: usize) -> bool {
        OwnerId::in_word(word).is_some_and(|owner| owner.has_not_mapped(address))
    }
}

/// Spins for about 50 µs, then sleeps for twice as long each time.
///
/// The clock is not read before the first pauses are over: reading it costs as much as a hand-over between two processes
/// that are awake.
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
/// How many short pauses a waiter makes before it offers its processor to others: they last about as long as a change takes
/// to come from another processor. Two processes on one processor then hand over in less time than by sleeping.
const SHORT_PAUSES: u32 = 32;

impl Timer {
    fn start_time(&self) -> Instant {
        *self.start.get_or_init(Instant::now)
    }

    /// Whether there is time left to spin, counted from the first call after a `false`.
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

impl Backoff for Timer {
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
    fn spin_for_change(&mut self) -> bool {
        if self.pauses <= SHORT_PAUSES {
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
