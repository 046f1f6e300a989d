//! All segments, or one, with the processes that have them.

use std::collections::{HashMap, HashSet};

use super::examine::{self, Settled};
use super::info::{Processes, SegmentInfo};
use crate::error::SystemError;
use crate::segment::{self, OpenError, Segment};
use crate::sys;
use crate::sys::names::{self, FileId};
use crate::sys::observe::{self, Backoff, Query, Usage};

/// Every segment that this process may look at: the named ones, those that are being built or were left
/// half-built, those whose name was removed and that some process still has, and the anonymous ones. Each is
/// listed once: those in the file system by name, then the others.
///
/// Files of other programs are not listed; damaged segments are. The [module](super) says what can be seen, and the cost.
///
/// # Errors
///
/// If `/dev/shm` or `/proc` cannot be read, or this process runs out of descriptors or memory. An error with one segment
/// or one process is not an error of the whole.
///
/// ```
/// use shmstate::processes;
///
/// for segment in processes::segments()? {
///     match segment.description {
///         Ok(it) => println!("{}: {} of {} fields", segment.place, it.type_name, it.fields),
///         Err(damage) => println!("{}: {damage}", segment.place),
///     }
/// }
/// # Ok::<(), shmstate::SystemError>(())
/// ```
pub fn segments() -> Result<Vec<SegmentInfo>, SystemError> {
    let list = names::list()?;
    let mut segments = Vec::new();
    let mut files = HashSet::new();
    for name in list {
        match examine::named(&name) {
            // A file may have several names.
            Ok(found) if files.insert(found.file) => segments.push(found),
            Err(OpenError::System { source, .. }) if sys::kind(&source.source).is_exhausted() => {
                return Err(source);
            }
            // Gone by now, not a segment, or not readable for this user.
            _ => {}
        }
    }
    let names = segments.iter().filter_map(SegmentInfo::file_name);
    let query = Query::all(files, names.map(str::to_owned).collect())?;
    let (usages, complete) = observe::scan(&query)?;
    let mut by_file: HashMap<FileId, Vec<Usage>> = HashMap::new();
    for usage in usages {
        by_file.entry(usage.file).or_default().push(usage);
    }
    for segment in &mut segments {
        let usages = by_file.remove(&segment.file).unwrap_or_default();
        segment.processes = Processes::of(usages, complete);
    }
    let mut segments = ask(segments);
    // What is left has no name.
    let mut nameless = Vec::new();
    for usages in by_file.into_values() {
        let found = examine::nameless(usages, complete);
        nameless.extend(found.map_err(SystemError::when("read a segment"))?);
    }
    nameless.sort_by_key(SegmentInfo::order);
    segments.extend(nameless);
    Ok(segments)
}

/// Fills in which of these named segments are in use. Those that are not there any more are left out.
fn ask(mut segments: Vec<SegmentInfo>) -> Vec<SegmentInfo> {
    let mut asked = Vec::new();
    let mut backoff = Backoff::for_observers();
    loop {
        let mut again = Vec::new();
        for mut segment in segments {
            match examine::liveness(&mut segment) {
                Settled::Yes => asked.push(segment),
                Settled::NotYet => again.push(segment),
                Settled::Gone => {}
            }
        }
        if again.is_empty() || !backoff.pause() {
            asked.append(&mut again);
            asked.sort_by_key(SegmentInfo::order);
            return asked;
        }
        segments = again;
    }
}

/// The segment of that name, even if it is damaged. Looks at each process once, as [`segments`] does.
///
/// # Errors
///
/// [`OpenError`]: an impossible name, none of that name, a file that is not a segment or not readable, or of the system.
///
/// ```
/// use shmstate::{Shared, processes::{Liveness, segment}};
///
/// let name = format!("doc-segment-{}", std::process::id());
/// let state = Shared::create(&name, [0_u64; 8])?;
/// let found = segment(&name)?;
/// assert_eq!(found.liveness, Liveness::Live);
/// let me = std::process::id();
/// assert!(found.processes.found.iter().any(|process| process.pid == me));
/// assert_eq!(found.description?.id, Shared::id(&state));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn segment(name: &str) -> Result<SegmentInfo, OpenError> {
    names::check(name)?;
    let mut found = match examine::named(name) {
        Err(OpenError::NotFound { .. }) => return Err(segment::not_found(name)),
        other => other?,
    };
    let processes = processes_with(found.file, Some(name));
    found.processes = processes.map_err(|source| OpenError::System {
        segment: found.place.to_string(),
        source,
    })?;
    ask(vec![found])
        .pop()
        .ok_or_else(|| segment::not_found(name))
}

/// The processes that have the segment, this one among them.
pub(crate) fn processes_of(segment: &Segment) -> Result<Processes, SystemError> {
    let origin = segment.origin();
    let file = origin.file();
    let file = file.map_err(SystemError::when("look at the segment"))?;
    processes_with(file, origin.name())
}

/// The processes that have this file, which has that name or none.
fn processes_with(file: FileId, name: Option<&str>) -> Result<Processes, SystemError> {
    let (usages, complete) = observe::scan(&Query::one(file, name))?;
    Ok(Processes::of(usages, complete))
}
