//! Which segments exist, which processes have them, and which ones are left over from killed programs.
//!
//! A segment keeps no list of its users: a killed process would stay on it for ever. The processes that have a segment are
//! found in `/proc`; whether any process at all has it, the kernel is asked.
//!
//! ```
//! use shmstate::Shared;
//! use shmstate::processes::{Liveness, segments};
//!
//! let name = format!("doc-processes-{}", std::process::id());
//! let state = Shared::create(&name, [0_u64; 8])?;
//! for segment in segments()? {
//!     println!("{}, {} bytes: {}", segment.place, segment.size, segment.liveness);
//!     for process in &segment.processes.found {
//!         println!("    {} {}", process.pid, process.command);
//!     }
//!     // What killed programs have left; never one that is in use.
//!     if segment.liveness == Liveness::Stale {
//!         println!("    could go: `segment.remove_unused()`");
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What can be seen
//!
//! - All of this is a snapshot: a process may have come or gone since.
//! - A process sees those of its own user, or with privilege (`CAP_SYS_PTRACE`) those of all, in its own PID namespace and
//!   those below, as its `/proc` shows them. [`Processes::complete`] says whether all in `/proc` could be examined.
//! - [`Liveness`] does not depend on that: for a segment that no visible process has mapped, the kernel is asked
//!   whether any process in any namespace has it. It does not answer for segments of other users.
//! - Processes that are stopped count as any other; those that have ended and wait to be reaped do not, nor do
//!   those that have executed another program.
//! - A process that looks at a segment has it open for some microseconds, and may be listed as one that has it. If a
//!   program forks while another of its threads looks, the child inherits the descriptor: it has the segment open until
//!   it ends or executes another program, and the segment counts as used for as long.
//! - Segments are found by their names, and those without a name by the processes that have them. They are read, not
//!   mapped, and nothing in them is trusted. Pipes, devices and the like are not opened.
//!
//! # Effects on other processes
//!
//! To read a segment, it is opened for a moment; to ask the kernel, it is leased for a moment (`fcntl(2)`, `F_SETLEASE`).
//!
//! - This library waits while a lease is held. Another program that opens the file meanwhile waits in the kernel,
//!   unless it passes `O_NONBLOCK`: for microseconds, or, if the process that holds the lease is stopped or traced just
//!   then, until it continues or the kernel ends the lease, after 45 s (`/proc/sys/fs/lease-break-time`).
//!   Such a segment is listed with [`HeaderError::Leased`](crate::HeaderError::Leased).
//! - If another process opens the file while this process holds the lease, the kernel sends this process a `SIGURG`.
//!   By default that does nothing; a program that takes all signals from `sigwait` or a `signalfd` may see one.
//! - A program with a lease of its own on a file in `/dev/shm` that may be a segment is notified that it is opened.
//!
//! # Cost
//!
//! A call reads `/proc/PID/maps` and the links of `/proc/PID/fd` of each process once, however many segments there are:
//! tens of microseconds for a small process. A segment costs about 35 µs. If the kernel says that a segment is in use, and
//! `/proc` shows no process that has it, or only ones with a descriptor for reading, which may be only looking, too, the
//! kernel is asked again for about 50 ms, for all such segments together; also if a stopped process holds a lease on one.

mod examine;
mod info;
mod list;

pub use info::{Description, Liveness, Place, Process, Processes, SegmentInfo};
pub(crate) use list::processes_of;
pub use list::{segment, segments};
