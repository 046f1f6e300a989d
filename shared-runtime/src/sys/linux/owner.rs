//! Who holds a lock: a thread, by its id and the tick at which it started.
//!
//! A thread rather than a process, so that one thread cannot release or take over another's lock; with
//! its start, because ids are used again.

use core::cell::Cell;
use std::io;

use super::call;
use super::identity::{self, Process, is_still, this_process};
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
#[derive(Clone, Copy)]
pub(crate) struct OwnerId(u64);

/// The bits of a lock word that are not the owner's.
const LOCK_BITS: u64 = 1 | 1 << 63;

impl OwnerId {
    pub(crate) fn in_word(word: u64) -> Option<OwnerId> {
        (word > 1).then_some(OwnerId(word & !LOCK_BITS))
    }

    /// Whether the owner is alive; `None` if that cannot be told.
    pub(crate) fn is_alive(self) -> Option<bool> {
        let Some(id) = self.thread() else {
            return Some(false); // not a thread: the kernel has marked the word, or a process has overwritten it
        };
        let start = identity::start_of_thread(id).ok()?;
        Some(start.is_some_and(|start| start & TICK_MASK == self.0 >> 1 & TICK_MASK))
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
        // Empty if it has no memory at all: a thread of the kernel, or one that is about to end. Memory that may not be
        // seen is an error.
        read_text(format!("/proc/{id}/maps"))
            .is_ok_and(|maps| !mapped_files(&maps).any(|mapped| mapped.file == file))
    }
}

/// What this thread needs for a lock. The lock's atomic instructions wait for all earlier writes, so this writes as
/// little as possible.
struct Me {
    /// Of the process in which the rest was found out.
    generation: Cell<u64>,
    /// What this thread puts into a lock word.
    id: Cell<u64>,
    /// [`NESTED`] while the thread asks for a lock, holds one, or is releasing one; else 0.
    inside: Cell<usize>,
    /// Where it tells the kernel which lock, the innermost. The C library may clear that.
    pending: Cell<PendingEntry>,
}

thread_local! {
    static ME: Me = const {
        Me {
            generation: Cell::new(u64::MAX), // of no process
            id: Cell::new(0),
            inside: Cell::new(0),
            pending: Cell::new(PendingEntry::NOWHERE),
        }
    };
}

impl Me {
    /// Whether this thread has been identified in this process, rather than in one that it was forked from.
    #[inline]
    fn is_known(&self) -> bool {
        is_still(self.generation.get())
    }

    /// Finds out the id of this thread, unless it is known.
    fn identify(&self) -> Result<(), Unidentified> {
        if self.is_known() {
            return Ok(());
        }
        let generation = identity::generation()?;
        self.forget();
        let process = this_process().map_err(|error| error.source)?;
        check_namespaces(process)?;
        let start = identity::start_of_this_thread()?;
        let id = u64::from(call::thread_id());
        self.id.set(id << 32 | (start & TICK_MASK) << 1);
        robust::forget_in_children(forget_if_forked)?;
        self.pending.set(PendingEntry::of_this_thread());
        self.generation.set(generation);
        Ok(())
    }

    /// Forgets the locks that the thread held or asked for: they are the parent's, of whose thread this is a copy.
    fn forget(&self) {
        if self.inside.take() != 0 {
            self.pending.get().write(0);
        }
    }
}

/// Forgets the parent's locks in a child, right after the fork or when it returns from a change that it was forked in.
/// Whatever the child does later, the kernel must not find the parent's entry.
extern "C" fn forget_if_forked() {
    ME.with(|me| {
        if !me.is_known() {
            me.forget();
        }
    });
}

/// Why this thread cannot hold a lock.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unidentified {
    /// Ids and ticks mean something else there.
    #[error(
        "this process was forked into another PID or time namespace, where it cannot own a lock"
    )]
    Namespace,
    #[error(transparent)]
    System(#[from] io::Error),
}

pub(crate) fn check() -> io::Result<()> {
    ME.with(Me::identify).map_err(|error| match error {
        Unidentified::System(error) => error,
        other @ Unidentified::Namespace => io::Error::other(other.to_string()),
    })
}

pub(crate) fn attached(process: &Process) {
    // If an ancestor had another namespace, this process gets the error when it locks.
    let _ = check_namespaces(process);
}

/// Fails if this process's ancestor, the first that attached a segment to write, had other namespaces.
fn check_namespaces(process: &Process) -> Result<(), Unidentified> {
    /// Those of the ancestor; forks inherit the numbers.
    static FIRST: [AtomicU64; 2] = [const { AtomicU64::new(0) }; 2];
    let now = [process.pid_namespace, process.time_namespace];
    for (first, now) in FIRST.iter().zip(now) {
        let exchanged = first.compare_exchange(0, now, Ordering::Relaxed, Ordering::Relaxed);
        if exchanged.is_err_and(|before| before != now) {
            return Err(Unidentified::Namespace);
        }
    }
    Ok(())
}

/// The time in which this thread asks for a lock, holds it, or is releasing it. To be ended by
/// [`leave`](LockScope::leave), in reverse order. It begins before the lock word has the thread's id, and ends after,
/// so that a signal handler that runs in between does not think that the id was left by a dead thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LockScope {
    generation: u64,
    /// The pending entry before: of the lock that the thread was already within, or one of the C library's own, because
    /// a signal handler may run while that waits for a mutex. With [`NESTED`] if the thread was within a lock.
    before: usize,
}

/// A bit that no pending entry has. (The C library sets bit 0 in some of its own.) It is kept in the entry because a
/// larger guard would be passed through memory, which costs more than the lock.
const NESTED: usize = 2;

impl LockScope {
    /// This thread is about to ask for that lock. From here on, if it ends with its id in the lock word, the kernel
    /// wakes one waiter.
    pub(crate) fn enter(lock: &AtomicU64) -> Result<LockScope, Unidentified> {
        ME.with(|me| {
            me.identify()?;
            Ok(LockScope::enter_as(me, lock))
        })
    }

    /// As `enter`, if this thread has been identified already.
    #[inline]
    pub(crate) fn enter_if_known(lock: &AtomicU64) -> Option<LockScope> {
        ME.with(|me| me.is_known().then(|| LockScope::enter_as(me, lock)))
    }

    #[inline]
    fn enter_as(me: &Me, lock: &AtomicU64) -> LockScope {
        let generation = me.generation.get();
        let pending = me.pending.get();
        let entry = pending.entry(lock);
        let before = pending.read() | me.inside.replace(NESTED);
        pending.write(entry);
        LockScope { generation, before }
    }

    /// What this thread puts into the lock word.
    #[inline]
    pub(crate) fn owner() -> u64 {
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
        is_still(self.generation)
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
