//! The machine beneath the models: threads that can be killed, the futex, and who is dead.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

use loom::sync::atomic::{AtomicBool, AtomicU64};
use loom::thread::{self, JoinHandle, Thread, ThreadId};

/// `loom` has at most five threads, the main one included.
const ACTORS: usize = 4;

/// The same for all.
const TICK: u64 = 7;

/// The bits of a lock word that say that somebody may sleep: one for the thread that releases, and one for the kernel.
pub(super) const WAITED_FOR: u64 = 1;
pub(super) const KERNELS_WAITERS: u64 = 1 << 63;

/// The lock word of an actor.
pub(super) fn me(actor: usize) -> u64 {
    (actor as u64 + 1) << 32 | TICK << 1
}

/// Where an actor is killed.
#[derive(Clone, Copy)]
pub(super) enum Kill {
    /// Before its operation of this number: an access to the slot, or a call of the futex.
    Before(usize),
    /// By the time it is woken, before it does anything.
    Woken,
}

struct Victim {
    actor: usize,
    kill: Kill,
    /// Known once it runs.
    thread: Cell<Option<ThreadId>>,
    operations: Cell<usize>,
}

struct Sleeper {
    word: *const (),
    thread: Thread,
}

/// The system beneath the slot in one execution.
///
/// No time passes in it, so a sleep ends only by a wake-up, and what would need a timeout is a deadlock, which `loom` finds.
/// The exception is a death, since the bounds of the sleeps are for that: once for each death, when no thread is left that
/// can run, all sleeps end.
///
/// What is not an atomic of `loom` here changes together with the operation before it, because `loom` switches threads only
/// before operations.
pub(super) struct Machine {
    dead: [AtomicBool; ACTORS],
    victim: RefCell<Option<Victim>>,
    deaths: Cell<usize>,
    awake: Cell<usize>,
    /// In the order of their coming, as in the kernel.
    sleepers: RefCell<Vec<Sleeper>>,
    /// How often all sleeps may end.
    timeouts: Cell<usize>,
    timeouts_for_a_death: Cell<usize>,
    taken_for_dead: Cell<Option<usize>>,
    /// The notes of the threads about the lock that each asks for, holds, or is releasing.
    notes: RefCell<Vec<(ThreadId, Rc<AtomicU64>)>>,
    /// Whether the kernel reads them.
    reads_notes: Cell<bool>,
}

thread_local! {
    /// All of an execution runs on the thread of its test.
    static MACHINE: RefCell<Option<Rc<Machine>>> = const { RefCell::new(None) };
}

pub(super) fn current() -> Rc<Machine> {
    MACHINE.with_borrow(|machine| machine.clone().expect("a model runs"))
}

/// The payload of the panic that ends a killed thread.
struct Killed;

/// Kills the thread that calls it.
pub(super) fn die() -> ! {
    resume_unwind(Box::new(Killed))
}

impl Machine {
    /// The machine of a new execution.
    pub(super) fn start() -> Rc<Self> {
        let machine = Rc::new(Machine {
            dead: std::array::from_fn(|_| AtomicBool::new(false)),
            victim: RefCell::default(),
            deaths: Cell::new(0),
            awake: Cell::new(0),
            sleepers: RefCell::default(),
            timeouts: Cell::new(0),
            timeouts_for_a_death: Cell::new(1),
            taken_for_dead: Cell::new(None),
            notes: RefCell::default(),
            reads_notes: Cell::new(false),
        });
        MACHINE.set(Some(machine.clone()));
        machine
    }

    /// Kills `actor` there, if it gets so far. To be called before the actor is spawned.
    pub(super) fn kill(&self, actor: usize, kill: Kill) {
        *self.victim.borrow_mut() = Some(Victim {
            actor,
            kill,
            thread: Cell::new(None),
            operations: Cell::new(0),
        });
    }

    /// From now on no sleep ends by itself, not even after a death.
    pub(super) fn without_timeouts(&self) {
        self.timeouts_for_a_death.set(0);
    }

    /// Has the kernel read the note of a thread that has ended.
    pub(super) fn read_notes(&self) {
        self.reads_notes.set(true);
    }

    /// From now on everybody who looks at `actor` finds it dead, although it is not.
    pub(super) fn take_for_dead(&self, actor: Option<usize>) {
        self.taken_for_dead.set(actor);
    }

    /// Has `actor` killed before the model begins.
    pub(super) fn bury(&self, actor: usize) {
        self.dead[actor].store(true, Release);
    }

    pub(super) fn deaths(&self) -> usize {
        self.deaths.get()
    }

    /// Starts an actor.
    pub(super) fn spawn(
        self: &Rc<Self>,
        actor: usize,
        run: impl FnOnce() + 'static,
    ) -> JoinHandle<()> {
        let machine = self.clone();
        machine.awake.set(machine.awake.get() + 1);
        thread::spawn(move || {
            let is_victim = |victim: &&Victim| victim.actor == actor;
            if let Some(victim) = machine.victim.borrow().as_ref().filter(is_victim) {
                victim.thread.set(Some(thread::current().id()));
            }
            let killed = match catch_unwind(AssertUnwindSafe(run)) {
                Ok(()) => false,
                Err(payload) if payload.is::<Killed>() => true,
                Err(payload) => resume_unwind(payload),
            };
            if killed {
                machine.read_note(actor);
                // Release: the kernel ends a thread before it lets anybody see that it has.
                machine.dead[actor].store(true, Release);
                machine.deaths.set(machine.deaths.get() + 1);
                let timeouts = machine.timeouts.get() + machine.timeouts_for_a_death.get();
                machine.timeouts.set(timeouts);
            }
            machine.one_less_awake();
        })
    }

    fn one_less_awake(&self) {
        self.awake.set(self.awake.get() - 1);
        if self.awake.get() == 0 && self.timeouts.get() > 0 {
            self.timeouts.set(self.timeouts.get() - 1);
            self.wake_if(|_| true, usize::MAX);
        }
    }

    /// Wakes those that came first. Returns how many.
    fn wake_if(&self, condition: impl Fn(&Sleeper) -> bool, most: usize) -> usize {
        let mut sleepers = self.sleepers.borrow_mut();
        let woken: Vec<_> = sleepers
            .extract_if(.., |sleeper| condition(sleeper))
            .take(most)
            .collect();
        self.awake.set(self.awake.get() + woken.len());
        for sleeper in &woken {
            sleeper.thread.unpark();
        }
        woken.len()
    }

    /// As the kernel does it: looking at the word and joining the queue are one step.
    pub(super) fn sleep(&self, word: *const (), is_as_seen: impl FnOnce() -> bool) {
        if !is_as_seen() {
            return;
        }
        self.sleepers.borrow_mut().push(Sleeper {
            word,
            thread: thread::current(),
        });
        self.one_less_awake();
        thread::park();
        if self.is_victim(|victim| matches!(victim.kill, Kill::Woken)) {
            die();
        }
    }

    pub(super) fn wake(&self, word: *const (), most: usize) -> usize {
        self.wake_if(|sleeper| sleeper.word == word, most)
    }

    fn is_victim(&self, condition: impl Fn(&Victim) -> bool) -> bool {
        let victim = self.victim.borrow();
        let Some(victim) = &*victim else { return false };
        victim
            .thread
            .get()
            .is_some_and(|thread| thread == thread::current().id())
            && condition(victim)
    }

    /// An operation is about to happen.
    pub(super) fn step(&self) {
        let here = self.is_victim(|victim| {
            let operation = victim.operations.get();
            victim.operations.set(operation + 1);
            matches!(victim.kill, Kill::Before(it) if it == operation)
        });
        if here {
            die();
        }
    }

    /// This thread is about to ask for that lock. Returns whether it had asked for one already, or held one.
    pub(super) fn enter(&self, lock: Rc<AtomicU64>) -> bool {
        let id = thread::current().id();
        let mut notes = self.notes.borrow_mut();
        let nested = notes.iter().any(|(thread, _)| *thread == id);
        notes.push((id, lock));
        nested
    }

    /// It has released it.
    pub(super) fn leave(&self) {
        let id = thread::current().id();
        self.notes.borrow_mut().retain(|(thread, _)| *thread != id);
    }

    /// As the kernel does when a thread ends.
    fn read_note(&self, actor: usize) {
        if !self.reads_notes.get() {
            return;
        }
        let thread = thread::current().id();
        let note = self
            .notes
            .borrow()
            .iter()
            .find(|(noted, _)| *noted == thread)
            .map(|(_, lock)| lock.clone());
        let id = me(actor) >> 32 << 32;
        if let Some(lock) = note.filter(|lock| mark(lock, id)) {
            self.wake(Rc::as_ptr(&lock).cast(), 1);
        }
    }

    pub(super) fn is_dead(&self, owner: u64) -> bool {
        let actor = (owner >> 32) as usize - 1;
        if actor >= ACTORS {
            return true; // the kernel's mark
        }
        // An exchange, because the kernel tells how it is now, and a load might return the past. Acquire:
        // pairs with the release when it was marked.
        let is_marked = self.dead[actor].compare_exchange(true, true, Acquire, Acquire);
        is_marked.is_ok() || self.taken_for_dead.get() == Some(actor)
    }
}

/// What the kernel does to the lock word of a thread that has ended. Returns whether it is to wake a waiter. Its own form
/// of a lock is in the upper half: bit 31 if somebody waits, bit 30 if the holder has ended, and the holder's id.
fn mark(word: &AtomicU64, id: u64) -> bool {
    const ENDED: u64 = 1 << 62;
    const ID: u64 = (ENDED - 1) >> 32 << 32;
    let mut now = word.load(Relaxed);
    loop {
        if now & ID == 0 {
            return true;
        }
        if now & ID != id {
            return false;
        }
        match word.compare_exchange(now, now & !ID | ENDED, AcqRel, Relaxed) {
            Ok(_) => return now & KERNELS_WAITERS != 0,
            Err(newer) => now = newer,
        }
    }
}
