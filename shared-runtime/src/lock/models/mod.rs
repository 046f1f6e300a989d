//! The protocols under `loom`, which runs a model in every order of its steps, and with every value that the memory model
//! lets a load return.
//!
//! Every actor is a spawned thread: with an actor on the main thread `loom` takes a single order. The main thread prepares the
//! slot, and looks at it once all actors have ended. Each model states how many executions it explores at least. If a
//! protocol were wrong, `loom` would report a `deadlock` where an actor sleeps for ever, or a `Causality violation` where two
//! hold the lock; or a model would report `torn` or `lost update`.
//!
//! That they would is shown for each rule by a model that breaks it, and must fail. The protocols have no branches for that:
//! see [`platform`].
//!
//! | rule | the test that breaks it |
//! |---|---|
//! | watchers sleep on the word that says that they were seen | `flag::a_flag_that_the_committer_clears_loses_…` |
//! | a barrier on each side of the event | `event::without_a_barrier_…`, `watched::without_a_barrier_…` |
//! | a takeover is announced | `event::without_a_notification_after_a_takeover_…` |
//! | a thread that has slept keeps the waiters bits | `lock::a_thread_that_forgets_the_bit_after_a_sleep_…` |
//! | a release with waiters leaves 1 | `lock::a_release_to_zero_…` |
//! | sleeps are bounded, or the kernel is told | `lock::without_a_timer_or_a_note_…` |
//! | the kernel's own bit is set | `takeover::without_its_own_bit_…` |
//! | the lock is handed over by release and acquire | `lock::a_relaxed_hand_over_…` |
//! | a thread releases only its own lock | `takeover::a_release_by_swap_…` |
//! | the owner is a thread | `takeover::with_one_word_for_a_process_…` |
//! | an owner of which nothing can be told is alive | `takeover::a_thread_that_takes_the_unknown_for_dead_…` |
//! | a copy counts up to two commits later | `images::a_copy_that_counts_for_one_commit_more_…` |
//! | the fences, and the order of the version | `images::without_…`, `images::with_a_relaxed_version_…` |
//! | the number of images is a power of two | `images::with_three_images_…` |

#![cfg(not(miri))] // `loom` switches stacks itself

mod event;
mod flag;
mod images;
mod lock;
mod machine;
mod platform;
mod takeover;
mod watched;

use std::process::Command;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use loom::sync::atomic::{AtomicU32, AtomicU64};
use loom::thread::JoinHandle;

use super::head::Head;
use super::images::{IMAGES, image_of};
use super::word::Attempt;
use crate::access::Access;
use crate::sync::Word;
use machine::{Kill, Machine};
use platform::{Model, Mutation, Rules, Step};

/// What a model went through.
#[derive(Default)]
struct Explored {
    executions: usize,
    deaths: usize,
}

impl Explored {
    fn at_least(&self, executions: usize) {
        println!("{} executions, {} deaths", self.executions, self.deaths);
        assert!(self.executions >= executions);
    }
}

impl std::ops::AddAssign<&Explored> for Explored {
    fn add_assign(&mut self, other: &Explored) {
        self.executions += other.executions;
        self.deaths += other.deaths;
    }
}

/// Waits for actors; all are spawned before the first is waited for.
fn join(actors: impl Iterator<Item = JoinHandle<()>>) {
    for actor in actors.collect::<Vec<_>>() {
        actor.join().expect("it does not panic");
    }
}

/// Runs `model` in every order, or in those with at most that many `preemptions`.
fn explore(
    preemptions: Option<usize>,
    model: impl Fn(&Rc<Machine>) + Send + Sync + 'static,
) -> Explored {
    let executions = Arc::new(AtomicUsize::new(0));
    let deaths = Arc::new(AtomicUsize::new(0));
    let counts = (executions.clone(), deaths.clone());
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = preemptions;
    builder.check(move || {
        counts.0.fetch_add(1, Ordering::Relaxed);
        let machine = Machine::start();
        model(&machine);
        counts.1.fetch_add(machine.deaths(), Ordering::Relaxed);
    });
    Explored {
        executions: executions.load(Ordering::Relaxed),
        deaths: deaths.load(Ordering::Relaxed),
    }
}

/// Runs `model` with one kill after the other, until the victim is done before it is killed.
fn each_step(model: impl Fn(Kill) -> Explored) -> Explored {
    let mut all = Explored::default();
    for step in 0.. {
        let explored = model(Kill::Before(step));
        all += &explored;
        if explored.deaths == 0 {
            break;
        }
    }
    all
}

const CHILD: &str = "SHMSTATE_BROKEN_MODEL";

/// Runs `model` in a process of its own, since some failures abort, and checks that it fails with `message`. The test that
/// calls this does nothing else.
fn must_fail<F: FnOnce()>(message: &str, model: F) {
    if std::env::var_os(CHILD).is_some() {
        return model();
    }
    // The path of the closure is that of its test, between the crate and the closure's own part.
    let path = std::any::type_name::<F>();
    let test = path.split_once("::").expect("in a crate").1;
    let test = test.rsplit_once("::").expect("in a function").0;
    let output = Command::new(std::env::current_exe().expect("a test binary"))
        .args([test, "--exact", "--nocapture"])
        .env(CHILD, "1")
        .env("RUST_BACKTRACE", "0")
        .output()
        .expect("the test runs again");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "the broken model passes");
    assert!(said.contains(message), "failed with: {said}");
}

/// A slot with images of two words, which are equal unless a copy is torn.
struct Slot<R: Rules> {
    head: Head<Model<R>>,
    /// Words of the head.
    lock: Step<AtomicU64, R>,
    version: Step<AtomicU64, R>,
    event: Step<AtomicU32, R>,
    images: [[Step<AtomicU64>; 2]; IMAGES],
    /// Not atomic: if two threads hold the lock at once, or one does not see what the last holder has done, `loom`
    /// reports a causality violation.
    changes: loom::cell::Cell<u64>,
}

/// In the images that were never current.
const NOTHING: u64 = 99;

impl<R: Rules> Slot<R> {
    /// A slot with the value 0 at `version`.
    fn at(version: u64) -> Rc<Self> {
        let lock = Step::u64(0);
        let word = Step::u64(version);
        // The event wraps around during the first wait.
        let event = Step::u32(u32::MAX - 1);
        Rc::new(Slot {
            head: Head::new(lock.clone(), word.clone(), event.clone(), Step::u32(0)),
            lock,
            version: word,
            event,
            images: std::array::from_fn(|image| {
                let current = image == image_of::<Model<R>>(version);
                let value = if current { 0 } else { NOTHING };
                [Step::u64(value), Step::u64(value)]
            }),
            changes: loom::cell::Cell::new(0),
        })
    }

    fn new() -> Rc<Self> {
        Self::at(0)
    }

    fn lock_word(&self) -> u64 {
        self.lock.load(Ordering::Relaxed)
    }

    fn load(&self, image: usize) -> [u64; 2] {
        let [first, second] = &self.images[image];
        [
            first.load(Ordering::Relaxed),
            second.load(Ordering::Relaxed),
        ]
    }

    fn store(&self, image: usize, value: u64) {
        for word in &self.images[image] {
            word.store(value, Ordering::Relaxed);
        }
    }

    /// The current value; `None` if the copy does not count.
    fn try_read<A: Access>(&self) -> Option<u64> {
        let mut copy = [0; 2];
        let whole = self
            .head
            .version
            .try_read::<A>(|image| copy = self.load(image));
        let [value, second] = copy;
        whole.then(|| {
            assert!(value == second && value != NOTHING, "torn: {copy:?}");
            value
        })
    }

    /// As the guard of the slot does it. A panic in it leaves the lock, as a death does.
    fn lock(&self, me: u64) -> Attempt {
        let nested = machine::current().enter(self.lock.atomic());
        if self.head.lock.try_lock(me) {
            return Attempt::Acquired;
        }
        let attempt = if R::BROKEN == Mutation::SilentTakeover {
            self.head.lock.lock_contended(me, None, nested)
        } else {
            self.head.lock_contended(me, None, nested)
        };
        assert!(matches!(attempt, Attempt::Acquired | Attempt::TakenOver));
        attempt
    }

    fn unlock(&self, me: u64) {
        if !self.head.lock.try_unlock(me) {
            self.head.lock.unlock_contended(me);
        }
        machine::current().leave();
    }

    /// The current value, for the holder of the lock.
    fn value(&self) -> u64 {
        let [value, second] = self.load(self.head.version.held_image());
        assert_eq!(value, second, "torn");
        value
    }

    fn change(&self, change: impl FnOnce(u64) -> u64) {
        self.changes.set(self.changes.get() + 1);
        let value = change(self.value());
        self.head.version.commit(|image| self.store(image, value));
    }

    fn update(&self, me: u64, change: impl FnOnce(u64) -> u64) -> Attempt {
        let attempt = self.lock(me);
        self.change(change);
        self.unlock(me);
        if self.head.event.is_waited_for() {
            self.head.event.notify();
        }
        attempt
    }
}
