//! What segments there are, which processes have them, and what is left over.
//!
//! No segment keeps a list of who uses it: the killed would never leave it. Who has a segment is read from
//! `/proc`, and whether anybody at all has one is asked of the kernel, which knows it of every process.
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
//! - All of this is a picture of a moment: a process may have come or gone since.
//! - A process sees those of its own user; with privilege (`CAP_SYS_PTRACE`), those of all. It sees those of
//!   its own PID namespace and of the namespaces below, as its `/proc` shows them. [`Processes::complete`]
//!   says whether `/proc` has shown all that it has.
//! - [`Liveness`] does not depend on that: of a segment that no visible process has mapped, the kernel is asked
//!   whether any process in any namespace has it. Only of segments of other users it does not tell.
//! - Processes that are stopped count as any other; those that have ended and wait to be reaped do not, nor do
//!   those that have executed another program.
//! - A process that looks at a segment has it open for some microseconds, and may be listed as one that has it. A program
//!   that forks while another of its threads looks leaves the child with the descriptor: that child has the
//!   segment open until it ends or executes another program, and so the segment counts as used for as long.
//! - Segments are found by their names, and those without by the processes that have them. They are read, not
//!   mapped, and nothing in them is trusted. Pipes, devices and the like are not opened.
//!
//! # What a look does to others
//!
//! To read a segment, it is opened for a moment; to ask the kernel, a lease is taken on it and given back at
//! once (`fcntl(2)`, `F_SETLEASE`).
//!
//! - This library waits while a lease stands. Another program that opens the file meanwhile waits in the kernel,
//!   unless it passes `O_NONBLOCK`: for microseconds, or if the process that looks is stopped or traced just
//!   then, until it goes on or the kernel ends the lease, after 45 s (`/proc/sys/fs/lease-break-time`).
//!   Such a segment is listed with [`HeaderError::Leased`](crate::HeaderError::Leased).
//! - Whoever opens the file while this process holds the lease has the kernel send this process a `SIGURG`.
//!   By default that does nothing; a program that takes all signals from `sigwait` or a `signalfd` may see one.
//! - A program that holds a lease of its own on a file in `/dev/shm` that may be a segment is told that
//!   somebody opens it.
//!
//! # Cost
//!
//! A call reads `/proc/PID/maps` and the links of `/proc/PID/fd` of each process once, however many segments
//! there are: about 50 µs for a small process. A segment costs about 35 µs. If the kernel says that somebody
//! has one whom `/proc` does not show, or shows with a mere descriptor, it is asked again for about 50 ms, of
//! all such segments at the same time: that may be another process that is just looking, too. Where somebody
//! holds a lease and is stopped, such a segment costs as much.

mod examine;
mod info;
mod list;

pub use info::{Description, Liveness, Place, Process, Processes, SegmentInfo};
pub(crate) use list::processes_of;
pub use list::{segment, segments};
