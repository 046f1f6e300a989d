//! Which process this is, and which thread: told apart from its forked children, and from others that get its number.
//!
//! A handler of `pthread_atfork` misses a raw `clone`, and a process id may be used again. The kernel wipes a page
//! marked `MADV_WIPEONFORK` in every child that gets a copy of it, so a wiped page means: forked since.

#![allow(unsafe_code)]

use core::ptr;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;

use super::call::is_gone;
use super::file::if_found;
use super::memory::Mapping;
use super::proc::{Stat, read_text};
use crate::error::SystemError;
use crate::sync::{AtomicPtr, AtomicU64, Ordering};

/// One life of a process, as it is written into the header of a segment that it creates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Process {
    pub pid: u32,
    /// When it was started, in clock ticks after boot.
    pub start: u64,
    /// Inode numbers of its namespaces; 0 where the kernel has none of the kind.
    pub pid_namespace: u64,
    pub time_namespace: u64,
}

impl Process {
    /// The kind of a namespace that the two do not share, `PID` or `time`. Then the ids and start times of one mean
    /// something else to the other.
    pub(crate) fn differing_namespace(&self, other: &Process) -> Option<&'static str> {
        if self.pid_namespace != other.pid_namespace {
            Some("PID")
        } else if self.time_namespace != other.time_namespace {
            Some("time")
        } else {
            None
        }
    }

    /// Whether this very process lives, and not another of the same number; `None` if that cannot be told, as for a
    /// process of other namespaces.
    pub(crate) fn is_alive(&self) -> Option<bool> {
        let me = this_process().ok()?;
        if !me.proc_is_ours || self.differing_namespace(me).is_some() {
            return None;
        }
        let stat = stat_of(self.pid).ok()?;
        // A process whose first thread has ended is shown as a zombie while the others run.
        let lives = |stat: &Stat| !stat.ended || stat.threads > 1;
        Some(stat.is_some_and(|stat| lives(&stat) && stat.start == self.start))
    }
}

/// The calling process.
#[derive(Debug)]
pub(crate) struct ThisProcess {
    process: Process,
    /// Whether the process ids in `/proc` are those of this process's own namespace.
    pub(super) proc_is_ours: bool,
    generation: u64,
}

impl core::ops::Deref for ThisProcess {
    type Target = Process;

    fn deref(&self) -> &Process {
        &self.process
    }
}

impl ThisProcess {
    pub(crate) fn is_current(&self) -> bool {
        is_still(self.generation)
    }
}

static THIS_PROCESS: PerProcess<ThisProcess> = PerProcess::new();

/// The calling process. Reads `/proc` once in each process, then costs a few loads. Fails if `/proc` cannot be read, or
/// as [`generation`].
pub(crate) fn this_process() -> Result<&'static ThisProcess, SystemError> {
    THIS_PROCESS
        .get(read)
        .map_err(SystemError::when("read /proc/self"))
}

fn read(generation: u64) -> io::Result<ThisProcess> {
    // Of this thread: the first thread, which `/proc/self` shows, may have ended.
    let namespace = |kind| Ok(fs::metadata(format!("/proc/thread-self/ns/{kind}"))?.ino());
    let stat = read_text("/proc/self/stat")?;
    let pid = std::process::id();
    Ok(ThisProcess {
        process: Process {
            pid,
            start: Stat::parse(&stat)?.start,
            pid_namespace: namespace("pid")?,
            time_namespace: if_found(namespace("time"))?.unwrap_or(0), // Linux before 5.6 has none
        },
        proc_is_ours: stat.split(' ').next() == Some(&pid.to_string()),
        generation,
    })
}

/// What `/proc` shows of the process or thread of that number; `None` if there is none.
fn stat_of(id: u32) -> io::Result<Option<Stat>> {
    match read_text(format!("/proc/{id}/stat")) {
        Ok(stat) => Stat::parse(&stat).map(Some),
        Err(_) if is_gone(id) => Ok(None),
        Err(error) => Err(error),
    }
}

/// When the thread was started, in clock ticks after boot; `None` if it does not exist, or has ended. Fails if it
/// exists, but its start cannot be told: `/proc` is hidden, absent or another namespace's, or no descriptor is free.
pub(super) fn start_of_thread(id: u32) -> io::Result<Option<u64>> {
    if is_gone(id) {
        return Ok(None);
    }
    let me = this_process().map_err(|error| error.source)?;
    if !me.proc_is_ours {
        return Err(io::Error::other("/proc is that of another PID namespace"));
    }
    let stat = stat_of(id)?.filter(|stat| !stat.ended);
    Ok(stat.map(|stat| stat.start))
}

/// When the calling thread was started, in clock ticks after boot.
pub(super) fn start_of_this_thread() -> io::Result<u64> {
    Ok(Stat::parse(&read_text("/proc/thread-self/stat")?)?.start)
}

/// The page, once there is one. Never unmapped, so the reference to the word in it is `'static`.
static PAGE: AtomicPtr<AtomicU64> = AtomicPtr::new(ptr::null_mut());

/// The last generation given out in this process or, before the fork, in its ancestors.
static LAST: AtomicU64 = AtomicU64::new(0);

/// The word that holds the [`generation`] of this process once it has been asked for. In a child forked since, it is 0.
#[inline]
fn page() -> Option<&'static AtomicU64> {
    // SAFETY: `PAGE` is null or a mapped, zeroed or set, aligned page that is never unmapped.
    unsafe { PAGE.load(Ordering::Acquire).as_ref() }
}

/// Costs two loads once it is set up. Fails if the page cannot be mapped (Linux before 4.14, or no memory).
#[inline]
pub(crate) fn generation() -> io::Result<u64> {
    let page = page().map_or_else(map_page, Ok)?;
    match page.load(Ordering::Acquire) {
        0 => Ok(next(page)),
        generation => Ok(generation),
    }
}

/// Whether this is still the process in which [`generation`] returned that number, and not a fork of it.
#[inline]
pub(super) fn is_still(generation: u64) -> bool {
    page().is_some_and(|page| page.load(Ordering::Acquire) == generation)
}

/// Threads may race here at the first use in a process: the first exchange decides, and the other numbers are skipped.
#[cold]
fn next(page: &AtomicU64) -> u64 {
    let fresh = LAST.fetch_add(1, Ordering::Relaxed) + 1;
    let exchanged = page.compare_exchange(0, fresh, Ordering::AcqRel, Ordering::Acquire);
    exchanged.err().unwrap_or(fresh)
}

#[cold]
fn map_page() -> io::Result<&'static AtomicU64> {
    let mapping = Mapping::wiped_on_fork(4096)?;
    let fresh = mapping.base().cast::<AtomicU64>().as_ptr();
    let null = ptr::null_mut();
    let exchanged = PAGE.compare_exchange(null, fresh, Ordering::AcqRel, Ordering::Acquire);
    if exchanged.is_ok() {
        std::mem::forget(mapping); // never unmapped
    }
    Ok(page().expect("this thread or another has set it"))
}

/// A value that is made when it is first asked for in a process, and again in each forked child.
///
/// The value of an ancestor stays allocated: a small block in each child. It cannot be dropped, because a fork may
/// leave any lock in it locked for ever. For the same reason no lock is held while the value is made.
///
/// Invariant: the pointer is null, or to a value and the generation that it was made in, which are never freed or
/// changed.
pub(super) struct PerProcess<T>(AtomicPtr<(u64, T)>);

impl<T: Send + Sync + 'static> PerProcess<T> {
    pub(super) const fn new() -> Self {
        PerProcess(AtomicPtr::new(ptr::null_mut()))
    }

    /// The value of this process; `make` gets its [`generation`]. Costs a few loads once it is made. Threads that ask
    /// first at the same time may each make a value, but all get the same.
    pub(super) fn get(&self, make: impl FnOnce(u64) -> io::Result<T>) -> io::Result<&'static T> {
        let generation = generation()?;
        let before = self.0.load(Ordering::Acquire);
        // SAFETY: the invariant.
        match unsafe { before.as_ref() } {
            Some((made_in, value)) if *made_in == generation => return Ok(value),
            _ => {}
        }
        let fresh = Box::into_raw(Box::new((generation, make(generation)?)));
        let exchanged = self
            .0
            .compare_exchange(before, fresh, Ordering::AcqRel, Ordering::Acquire);
        if exchanged.is_err() {
            // SAFETY: it was just made by `into_raw`, and nobody else has the address.
            drop(unsafe { Box::from_raw(fresh) });
        }
        // If not this thread's, the value of another of this process: no other can have put one there since the load.
        let current = exchanged.err().unwrap_or(fresh);
        // SAFETY: the invariant.
        Ok(unsafe { &(*current).1 })
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    /// It may be reaped between the question whether it exists and the reading of its entry.
    #[test]
    fn a_process_that_is_reaped_while_it_is_looked_at_is_gone_and_not_unknown() {
        let mut looks = 0_u32;
        for _ in 0..300 {
            let mut child = Command::new("true")
                .stdin(Stdio::null())
                .spawn()
                .expect("spawn");
            let id = child.id();
            std::thread::scope(|scope| {
                scope.spawn(move || child.wait().expect("its child"));
                while start_of_thread(id).expect("it can be told").is_some() {
                    looks += 1;
                }
            });
        }
        assert_ne!(looks, 0, "no look came before the end of one");
    }
}
