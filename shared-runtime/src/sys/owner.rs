//! Who holds a lock: a thread, by its id and the tick at which it started.
//!
//! A thread rather than a process, so that one thread cannot release or take over another's lock; with
//! its start, because ids are used again.

use core::cell::Cell;
use std::io;

use super::{fork, maps, process, read_text};
use crate::sync::{AtomicU64, Ordering};

/// The largest thread id that Linux gives out (`PID_MAX_LIMIT`).
const LARGEST_ID: u32 = 1 << 22;
const TICK_MASK: u64 = (1 << 31) - 1;

/// The start of a thread as a lock word has it. Never 0: the low half of a word with waiters would then be
/// that of a free one, on which somebody might go to sleep.
fn tick_of(start: u64) -> u64 {
    (start & TICK_MASK).max(1)
}

/// What this thread puts into a lock word.
struct Me {
    /// The generation of the process that the rest is about: a forked child has a copy of it.
    generation: Cell<u64>,
    word: Cell<u64>,
    held: Cell<u32>,
}

thread_local! {
    static ME: Me = const {
        Me {
            generation: Cell::new(0),
            word: Cell::new(0),
            held: Cell::new(0),
        }
    };
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

/// The word of this thread, and the generation of its process.
#[inline]
pub(crate) fn me() -> Result<(u64, u64), Unidentified> {
    let generation = fork::generation().map_err(Unidentified::System)?;
    ME.with(|me| {
        if me.generation.get() != generation {
            identify(me, generation)?;
        }
        Ok((me.word.get(), generation))
    })
}

#[cold]
fn identify(me: &Me, generation: u64) -> Result<(), Unidentified> {
    let process = process::identity().map_err(Unidentified::System)?;
    check_namespace(&PID_NAMESPACE, process.pid_namespace)?;
    check_namespace(&TIME_NAMESPACE, process.time_namespace)?;
    let start = process::start_of_this_thread().map_err(Unidentified::System)?;
    let id = u64::from(rustix::thread::gettid().as_raw_pid().unsigned_abs());
    me.word.set(id << 32 | tick_of(start) << 1);
    me.held.set(0);
    me.generation.set(generation);
    Ok(())
}

/// As [`me`], as an error of the system.
pub(crate) fn check() -> io::Result<()> {
    match me() {
        Ok(_) => Ok(()),
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

/// This thread asks for a lock, holds it, or is releasing it: counted from before the lock word has its name
/// until after, so that a signal handler which comes in between does not take the word for a relic.
#[derive(Debug)]
pub(crate) struct Held {
    generation: u64,
}

impl Held {
    /// Called after [`me`], in the same thread, with the generation that it returned.
    #[inline]
    pub(crate) fn count(generation: u64) -> Held {
        ME.with(|me| me.held.set(me.held.get() + 1));
        Held { generation }
    }

    /// Got the lock: [`released`] ends it. Returns the generation.
    #[inline]
    pub(crate) fn keep(self) -> u64 {
        let generation = self.generation;
        core::mem::forget(self);
        generation
    }
}

impl Drop for Held {
    #[inline]
    fn drop(&mut self) {
        released(self.generation);
    }
}

/// This thread has released a lock that it got in that generation.
#[inline]
pub(crate) fn released(generation: u64) {
    ME.with(|me| {
        // In a forked child that has asked for a lock since, the count is another's.
        if me.generation.get() == generation {
            me.held.set(me.held.get().saturating_sub(1));
        }
    });
}

pub(crate) fn holds_another() -> bool {
    ME.with(|me| me.held.get() > 1)
}

/// Whether the thread that `word` names is dead for certain. Whoever cannot be told is alive: a lock taken
/// from the living loses updates, one left to the dead only costs time.
pub(crate) fn is_dead(word: u64) -> bool {
    is_alive(word) == Some(false)
}

/// Whether the thread that `word` names lives; `None` if that cannot be told.
pub(crate) fn is_alive(word: u64) -> Option<bool> {
    let (id, tick) = (id_of(word), word >> 1 & TICK_MASK);
    if !(1..=LARGEST_ID).contains(&id) {
        return Some(false); // no thread's
    }
    match process::look_at(id) {
        Ok(None) => Some(false),
        Ok(Some(start)) => Some(tick_of(start) == tick),
        Err(_) => None,
    }
}

/// The thread that holds the lock whose word it is; `None` if nobody does.
pub(crate) fn thread_of(word: u64) -> Option<u32> {
    (word > 1).then(|| id_of(word))
}

#[allow(clippy::cast_possible_truncation)] // the upper half
fn id_of(word: u64) -> u32 {
    (word >> 32) as u32
}

/// The process that the thread in `word` belongs to; the thread's own id if that cannot be told.
pub(crate) fn process_of(word: u64) -> u32 {
    let id = id_of(word);
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
    match read_text(format!("/proc/{}/maps", id_of(word))) {
        // Empty if it has no memory at all: a thread of the kernel, or one that is about to be dead. Memory
        // that may not be seen is an error.
        Ok(maps) => !maps::files(&maps).any(|line| line.file == file),
        Err(_) => false,
    }
}
