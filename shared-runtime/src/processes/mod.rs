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

mod info;
mod look;

use look::Asked;

pub use info::{Description, Liveness, Place, Process, Processes, SegmentInfo};

use std::collections::{HashMap, HashSet};
use std::io;

use crate::error::SystemError;
use crate::segment::OpenError;
use crate::segment::{self, Segment};
use crate::sys;
use crate::sys::names::{self, FileId};
use crate::sys::observe::{self, Backoff, Query, Scan, Usage};

/// Every segment that this process may look at: the named ones, those that are being built or were left
/// half-built, those whose name was removed and that some process still has, and the anonymous ones. Each is
/// listed once, by name; those without, behind the others.
///
/// Files of other programs are not listed; damaged segments are, with what is wrong. See the
/// [module](self) for what can be seen, and what it costs.
///
/// # Errors
///
/// If `/dev/shm` or `/proc` cannot be read, or this process has too few descriptors or too little memory
/// left. What is wrong with one segment or one process is not an error of the whole.
///
/// ```
/// use shmstate::{Shared, processes};
///
/// let name = format!("doc-segments-{}", std::process::id());
/// let (named, anonymous) = (Shared::create(&name, 1_u8)?, Shared::new([0_u32; 4])?);
/// let ids: Vec<u128> = processes::segments()?
///     .iter()
///     .filter_map(|segment| Some(segment.description.as_ref().ok()?.id))
///     .collect();
/// assert!(ids.contains(&Shared::id(&named)) && ids.contains(&Shared::id(&anonymous)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn segments() -> Result<Vec<SegmentInfo>, SystemError> {
    let list = names::list()?;
    let mut segments = Vec::new();
    let mut files = HashSet::new();
    for name in list {
        match look::named(&name) {
            // A file may have several names.
            Ok(found) if files.insert(found.file) => segments.push(found),
            Err(OpenError::System { source, .. }) if sys::kind(&source.source).is_exhausted() => {
                return Err(source);
            }
            // Gone by now, foreign, or closed to this user.
            _ => {}
        }
    }
    let names = segments.iter().filter_map(SegmentInfo::file_name);
    let query = Query::all(files, names.map(str::to_owned).collect())?;
    let mut usages = UsageMap::scan(&query)?;
    for segment in &mut segments {
        segment.processes = usages.processes(segment.file);
    }
    let mut segments = ask(segments);
    let nameless = usages
        .nameless()
        .map_err(SystemError::when("read a segment"))?;
    segments.extend(nameless);
    Ok(segments)
}

/// Fills in which of the segments, which have names, are used. Those that are not there any more are left out.
fn ask(mut segments: Vec<SegmentInfo>) -> Vec<SegmentInfo> {
    let mut asked = Vec::new();
    let mut backoff = Backoff::for_observers();
    loop {
        let mut again = Vec::new();
        for mut segment in segments {
            match look::liveness(&mut segment) {
                Asked::Known => asked.push(segment),
                Asked::NotYet => again.push(segment),
                Asked::Gone => {}
            }
        }
        if again.is_empty() || backoff.is_over() {
            asked.append(&mut again);
            asked.sort_by_key(SegmentInfo::order);
            return asked;
        }
        segments = again;
        backoff.pause();
    }
}

/// The segment of that name, be it damaged. Looks at each process once, as [`segments`] does.
///
/// # Errors
///
/// [`OpenError`]: a name that no segment can have, none of that name, a file that is not a segment or may not be
/// read, or an error of the system.
///
/// ```
/// use shmstate::{Shared, processes::{Liveness, segment}};
///
/// let name = format!("doc-segment-{}", std::process::id());
/// let state = Shared::create(&name, [0_u64; 8])?;
/// let found = segment(&name)?;
/// assert_eq!(found.liveness, Liveness::Live);
/// assert_eq!(found.processes.found[0].pid, std::process::id());
/// assert_eq!(found.description?.id, Shared::id(&state));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn segment(name: &str) -> Result<SegmentInfo, OpenError> {
    names::check(name)?;
    let mut found = match look::named(name) {
        Err(OpenError::NotFound { .. }) => return Err(segment::not_found(name)),
        other => other?,
    };
    let query = Query::one(found.file, Some(name));
    let mut usages = UsageMap::scan(&query).map_err(|source| OpenError::System {
        segment: found.place.to_string(),
        source,
    })?;
    found.processes = usages.processes(found.file);
    ask(vec![found])
        .pop()
        .ok_or_else(|| segment::not_found(name))
}

/// The processes that have the segment, this one among them.
pub(crate) fn processes_of(segment: &Segment) -> Result<Processes, SystemError> {
    let origin = segment.origin();
    let file = origin.file();
    let file = file.map_err(SystemError::when("look at the segment"))?;
    Ok(UsageMap::scan(&Query::one(file, origin.name()))?.processes(file))
}

/// What processes have, by file.
struct UsageMap {
    of: HashMap<FileId, Vec<Usage>>,
    complete: bool,
}

impl UsageMap {
    fn scan(query: &Query) -> Result<UsageMap, SystemError> {
        let Scan { usages, complete } = observe::scan(query)?;
        let mut of: HashMap<FileId, Vec<Usage>> = HashMap::new();
        for usage in usages {
            of.entry(usage.file).or_default().push(usage);
        }
        Ok(UsageMap { of, complete })
    }

    /// Those of one file, which are taken out.
    fn processes(&mut self, file: FileId) -> Processes {
        Processes::of(self.of.remove(&file).unwrap_or_default(), self.complete)
    }

    /// The segments among the files that are left.
    fn nameless(self) -> io::Result<Vec<SegmentInfo>> {
        let mut segments = Vec::new();
        for usages in self.of.into_values() {
            segments.extend(look::nameless(usages, self.complete)?);
        }
        segments.sort_by_key(SegmentInfo::order);
        Ok(segments)
    }
}
