//! The seam: all that the library asks of the operating system, on one page.
//!
//! Each platform has a folder that implements what is listed here. A line `const _: fn(…) = name;` declares a
//! function: what it does stands above the line, and a platform whose function has another signature does not
//! compile. The methods of the types that are named here belong to it too. Nothing outside of `sys` names a call, an error number, a descriptor or a path of the system.
//!
//! - Where a platform cannot tell, it says so: by `None` or an error. The caller then assumes that the other process is
//!   alive and uses the segment. A platform that cannot look at other processes gives an error for all of [`observe`].
//! - Numbers of processes, users and memory files are shown to people, written into headers and tokens, and compared.
//! - A wake-up may be lost and a sleep may end early: the caller looks again after a bounded time. So a platform may
//!   poll.
//!
//! In `linux`, files import only files of a row above theirs: `call`; `file`, `wait`, `robust`; `proc`, `memory`;
//! `identity`, `handoff`; `names`, `owner`, `watcher`; `observe`.

#![allow(clippy::type_complexity)] // the declarations of functions

pub(crate) mod cpu;
mod error;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
use linux as platform;

#[cfg(not(all(
    target_os = "linux",
    target_pointer_width = "64",
    target_endian = "little"
)))]
compile_error!("shmstate runs on Linux on 64-bit little-endian machines only");

use std::fs::File;
use std::io;
use std::process::Command;
use std::time::Duration;

use crate::error::SystemError;
use crate::sync::{AtomicU32, AtomicU64};

pub(crate) use error::ErrorKind;
pub use error::NameError;
pub(crate) use platform::call::{boot_nanoseconds, kind};

/// What the error of a call means.
const _: fn(&io::Error) -> ErrorKind = kind;
/// Nanoseconds since the start of the machine, also while it sleeps: the same clock for every process.
const _: fn() -> u64 = boot_nanoseconds;

/// Shared memory.
pub(crate) mod memory {
    /// A mapping, unmapped when it is dropped; and memory without a name, whose length nobody can change. That lasts
    /// as long as a process has it, and other processes find it by its number in this one.
    pub(crate) use super::platform::memory::{Mapping, MemoryFile};
}
use memory::{Mapping, MemoryFile};

/// Creates zeroed memory of that length, which programs that this process executes do not get.
const _: fn(u64) -> io::Result<MemoryFile> = MemoryFile::create;
const _: fn(&MemoryFile) -> u32 = MemoryFile::number;
/// Which file it is, for comparing.
const _: fn(&MemoryFile) -> io::Result<FileId> = MemoryFile::id;
/// Maps the first bytes of a file, perhaps for writing. It must have as many.
const _: fn(&File, usize, bool) -> io::Result<Mapping> = Mapping::of_file;
const _: fn(&MemoryFile, usize, bool) -> io::Result<Mapping> = MemoryFile::map;
/// Maps the same memory a second time, protected against writes.
const _: fn(&Mapping) -> io::Result<Mapping> = Mapping::read_only;

/// Segments that are found by name. Of several processes that create or remove a name, exactly one succeeds.
pub(crate) mod names {
    /// Which file a name means: as long as a process has the file, no other has its id. And what is known of a file.
    pub(crate) use super::platform::file::{FileId, FileInfo};
    /// A segment that does not have its name yet. It vanishes if it is dropped before it is published, but not by a
    /// forked child, which must not publish it.
    pub(crate) use super::platform::names::UnpublishedFile;
    pub(crate) use super::platform::names::{
        Removal, check, create, info, is_building, list, open_named, read_start, remove, sweep,
    };
}
use names::{FileId, FileInfo, Removal, UnpublishedFile};

/// Whether a segment can have that name.
const _: fn(&str) -> Result<(), NameError> = names::check;
/// Creates memory of a length, all of it reserved, with permission bits, for the instance of that id.
const _: fn(&'static ThisProcess, usize, u32, [u8; 16]) -> io::Result<(Mapping, UnpublishedFile)> =
    names::create;
/// Gives it the name, in one step that fails if the name is taken.
const _: fn(&mut UnpublishedFile, &str) -> io::Result<()> = UnpublishedFile::publish;
/// Opens what the name means, perhaps for writing. Waits for a process that is about to remove the name.
const _: fn(&str, bool) -> io::Result<(File, FileInfo)> = names::open_named;
/// Removes the name if it still means that file; if asked, only if no process has the file.
const _: fn(&str, FileId, bool) -> io::Result<Removal> = names::remove;
/// What the name means, without opening it.
const _: fn(&str) -> io::Result<Option<FileInfo>> = names::info;
/// The first bytes of a file, without mapping it; how many.
const _: fn(&str, &mut [u8]) -> io::Result<usize> = names::read_start;
/// All names, also those of other programs' files.
const _: fn() -> Result<Vec<String>, SystemError> = names::list;
/// Whether it is a name that segments have before they are published.
const _: fn(&str) -> bool = names::is_building;
/// Removes the segments that killed processes were building.
const _: fn() = names::sweep;

/// Giving memory without a name to another process.
pub(crate) mod handoff {
    pub(crate) use super::platform::handoff::{inherited, keep, open_of, pass_on, path_of};
}

/// The memory that a process has under a number, perhaps for writing; `None` if it has none.
const _: fn(u32, u32, bool) -> Result<Option<(MemoryFile, FileInfo)>, SystemError> =
    handoff::open_of;
/// Lets the children of the command inherit the memory, perhaps for writing, under the number that this returns.
const _: fn(&mut Command, &MemoryFile, bool) -> u32 = handoff::pass_on;
/// The memory that this process has inherited under a number, as the instance of that id.
const _: fn(u32, u128) -> Option<(MemoryFile, FileInfo)> = handoff::inherited;
/// Keeps inherited memory from the children of this process. It can still be asked for under the same id.
const _: fn(&MemoryFile, u128) -> io::Result<()> = handoff::keep;
/// How the memory that a process has under a number is shown to people.
const _: fn(u32, u32) -> String = handoff::path_of;

/// Processes.
pub(crate) mod identity {
    pub(crate) use super::platform::call::{effective_uid, random_id};
    /// One life of a process, as it stands in a header; and the calling process, which is one.
    pub(crate) use super::platform::identity::{Process, ThisProcess};
    pub(crate) use super::platform::identity::{generation, this_process};
}
use identity::{Process, ThisProcess};

/// The calling process. One look serves a whole operation.
const _: fn() -> Result<&'static ThisProcess, SystemError> = identity::this_process;
/// Whether the caller is still that process, and not a child forked from it. Costs two loads.
const _: fn(&ThisProcess) -> bool = ThisProcess::is_current;
/// Whether the process lives.
const _: fn(&Process) -> Option<bool> = Process::is_alive;
/// In which namespace the numbers of the two processes differ in meaning, if in one.
const _: fn(&Process, &Process) -> Option<&'static str> = Process::differing_namespace;
/// The user for whom this process acts.
const _: fn() -> u32 = identity::effective_uid;
/// An id for a new instance: random, and not 0.
const _: fn() -> io::Result<[u8; 16]> = identity::random_id;
/// A number that stays the same in this process and is larger in each forked child.
const _: fn() -> io::Result<u64> = identity::generation;

/// Owners of locks.
pub(crate) mod owner {
    /// The time from before this thread asks for a lock until after it has released it. If the thread ends meanwhile,
    /// the platform may wake a waiter.
    pub(crate) use super::platform::owner::LockScope;
    /// One life of one thread, in the bits 1 to 61 of a lock word. Bits 0 and 63 are the lock's, and bit 62 is set only
    /// by a platform that marks the words of dead owners.
    pub(crate) use super::platform::owner::OwnerId;
    pub(crate) use super::platform::owner::{Unidentified, attached, check};
}
use owner::{LockScope, OwnerId, Unidentified};

/// The owner in a lock word; `None` if the lock is free.
const _: fn(u64) -> Option<OwnerId> = OwnerId::in_word;
/// Whether the owner is alive.
const _: fn(OwnerId) -> Option<bool> = OwnerId::is_alive;
/// Whether its process certainly has not mapped the file that lies at an address here.
const _: fn(OwnerId, usize) -> bool = OwnerId::has_not_mapped;
const _: fn(&AtomicU64) -> Result<LockScope, Unidentified> = LockScope::enter;
/// The owner that this thread is, for a lock word.
const _: fn() -> u64 = LockScope::owner;
/// Whether this thread can own a lock.
const _: fn() -> io::Result<()> = owner::check;
/// This process has a segment that it can write. Its forks in other namespaces cannot own locks there.
const _: fn(&Process) = owner::attached;

/// Waiting for other processes, by words of shared memory.
pub(crate) mod wait {
    pub(crate) use super::platform::wait::{sleep_on_event, sleep_on_lock, wake_all, wake_one};
    /// Has a waker called when a word changes, or after 100 ms. The word need not stay mapped.
    #[cfg(feature = "async")]
    pub(crate) use super::platform::watcher::Ticket;
}

/// Sleeps while a lock word has the owner that was seen, for a time at most.
const _: fn(&AtomicU64, u64, Duration) = wait::sleep_on_lock;
/// Wakes one of those sleepers; whether there was one.
const _: fn(&AtomicU64) -> bool = wait::wake_one;
/// Sleeps while a word has the value that was seen, for a time at most.
const _: fn(&AtomicU32, u32, Duration) = wait::sleep_on_event;
/// Wakes all of those sleepers.
const _: fn(&AtomicU32) = wait::wake_all;

/// Looking at segments, and at the processes that have them, without disturbing either.
pub(crate) mod observe {
    /// Pauses between tries, while other processes look at the same file.
    pub(crate) use super::platform::file::Backoff;
    pub(crate) use super::platform::observe::{FileReader, LeaseAnswer, Query, Usage};
    pub(crate) use super::platform::observe::{ask_usage, find, scan};
}
use observe::{LeaseAnswer, Query, Usage};

/// What the name means, found without opening it, to be read without mapping it.
const _: fn(&str) -> io::Result<platform::observe::FoundFile> = observe::find;
/// Whether any process has the file of that name, as far as the system tells.
const _: fn(&str, FileId) -> io::Result<LeaseAnswer> = observe::ask_usage;
/// Which processes have which of the files, by one look at each process; and whether all were seen.
const _: fn(&Query) -> Result<(Vec<Usage>, bool), SystemError> = observe::scan;
