//! All segments, or one, with the processes that have them.

use std::collections::{HashMap, HashSet};
use std::io;

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
/// Files of other programs are not listed; damaged segments are, with what is wrong. See the
/// [module](super) for what can be seen, and what it costs.
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

/// The uses of each file by processes.
struct UsageMap {
    of: HashMap<FileId, Vec<Usage>>,
    complete: bool,
}

impl UsageMap {
    fn scan(query: &Query) -> Result<UsageMap, SystemError> {
        let (usages, complete) = observe::scan(query)?;
        let mut of: HashMap<FileId, Vec<Usage>> = HashMap::new();
        for usage in usages {
            of.entry(usage.file).or_default().push(usage);
        }
        Ok(UsageMap { of, complete })
    }

    /// Takes out the processes that have this file.
    fn processes(&mut self, file: FileId) -> Processes {
        Processes::of(self.of.remove(&file).unwrap_or_default(), self.complete)
    }

    /// The segments among the files that are left, which have no name.
    fn nameless(self) -> io::Result<Vec<SegmentInfo>> {
        let mut segments = Vec::new();
        for usages in self.of.into_values() {
            segments.extend(examine::nameless(usages, self.complete)?);
        }
        segments.sort_by_key(SegmentInfo::order);
        Ok(segments)
    }
}
