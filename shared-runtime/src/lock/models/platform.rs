//! The platform of the protocols in the models: the atomics of `loom`, and a machine on which one rule may be broken.
//!
//! The protocols themselves have no branch for a broken rule. Where a rule is about an order or a bit of a word, the atomics
//! here do something weaker than they are asked for.

use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::atomic::Ordering::{self, Acquire, Relaxed, Release, SeqCst};
use std::time::Duration;

use loom::sync::atomic::{AtomicU32, AtomicU64};

use super::machine::{self, KERNELS_WAITERS, WAITED_FOR};
use crate::lock::platform::{Backoff, Platform};
use crate::sync::{Word, word};

word! {
    AtomicU64 u64;
    AtomicU32 u32;
}

/// A rule that is broken, to show in a model that it is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mutation {
    None,
    /// A thread that acquires after a sleep does not keep the waiters bits.
    ForgetWaiters,
    /// Unlocking stores 0 although somebody waits.
    UnlockToZero,
    /// Unlocking swaps, no matter which thread has the lock.
    UnlockBySwap,
    /// The bit that the kernel looks at is not set.
    HideWaiters,
    /// The lock is handed over relaxed.
    RelaxedHandOver,
    /// The version is stored relaxed.
    RelaxedVersion,
    /// No release fence before the image is stored.
    NoReleaseFence,
    /// No acquire fence after the image is read.
    NoAcquireFence,
    /// A copy counts as whole if the version has moved by one more.
    ValidOneMore,
    /// Three images: the version does not wrap around to the next one.
    ThreeImages,
    /// No barrier between a change and the look for waiters.
    NoBarrierInNotify,
    /// No barrier between the announcement of a waiter and its last look.
    NoBarrierInWait,
    /// A takeover is not announced.
    SilentTakeover,
}

/// Which rule a model breaks.
pub(super) trait Rules: 'static {
    const BROKEN: Mutation;
}

macro_rules! rules {
    ($($name:ident: $mutation:ident;)*) => {$(
        pub(super) enum $name {}
        impl Rules for $name {
            const BROKEN: Mutation = Mutation::$mutation;
        }
    )*};
}
rules! {
    All: None;
    ForgetWaiters: ForgetWaiters;
    UnlockToZero: UnlockToZero;
    UnlockBySwap: UnlockBySwap;
    HideWaiters: HideWaiters;
    RelaxedHandOver: RelaxedHandOver;
    RelaxedVersion: RelaxedVersion;
    NoReleaseFence: NoReleaseFence;
    NoAcquireFence: NoAcquireFence;
    ValidOneMore: ValidOneMore;
    ThreeImages: ThreeImages;
    NoBarrierInNotify: NoBarrierInNotify;
    NoBarrierInWait: NoBarrierInWait;
    SilentTakeover: SilentTakeover;
}

/// An atomic at whose operations a thread can be killed, and a rule broken. A clone is the same atomic.
pub(super) struct Step<A, R = All>(Rc<A>, PhantomData<R>);

impl<A, R> Clone for Step<A, R> {
    fn clone(&self) -> Self {
        Step(self.0.clone(), PhantomData)
    }
}

impl<A, R> Step<A, R> {
    fn new(atomic: A) -> Self {
        Step(Rc::new(atomic), PhantomData)
    }

    /// The atomic itself, as the kernel accesses it.
    pub(super) fn atomic(&self) -> Rc<A> {
        self.0.clone()
    }

    fn address(&self) -> *const () {
        Rc::as_ptr(&self.0).cast()
    }

    fn now(&self) -> &A {
        machine::current().step();
        &self.0
    }
}

impl<R> Step<AtomicU64, R> {
    pub(super) fn u64(value: u64) -> Self {
        Step::new(AtomicU64::new(value))
    }
}

impl<R> Step<AtomicU32, R> {
    pub(super) fn u32(value: u32) -> Self {
        Step::new(AtomicU32::new(value))
    }
}

/// A word to sleep on.
pub(super) trait Futex {
    /// What the kernel sees: the newest value. A load may return an older one, but an exchange does not.
    fn compared(&self) -> u64;
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

impl<A: Futex, R> Step<A, R> {
    /// Sleeps, if the newest value is as expected.
    pub(super) fn sleep(&self, is_as_seen: impl FnOnce(u64) -> bool) {
        machine::current().sleep(self.address(), || is_as_seen(self.now().compared()));
    }

    /// Wakes at most `most` sleepers, those first that came first. Returns how many.
    pub(super) fn wake(&self, most: usize) -> usize {
        // Only to let `loom` know that a wake and a sleep on the same word are not independent.
        self.now().compared();
        machine::current().wake(self.address(), most)
    }
}

/// Which words an exchange may be mutated in: of all words, only a lock has these states.
trait Exchange: Word {
    /// The exchange of a lock word under a broken rule; `None` if the rule is about something else.
    fn mutated<R: Rules>(
        step: &Step<Self, R>,
        old: Self::Bits,
        new: Self::Bits,
        ok: Ordering,
        failed: Ordering,
    ) -> Option<Result<Self::Bits, Self::Bits>>
    where
        Self: Sized;
}

impl Exchange for AtomicU64 {
    fn mutated<R: Rules>(
        step: &Step<Self, R>,
        old: u64,
        new: u64,
        ok: Ordering,
        failed: Ordering,
    ) -> Option<Result<u64, u64>> {
        let is_held = |word| word > WAITED_FOR;
        Some(match R::BROKEN {
            // Of a free word with nobody waiting, only a thread that has slept makes one with the bits.
            Mutation::ForgetWaiters if old == 0 => {
                let forgotten = new & !(WAITED_FOR | KERNELS_WAITERS);
                step.now().compare_exchange(old, forgotten, ok, failed)
            }
            Mutation::UnlockToZero if is_held(old) && new == WAITED_FOR => {
                step.now().compare_exchange(old, 0, ok, failed)
            }
            Mutation::UnlockBySwap if is_held(old) && new == 0 => {
                if step.now().swap(0, ok) & WAITED_FOR != 0 {
                    step.wake(1);
                }
                Ok(old)
            }
            Mutation::HideWaiters => step.now().compare_exchange(
                old & !KERNELS_WAITERS,
                new & !KERNELS_WAITERS,
                ok,
                failed,
            ),
            Mutation::RelaxedHandOver => step.now().compare_exchange(old, new, Relaxed, failed),
            _ => return None,
        })
    }
}

impl Exchange for AtomicU32 {
    fn mutated<R: Rules>(
        _: &Step<Self, R>,
        _: u32,
        _: u32,
        _: Ordering,
        _: Ordering,
    ) -> Option<Result<u32, u32>> {
        None
    }
}

impl<A: Exchange, R: Rules> Word for Step<A, R> {
    type Bits = A::Bits;

    fn load(&self, order: Ordering) -> A::Bits {
        self.now().load(order)
    }
    /// Only the version is stored; all else is exchanged.
    fn store(&self, value: A::Bits, order: Ordering) {
        let order = match R::BROKEN {
            Mutation::RelaxedVersion => Relaxed,
            _ => order,
        };
        self.now().store(value, order);
    }
    fn swap(&self, value: A::Bits, order: Ordering) -> A::Bits {
        self.now().swap(value, order)
    }
    fn compare_exchange(
        &self,
        old: A::Bits,
        new: A::Bits,
        ok: Ordering,
        failed: Ordering,
    ) -> Result<A::Bits, A::Bits> {
        A::mutated(self, old, new, ok, failed)
            .unwrap_or_else(|| self.now().compare_exchange(old, new, ok, failed))
    }
    fn fetch_add(&self, value: A::Bits, order: Ordering) -> A::Bits {
        self.now().fetch_add(value, order)
    }
    fn fetch_or(&self, value: A::Bits, order: Ordering) -> A::Bits {
        self.now().fetch_or(value, order)
    }
}

/// The model of the machine.
pub(super) struct Model<R>(PhantomData<R>);

impl<R: Rules> Platform for Model<R> {
    type U64 = Step<AtomicU64, R>;
    type U32 = Step<AtomicU32, R>;
    type Backoff = NoTime;

    const IMAGES: usize = match R::BROKEN {
        Mutation::ThreeImages => 3,
        _ => 4,
    };
    const MOST_OVERTAKING: u64 = match R::BROKEN {
        Mutation::ValidOneMore => Self::IMAGES as u64 - 1,
        _ => Self::IMAGES as u64 - 2,
    };

    fn fence(order: Ordering) {
        match (R::BROKEN, order) {
            (Mutation::NoReleaseFence, Release)
            | (Mutation::NoAcquireFence, Acquire)
            | (Mutation::NoBarrierInWait, SeqCst) => {}
            _ => loom::sync::atomic::fence(order),
        }
    }

    fn barrier_after_rmw() {
        if R::BROKEN != Mutation::NoBarrierInNotify {
            loom::sync::atomic::fence(SeqCst);
        }
    }

    fn sleep_on_lock(word: &Self::U64, seen: u64, _: Duration) {
        let seen = match R::BROKEN {
            Mutation::HideWaiters => seen & !KERNELS_WAITERS,
            _ => seen,
        };
        word.sleep(|now| now >> 32 == seen >> 32);
    }

    fn wake_one(word: &Self::U64) -> bool {
        word.wake(1) > 0
    }

    fn sleep_on_event(word: &Self::U32, seen: u32, _: Duration) {
        word.sleep(|now| now == u64::from(seen));
    }

    fn wake_all(word: &Self::U32) {
        word.wake(usize::MAX);
    }

    fn is_dead(owner: u64) -> bool {
        machine::current().is_dead(owner)
    }

    fn is_elsewhere(_: u64, _: usize) -> bool {
        false
    }
}

/// Does not spin, and never has waited for long.
pub(super) struct NoTime;

impl Backoff for NoTime {
    fn start(_: Option<Duration>) -> Self {
        NoTime
    }
    fn spin(&mut self) -> bool {
        false
    }
    fn spin_for_change(&mut self) -> bool {
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
