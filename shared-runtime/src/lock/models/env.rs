//! The environment of the protocol in the models: the atomics of `loom`, and all rules or all but one.

use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::atomic::Ordering::{self, AcqRel, Relaxed, SeqCst};
use std::time::Duration;

use loom::sync::atomic::{AtomicU32, AtomicU64};

use super::machine;
use crate::lock::env::{Env, Pace, Shortcut, Word, word};

word! {
    AtomicU64, u64;
    AtomicU32, u32;
}

/// An atomic at whose operations a thread can be killed. A clone is the same atomic.
pub(super) struct Step<A>(Rc<A>);

impl<A> Clone for Step<A> {
    fn clone(&self) -> Self {
        Step(self.0.clone())
    }
}

impl<A> Step<A> {
    pub(super) fn address(&self) -> *const () {
        Rc::as_ptr(&self.0).cast()
    }

    fn now(&self) -> &A {
        machine::current().step();
        &self.0
    }
}

impl Step<AtomicU64> {
    pub(super) fn u64(value: u64) -> Self {
        Step(Rc::new(AtomicU64::new(value)))
    }
}

impl Step<AtomicU32> {
    pub(super) fn u32(value: u32) -> Self {
        Step(Rc::new(AtomicU32::new(value)))
    }
}

/// A word to sleep on.
pub(super) trait Futex {
    /// What the kernel sees: the newest value, which a load need not return. An exchange of whatever for itself does.
    fn compared(&self) -> u64;
}

/// What the kernel does to the lock word of a thread that has ended; whether it is to wake one who waits. Its own form
/// of a lock in the upper half: bit 31 if somebody waits, bit 30 if the holder has ended, and the holder's id.
pub(super) fn mark(word: &Step<AtomicU64>, id: u64) -> bool {
    const WAITERS: u64 = 1 << 63;
    const ENDED: u64 = 1 << 62;
    const ID: u64 = (ENDED - 1) >> 32 << 32;
    let mut now = word.0.load(Relaxed);
    loop {
        if now & ID == 0 {
            return true;
        }
        if now & ID != id {
            return false;
        }
        match word
            .0
            .compare_exchange(now, now & !ID | ENDED, AcqRel, Relaxed)
        {
            Ok(_) => return now & WAITERS != 0,
            Err(newer) => now = newer,
        }
    }
}

impl Futex for AtomicU64 {
    fn compared(&self) -> u64 {
        let any = u64::MAX;
        let newest = self.compare_exchange(any, any, Relaxed, Relaxed);
        newest.unwrap_or_else(|newest| newest)
    }
}

impl Futex for AtomicU32 {
    fn compared(&self) -> u64 {
        let any = u32::MAX;
        let newest = self.compare_exchange(any, any, Relaxed, Relaxed);
        newest.unwrap_or_else(|newest| newest).into()
    }
}

impl<A: Futex> Step<A> {
    pub(super) fn newest(&self) -> u64 {
        self.now().compared()
    }
}

impl<V, A: Word<V>> Word<V> for Step<A> {
    fn load(&self, order: Ordering) -> V {
        self.now().load(order)
    }
    fn store(&self, value: V, order: Ordering) {
        self.now().store(value, order);
    }
    fn swap(&self, value: V, order: Ordering) -> V {
        self.now().swap(value, order)
    }
    fn compare_exchange(&self, old: V, new: V, ok: Ordering, failed: Ordering) -> Result<V, V> {
        self.now().compare_exchange(old, new, ok, failed)
    }
    fn fetch_or(&self, value: V, order: Ordering) -> V {
        self.now().fetch_or(value, order)
    }
    fn fetch_add(&self, value: V, order: Ordering) -> V {
        self.now().fetch_add(value, order)
    }
}

/// Which rule of the protocol a model leaves out.
pub(super) trait Rules: 'static {
    const SHORTCUT: Shortcut = Shortcut::None;
    /// Whether there is a barrier between a change and the look for watchers.
    const BARRIER_IN_NOTIFY: bool = true;
    /// Whether there is one between the announcement of a watcher and its last look.
    const BARRIER_IN_WAIT: bool = true;
}

/// None.
pub(super) enum All {}
impl Rules for All {}

macro_rules! without {
    ($($rule:ident)*) => {$(
        pub(super) enum $rule {}
        impl Rules for $rule {
            const SHORTCUT: Shortcut = Shortcut::$rule;
        }
    )*};
}
without! {
    WatchersFlag ForgetWaiters UnlockToZero UnlockBySwap ValidOneMore NoReleaseFence NoAcquireFence
    RelaxedVersion RelaxedHandOver SilentTakeover HideWaiters ThreeImages
}

pub(super) enum NoBarrierInNotify {}
impl Rules for NoBarrierInNotify {
    const BARRIER_IN_NOTIFY: bool = false;
}

pub(super) enum NoBarrierInWait {}
impl Rules for NoBarrierInWait {
    const BARRIER_IN_WAIT: bool = false;
}

/// The model of the machine.
pub(super) struct Model<R>(PhantomData<R>);

impl<R: Rules> Env for Model<R> {
    type U64 = Step<AtomicU64>;
    type U32 = Step<AtomicU32>;
    type Pace = NoTime;

    const SHORTCUT: Shortcut = R::SHORTCUT;

    fn fence(order: Ordering) {
        if order != SeqCst || R::BARRIER_IN_WAIT {
            loom::sync::atomic::fence(order);
        }
    }

    fn barrier_after_rmw() {
        if R::BARRIER_IN_NOTIFY {
            loom::sync::atomic::fence(SeqCst);
        }
    }

    fn sleep_on_lock(word: &Self::U64, seen: u64, _: Duration) {
        machine::current().sleep(word, |now| now >> 32 == seen >> 32);
    }

    fn sleep_on_version(word: &Self::U64, seen: u64) {
        machine::current().sleep(word, |now| now == seen);
    }

    fn wake_one(word: &Self::U64) -> bool {
        machine::current().wake(word, 1) > 0
    }

    fn sleep_on_event(word: &Self::U32, seen: u32, _: Duration) {
        machine::current().sleep(word, |now| now == u64::from(seen));
    }

    fn wake_all(word: &Self::U32) {
        machine::current().wake(word, usize::MAX);
    }

    fn is_dead(owner: u64) -> bool {
        machine::current().is_dead(owner)
    }

    fn is_elsewhere(_: u64, _: usize) -> bool {
        false
    }
}

/// Spins not at all, and never has waited for long.
pub(super) struct NoTime;

impl Pace for NoTime {
    fn start(_: Option<Duration>) -> Self {
        NoTime
    }
    fn spin(&mut self) -> bool {
        false
    }
    fn look_again(&mut self) -> bool {
        false
    }
    fn is_over(&self) -> bool {
        false
    }
    fn sleep(&mut self, _: Duration, most: Duration) -> Duration {
        most
    }
    fn another_second(&mut self) -> bool {
        false
    }
    fn waited(&self) -> Duration {
        Duration::ZERO
    }
}
