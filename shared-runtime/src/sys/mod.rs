//! The seam: all that the library asks of the operating system, on one page.
//!
//! Each platform has a folder that implements what is listed here, with the meaning that it has here. Nothing outside of
//! `sys` names a call, an error number, a descriptor or a path of the system. The signatures stand where the items are
//! implemented.
//!
//! - What cannot be told is said so, by `None` or an error, and the caller then assumes that the other process is alive and
//!   uses the segment.
//! - Errors of calls are `io::Error`, or [`SystemError`](crate::SystemError) with what was being done. [`kind`] says what
//!   they mean.
//! - Numbers of processes, users and handles are shown to people, written into headers and tokens, and compared.
//! - A wake-up may be lost, and a sleep may end early: whoever sleeps looks again after a bounded time.
//!
//! What each platform gives:
//!
//! | module | gives | where a platform has none |
//! |---|---|---|
//! | [`memory`] | mapped memory, and memory without a name | required |
//! | [`names`] | segments that are found by name | required |
//! | [`handoff`] | memory without a name for another process | an error |
//! | [`identity`] | which process this is, and whether another one lives | `None`: cannot be told |
//! | [`owner`] | who holds a lock, and whether it is dead | never dead |
//! | [`wait`] | sleeping on words of shared memory | a bounded pause |
//! | [`observe`] | which processes have a segment | an error |
//!
//! Files import each other in one direction. Within `linux`: `errno`, `file`, `wait`, `robust`, below `proc`, `memory`, below
//! `identity`, `handoff`, below `names`, `owner`, `watcher`, below `observe`.

#[cfg(not(all(
    target_os = "linux",
    target_pointer_width = "64",
    target_endian = "little"
)))]
compile_error!("shmstate runs on Linux on 64-bit little-endian machines only");

pub(crate) mod cpu;
mod error;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
use linux as platform;

pub(crate) use error::ErrorKind;
pub use error::NameError;
/// What the error of a call means.
pub(crate) use platform::errno::kind;

/// Shared memory.
pub(crate) mod memory {
    use super::platform;

    /// A mapping, unmapped when it is dropped. `read_only` maps the same memory again, protected against writes.
    pub(crate) use platform::memory::Mapping;
    /// Memory without a name, whose length nobody can change: `create` it, `map` it. It lasts as long as a process has it,
    /// and other processes find it by its `number` in this one.
    pub(crate) use platform::memory::MemoryFile;
}

/// Segments that are found by name. All creators and all processes that remove a name agree on one winner.
pub(crate) mod names {
    use super::platform;

    /// Which file a name means. The same id, the same file, as long as somebody has it.
    pub(crate) use platform::file::FileId;
    /// A file's id, owner, permissions and length.
    pub(crate) use platform::file::FileInfo;
    /// Whether a segment can have that name.
    pub(crate) use platform::names::check;
    /// What the name means now, without opening it.
    pub(crate) use platform::names::info;
    /// Whether segments are built under names such as this one.
    pub(crate) use platform::names::is_building;
    /// All names, also those of other programs.
    pub(crate) use platform::names::list;
    /// Opens what the name means, to map it. Waits for a process that is about to remove the name.
    pub(crate) use platform::names::open_named;
    /// Reads the first bytes of a file without mapping it.
    pub(crate) use platform::names::read_start;

    /// Memory for a segment, all of it reserved, that does not have its name yet. It vanishes if it is dropped before it is
    /// published; a forked child neither publishes nor removes it.
    #[allow(unused_imports)] // the type need not be named
    pub(crate) use platform::names::{UnpublishedFile, create};

    /// Why `UnpublishedFile::publish` has not given it the name, which it does in one step if the name is free.
    pub(crate) use platform::names::PublishError;

    /// Removes a name if it still means that file; if asked, only if no process has the file.
    pub(crate) use platform::names::{Removal, remove};

    /// Removes what killed processes have left of segments that they were building.
    pub(crate) use platform::names::sweep;
}

/// Giving memory without a name to another process.
pub(crate) mod handoff {
    use super::platform;

    /// The memory that another process has under a number; `None` if it is gone.
    pub(crate) use platform::handoff::open_of;
    /// Lets the children of a command inherit the memory, under the number that this returns.
    pub(crate) use platform::handoff::pass_on;
    /// The memory that this process has inherited under a number; and keeping it from this process's own children.
    pub(crate) use platform::handoff::{inherited, keep};
}

/// Processes.
pub(crate) mod identity {
    use super::platform;

    /// One life of a process, as it stands in a header: `is_alive`, `differing_namespace`.
    pub(crate) use platform::identity::Process;
    /// The user on whose behalf this process acts.
    pub(crate) use platform::identity::effective_uid;
    /// A number that stays the same in this process and is larger in each forked child.
    pub(crate) use platform::identity::generation;
    /// Sixteen random bytes, not all of them zero: the id of an instance.
    pub(crate) use platform::identity::random_id;
    /// The calling process, found out once: one look serves a whole operation, and `is_current` says later, for two loads,
    /// whether the caller is a forked child by now.
    pub(crate) use platform::identity::{ThisProcess, this_process};
}

/// Clocks.
pub(crate) mod clock {
    use super::platform;

    /// Nanoseconds since the start of the machine, also while it sleeps: the same clock for every process.
    pub(crate) use platform::clock::boot_nanoseconds;
}

/// Owners of locks.
pub(crate) mod owner {
    use super::platform;

    /// From before a thread asks for a lock until after it has released it. The platform may wake a waiter if the thread ends
    /// meanwhile.
    pub(crate) use platform::owner::LockScope;
    /// One life of one thread, in the bits 1 to 61 of a lock word. Copied into and out of the word, compared, and asked
    /// whether it `is_dead` or `has_not_mapped` the lock; nothing else is to be read from the bits. Bits 0 and 63 of the word
    /// are the lock's, and bit 62 is set only by a platform that marks the words of dead owners.
    pub(crate) use platform::owner::OwnerId;
    /// Tells that this process has a segment that it can write, so that its forks in other namespaces are refused locks.
    pub(crate) use platform::owner::attached;
    /// Whether this thread can own a lock, and why not.
    pub(crate) use platform::owner::{Unidentified, check};
}

/// Waiting for other processes by words of shared memory.
pub(crate) mod wait {
    use super::platform;

    /// Sleeps while a word has the value that was seen; wakes all such sleepers.
    pub(crate) use platform::wait::{sleep_on_event, wake_all};
    /// Sleeps while a lock word has the owner that was seen; wakes one such sleeper.
    pub(crate) use platform::wait::{sleep_on_lock, wake_one};
    /// Has a waker called when a word changes, or after 100 ms. The word need not stay mapped.
    #[cfg(feature = "async")]
    pub(crate) use platform::watcher::Ticket;
}

/// Looking at segments, and at the processes that have them, without disturbing either.
pub(crate) mod observe {
    use super::platform;

    /// Pauses while others look at the same file.
    pub(crate) use platform::file::Backoff;
    /// The bytes of a file that is not mapped here.
    pub(crate) use platform::observe::FileReader;
    /// What the name means, for a look; and whether any process has it, as far as the system tells.
    pub(crate) use platform::observe::{LeaseAnswer, ask_usage, find};
    /// Which processes have which files, by one look at each process.
    pub(crate) use platform::observe::{Query, Scan, Usage, scan};
}
