//! Who holds a lock: a thread, by its id and the tick at which it started.
//!
//! A thread rather than a process, so that one thread cannot release or take over another's lock; with
//! its start, because ids are used again.

use core::cell::Cell;
use std::io;

use super::robust::{self, Note};
use super::{fork, maps, process, read_text};
use crate::sync::{AtomicU64, Ordering};

/// The largest thread id that Linux gives out (`PID_MAX_LIMIT`).
const LARGEST_ID: u32 = 1 << 22;
const TICK_MASK: u64 = (1 << 31) - 1;
/// Of the upper half of a lock word: bit 63, where the kernel looks whether somebody waits.
const KERNELS_WAITERS: u32 = 1 << 31;

/// What this thread needs for a lock. The lock's locked instructions wait for all that was written before, so as
/// little as can be is written here.
struct Me {
    /// Tells whether the rest is about this process: then it holds `generation`, and in a forked child 0.
    page: Cell<&'static AtomicU64>,
    generation: Cell<u64>,
    /// What it puts into a lock word.
    word: Cell<u64>,
    /// [`NESTED`] while it asks for a lock, holds one, or is releasing one; else 0.
    inside: Cell<usize>,
    /// Where it tells the kernel which, the innermost one. The C library may clear that.
    note: Cell<Note>,
}

/// The generation of those who have not asked who they are, and their page.
const NEVER: u64 = u64::MAX;
static NO_PAGE: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static ME: Me = const {
        Me {
            page: Cell::new(&NO_PAGE),
            generation: Cell::new(NEVER),
            word: Cell::new(0),
            inside: Cell::new(0),
            note: Cell::new(Note::NOWHERE),
        }
    };
}

/// The locks that the thread was about are the parent's.
fn forget(me: &Me) {
    if me.inside.take() != 0 {
        me.note.get().write(0);
    }
}

/// As [`forget`], in a child right after the fork, or when it comes back from what it was forked in. Whatever it does
/// later, and wherever its memory lies then, the kernel must not find the parent's note.
extern "C" fn forget_if_forked() {
    ME.with(|me| {
        if me.generation.get() != NEVER && known(me).is_none() {
            forget(me);
        }
    });
}

/// The namespaces of the first process that attached a segment to write; its forks inherit the numbers.
static PID_NAMESPACE: AtomicU64 = AtomicU64::new(0);
static TIME_NAMESPACE: AtomicU64 = AtomicU64::new(0);

/// Why this thread cannot hold a lock.
#[derive(Debug)]
pub(crate) enum Unidentified {
    /// Forked into another PID or time namespace, where ids and ticks mean something else.
    Namespace,
    System(io::Error),
}

/// The generation of this process, if this thread knows who it is there.
#[inline]
fn known(me: &Me) -> Option<u64> {
    let generation = me.generation.get();
    (me.page.get().load(Ordering::Acquire) == generation).then_some(generation)
}

/// Has this thread know who it is.
fn identify(me: &Me) -> Result<(), Unidentified> {
    if known(me).is_some() {
        return Ok(());
    }
    let generation = fork::generation().map_err(Unidentified::System)?;
    if me.generation.get() != NEVER {
        // A forked child has a copy of its parent's.
        forget(me);
    }
    let process = process::identity().map_err(Unidentified::System)?;
    check_namespace(&PID_NAMESPACE, process.pid_namespace)?;
    check_namespace(&TIME_NAMESPACE, process.time_namespace)?;
    let start = process::start_of_this_thread().map_err(Unidentified::System)?;
    let id = u64::from(rustix::thread::gettid().as_raw_pid().unsigned_abs());
    me.word.set(id << 32 | (start & TICK_MASK) << 1);
    robust::forget_in_children(forget_if_forked).map_err(Unidentified::System)?;
    me.note.set(Note::of_this_thread());
    me.page.set(fork::page().map_err(Unidentified::System)?);
    me.generation.set(generation);
    Ok(())
}

/// Whether this thread can own a lock.
pub(crate) fn check() -> io::Result<()> {
    match ME.with(identify) {
        Ok(()) => Ok(()),
        Err(Unidentified::Namespace) => Err(io::Error::other(
            "this process was forked into another PID or time namespace, where it cannot own a lock",
        )),
        Err(Unidentified::System(error)) => Err(error),
    }
}

/// This process has attached a segment that it can write. Forks of it inherit the handle, and cannot lock
/// in other namespaces than this one's.
pub(crate) fn attached(process: &process::Identity) {
    // If an ancestor was first, this process is told so when it locks.
    let _ = check_namespace(&PID_NAMESPACE, process.pid_namespace);
    let _ = check_namespace(&TIME_NAMESPACE, process.time_namespace);
}

fn check_namespace(first: &AtomicU64, now: u64) -> Result<(), Unidentified> {
    match first.compare_exchange(0, now, Ordering::Relaxed, Ordering::Relaxed) {
        Err(before) if before != now => Err(Unidentified::Namespace),
        _ => Ok(()),
    }
}

/// This thread asks for a lock, holds it, or is releasing it. To be ended by [`leave`](Inside::leave), in reverse
/// order.
///
/// It begins before the lock word has the thread's name, and ends after, so that a signal handler which comes in between
/// does not take the word for a relic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inside {
    generation: u64,
    /// The note before: about the lock that it was within already, or one of the C library's own, because a signal handler
    /// may come while that waits for a mutex. With [`NESTED`] if it was within a lock.
    before: usize,
}

/// A bit that no note has. (The C library sets bit 0 in some of its own.)
///
/// It goes with the note because a guard of more words is passed through memory, which costs more than the lock.
const NESTED: usize = 2;

impl Inside {
    /// This thread is about to ask for that lock. From here on the kernel knows: if the thread ends with its word in the
    /// lock, somebody who waits for it is woken.
    pub(crate) fn enter(lock: &AtomicU64) -> Result<Inside, Unidentified> {
        ME.with(|me| {
            identify(me)?;
            Ok(Inside::enter_as(me, me.generation.get(), lock))
        })
    }

    /// As `enter`, if it knows who it is.
    #[inline]
    pub(crate) fn enter_if_known(lock: &AtomicU64) -> Option<Inside> {
        ME.with(|me| Some(Inside::enter_as(me, known(me)?, lock)))
    }

    #[inline]
    fn enter_as(me: &Me, generation: u64, lock: &AtomicU64) -> Inside {
        let note = me.note.get();
        let entry = note.entry(lock);
        let before = note.read() | me.inside.replace(NESTED);
        note.write(entry);
        Inside { generation, before }
    }

    /// What this thread puts into the lock word.
    #[inline]
    pub(crate) fn word() -> u64 {
        ME.with(|me| me.word.get())
    }

    /// Whether it is within a lock already, perhaps this one.
    pub(crate) fn is_nested(&self) -> bool {
        self.before & NESTED != 0
    }

    /// Whether this is still the process that entered, and no fork of it: there nothing of this is to be used, but to
    /// [`abandon`](Self::abandon) it.
    #[inline]
    pub(crate) fn is_mine(&self) -> bool {
        ME.with(|me| me.page.get().load(Ordering::Acquire) == self.generation)
    }

    /// A fork comes back from what it was forked in. (Handlers of `pthread_atfork` do not run if it was by `_Fork`.)
    #[cold]
    pub(crate) fn abandon() {
        forget_if_forked();
    }

    /// It has released the lock, or does not get it.
    #[inline]
    pub(crate) fn leave(self) {
        ME.with(|me| {
            me.inside.set(self.before & NESTED);
            me.note.get().write(self.before & !NESTED);
        });
    }
}

/// Whether the thread that `word` names is dead for certain. Whoever cannot be told is alive: a lock taken
/// from the living loses updates, one left to the dead only costs time.
pub(crate) fn is_dead(word: u64) -> bool {
    is_alive(word) == Some(false)
}

/// Whether the thread that `word` names lives; `None` if that cannot be told.
pub(crate) fn is_alive(word: u64) -> Option<bool> {
    let tick = word >> 1 & TICK_MASK;
    let Some(id) = thread_of(word) else {
        return Some(false); // nobody's: the kernel has marked it, or somebody scribbled upon it
    };
    match process::look_at(id) {
        Ok(None) => Some(false),
        Ok(Some(start)) => Some(start & TICK_MASK == tick),
        Err(_) => None,
    }
}

/// Whether the lock whose word it is is held, be it by one who is dead.
pub(crate) fn is_held(word: u64) -> bool {
    word > 1
}

/// The thread that a lock word names, if it names one.
pub(crate) fn thread_of(word: u64) -> Option<u32> {
    #[allow(clippy::cast_possible_truncation)] // the upper half
    let id = (word >> 32) as u32 & !KERNELS_WAITERS;
    (1..=LARGEST_ID).contains(&id).then_some(id)
}

/// The process that the thread in `word` belongs to; the thread's own id if that cannot be told, and 0 if there is none.
pub(crate) fn process_of(word: u64) -> u32 {
    let Some(id) = thread_of(word) else {
        return 0;
    };
    let status = read_text(format!("/proc/{id}/status")).unwrap_or_default();
    let tgid = status.lines().find_map(|line| line.strip_prefix("Tgid:"));
    tgid.and_then(|tgid| tgid.trim().parse().ok()).unwrap_or(id)
}

/// Whether the process of the thread in `word` certainly does not have the file mapped that lies at
/// `address` here: it has executed another program, or never had it and the word is forged.
pub(crate) fn is_elsewhere(word: u64, address: usize) -> bool {
    if !process::identity().is_ok_and(|me| me.proc_is_ours) {
        return false;
    }
    let Ok(Some(file)) = maps::file_at(address) else {
        return false;
    };
    let Some(id) = thread_of(word) else {
        return true;
    };
    match read_text(format!("/proc/{id}/maps")) {
        // Empty if it has no memory at all: a thread of the kernel, or one that is about to be dead. Memory
        // that may not be seen is an error.
        Ok(maps) => !maps::files(&maps).any(|line| line.file == file),
        Err(_) => false,
    }
}
