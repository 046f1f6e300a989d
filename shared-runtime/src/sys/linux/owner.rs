//! Who holds a lock: a thread, by its id and the tick at which it started.
//!
//! A thread rather than a process, so that one thread cannot release or take over another's lock; with
//! its start, because ids are used again.

use core::cell::Cell;
use std::io;

use super::call;
use super::identity::{self, Process, this_process};
use super::proc::{self, mapped_files, read_text};
use super::robust::{self, PendingEntry};
use crate::sync::{AtomicU64, Ordering};

/// The largest thread id that Linux gives out (`PID_MAX_LIMIT`).
const LARGEST_ID: u32 = 1 << 22;
const TICK_MASK: u64 = (1 << 31) - 1;

/// Opaque outside of this folder.
///
/// | bits of the word | meaning |
/// |---|---|
/// | 0 | the lock's own |
/// | 1 to 31 | the start of the thread, in ticks, without its highest bits |
/// | 32 to 61 | the id of the thread |
/// | 62 | set by the kernel when it clears the id, because the owner has ended (`FUTEX_OWNER_DIED`) |
/// | 63 | the lock's own: the kernel looks there whether somebody waits (`FUTEX_WAITERS`) |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OwnerId(u64);

/// The bits of a lock word that are not the owner's.
const LOCK_BITS: u64 = 1 | 1 << 63;

impl OwnerId {
    pub(crate) fn in_word(word: u64) -> Option<OwnerId> {
        (word > 1).then_some(OwnerId(word & !LOCK_BITS))
    }

    #[inline]
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    /// Whether the owner is dead for certain. If we cannot tell, we assume that it is alive: a lock taken from a
    /// living owner loses updates, one left to a dead owner only costs time.
    pub(crate) fn is_dead(self) -> bool {
        self.is_alive() == Some(false)
    }

    /// Whether the owner is alive; `None` if that cannot be told.
    pub(crate) fn is_alive(self) -> Option<bool> {
        let tick = self.0 >> 1 & TICK_MASK;
        let Some(id) = self.thread() else {
            return Some(false); // not a thread: the kernel has marked the word, or a process has overwritten it
        };
        match identity::start_of_thread(id) {
            Ok(None) => Some(false),
            Ok(Some(start)) => Some(start & TICK_MASK == tick),
            Err(_) => None,
        }
    }

    /// The number of the owning thread, if it names one.
    pub(crate) fn thread(self) -> Option<u32> {
        let id = u32::try_from(self.0 >> 32).ok()?;
        (1..=LARGEST_ID).contains(&id).then_some(id)
    }

    /// The number of the owner's process; if that cannot be told, the number of the thread; 0 if the word names none.
    pub(crate) fn process(self) -> u32 {
        let Some(id) = self.thread() else {
            return 0;
        };
        let status = read_text(format!("/proc/{id}/status")).unwrap_or_default();
        let tgid = status.lines().find_map(|line| line.strip_prefix("Tgid:"));
        tgid.and_then(|tgid| tgid.trim().parse().ok()).unwrap_or(id)
    }

    /// Whether the owner's process certainly has not mapped the file that lies at `address` here: it has executed
    /// another program, or never had the file and the word is forged.
    pub(crate) fn has_not_mapped(self, address: usize) -> bool {
        if !this_process().is_ok_and(|me| me.proc_is_ours) {
            return false;
        }
        let Ok(Some(file)) = proc::file_at(address) else {
            return false;
        };
        let Some(id) = self.thread() else {
            return true;
        };
        match read_text(format!("/proc/{id}/maps")) {
            // Empty if it has no memory at all: a thread of the kernel, or one that is about to end. Memory that may
            // not be seen is an error.
            Ok(maps) => !mapped_files(&maps).any(|mapped| mapped.file == file),
            Err(_) => false,
        }
    }
}

/// What this thread needs for a lock. The lock's atomic instructions wait for all earlier writes, so this writes as
/// little as possible.
struct Me {
    /// Tells whether the rest is about this process: then the word is `generation`; in a forked child it is 0.
    page: Cell<Option<&'static AtomicU64>>,
    generation: Cell<u64>,
    /// What this thread puts into a lock word.
    id: Cell<OwnerId>,
    /// [`NESTED`] while the thread asks for a lock, holds one, or is releasing one; else 0.
    inside: Cell<usize>,
    /// Where it tells the kernel which lock, the innermost. The C library may clear that.
    pending: Cell<PendingEntry>,
}

/// The generation of a thread that has not been identified yet.
const NEVER: u64 = u64::MAX;

thread_local! {
    static ME: Me = const {
        Me {
            page: Cell::new(None),
            generation: Cell::new(NEVER),
            id: Cell::new(OwnerId(0)),
            inside: Cell::new(0),
            pending: Cell::new(PendingEntry::NOWHERE),
        }
    };
}

/// Forgets the locks that the thread held or asked for: they are the parent's.
fn forget(me: &Me) {
    if me.inside.take() != 0 {
        me.pending.get().write(0);
    }
}

/// Forgets the parent's locks in a child, right after the fork or when it returns from a change that it was forked in.
/// Whatever the child does later, the kernel must not find the parent's entry.
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
    /// Its process was forked into another PID or time namespace, where ids and ticks mean something else.
    Namespace,
    System(io::Error),
}

/// Whether this process has that generation. False before the thread was identified.
#[inline]
fn is_generation(me: &Me, generation: u64) -> bool {
    me.page
        .get()
        .is_some_and(|page| page.load(Ordering::Acquire) == generation)
}

/// The generation of this process, if this thread has been identified in it.
#[inline]
fn known(me: &Me) -> Option<u64> {
    let generation = me.generation.get();
    is_generation(me, generation).then_some(generation)
}

/// Finds out the id of this thread, unless it is known.
fn identify(me: &Me) -> Result<(), Unidentified> {
    if known(me).is_some() {
        return Ok(());
    }
    let generation = identity::generation().map_err(Unidentified::System)?;
    if me.generation.get() != NEVER {
        // A forked child has a copy of its parent's.
        forget(me);
    }
    let process = this_process().map_err(|error| Unidentified::System(error.source))?;
    check_namespace(&PID_NAMESPACE, process.pid_namespace)?;
    check_namespace(&TIME_NAMESPACE, process.time_namespace)?;
    let start = identity::start_of_this_thread().map_err(Unidentified::System)?;
    let id = u64::from(call::thread_id());
    me.id.set(OwnerId(id << 32 | (start & TICK_MASK) << 1));
    robust::forget_in_children(forget_if_forked).map_err(Unidentified::System)?;
    me.pending.set(PendingEntry::of_this_thread());
    me.page
        .set(Some(identity::page().map_err(Unidentified::System)?));
    me.generation.set(generation);
    Ok(())
}

pub(crate) fn check() -> io::Result<()> {
    match ME.with(identify) {
        Ok(()) => Ok(()),
        Err(Unidentified::Namespace) => Err(io::Error::other(
            "this process was forked into another PID or time namespace, where it cannot own a lock",
        )),
        Err(Unidentified::System(error)) => Err(error),
    }
}

pub(crate) fn attached(process: &Process) {
    // If an ancestor had another namespace, this process gets the error when it locks.
    let _ = check_namespace(&PID_NAMESPACE, process.pid_namespace);
    let _ = check_namespace(&TIME_NAMESPACE, process.time_namespace);
}

fn check_namespace(first: &AtomicU64, now: u64) -> Result<(), Unidentified> {
    match first.compare_exchange(0, now, Ordering::Relaxed, Ordering::Relaxed) {
        Err(before) if before != now => Err(Unidentified::Namespace),
        _ => Ok(()),
    }
}

/// The time in which this thread asks for a lock, holds it, or is releasing it. To be ended by
/// [`leave`](LockScope::leave), in reverse order.
///
/// It begins before the lock word has the thread's id, and ends after, so that a signal handler that runs in between
/// does not think that the id was left by a dead thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LockScope {
    generation: u64,
    /// The pending entry before: of the lock that the thread was already within, or one of the C library's own, because
    /// a signal handler may run while that waits for a mutex. With [`NESTED`] if the thread was within a lock.
    before: usize,
}

/// A bit that no pending entry has. (The C library sets bit 0 in some of its own.)
///
/// It is kept in the entry because a larger guard would be passed through memory, which costs more than the lock.
const NESTED: usize = 2;

impl LockScope {
    /// This thread is about to ask for that lock. From here on, if it ends with its id in the lock word, the kernel
    /// wakes one waiter.
    pub(crate) fn enter(lock: &AtomicU64) -> Result<LockScope, Unidentified> {
        ME.with(|me| {
            identify(me)?;
            Ok(LockScope::enter_as(me, me.generation.get(), lock))
        })
    }

    /// As `enter`, if this thread has been identified already.
    #[inline]
    pub(crate) fn enter_if_known(lock: &AtomicU64) -> Option<LockScope> {
        ME.with(|me| Some(LockScope::enter_as(me, known(me)?, lock)))
    }

    #[inline]
    fn enter_as(me: &Me, generation: u64, lock: &AtomicU64) -> LockScope {
        let pending = me.pending.get();
        let entry = pending.entry(lock);
        let before = pending.read() | me.inside.replace(NESTED);
        pending.write(entry);
        LockScope { generation, before }
    }

    /// What this thread puts into the lock word.
    #[inline]
    pub(crate) fn owner() -> OwnerId {
        ME.with(|me| me.id.get())
    }

    /// Whether this thread was within a lock already, perhaps this one.
    pub(crate) fn is_nested(&self) -> bool {
        self.before & NESTED != 0
    }

    /// Whether this is still the process that entered, and not a fork of it. A fork must not use the lock, but
    /// [`abandon`](Self::abandon) it.
    #[inline]
    pub(crate) fn is_mine(&self) -> bool {
        ME.with(|me| is_generation(me, self.generation))
    }

    /// A fork returns from the change that it was forked in. (If it was made by `_Fork`, handlers of `pthread_atfork`
    /// have not run.)
    #[cold]
    pub(crate) fn abandon() {
        forget_if_forked();
    }

    /// This thread has released the lock, or gives up.
    #[inline]
    pub(crate) fn leave(self) {
        ME.with(|me| {
            me.inside.set(self.before & NESTED);
            me.pending.get().write(self.before & !NESTED);
        });
    }
}
