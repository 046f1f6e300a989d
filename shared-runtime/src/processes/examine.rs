//! Reading the headers of segments, and finding out which segments are in use.

use std::io;

use super::info::{Description, Liveness, Place, Process, Processes, SegmentInfo};
use crate::error::{SystemError, label};
use crate::format::HeaderError;
use crate::format::header::{HEADER_LEN, Header, MAGIC};
use crate::format::read;
use crate::format::table::Table;
use crate::segment::OpenError;
use crate::sys::observe::{self, FileReader, LeaseAnswer, Usage};
use crate::sys::{self, ErrorKind, names};

/// The segment of that name, without its processes and without asking whether it is in use.
pub(super) fn named(name: &str) -> Result<SegmentInfo, OpenError> {
    let segment = || label(Some(name));
    let header = |reason| OpenError::Header {
        segment: segment(),
        reason,
    };
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => OpenError::NotFound {
            name: name.to_owned(),
            existing: Vec::new(),
        },
        io::ErrorKind::PermissionDenied => OpenError::PermissionDenied {
            segment: segment(),
            writable: false,
        },
        _ => OpenError::System {
            segment: segment(),
            source: SystemError::when("open the shared memory")(error),
        },
    };
    let found = observe::find(name).map_err(failed)?;
    let info = found.info;
    if !info.regular {
        return Err(header(HeaderError::NoFile));
    }
    // The name of one that is being built says so, whatever is in it yet.
    let is_unfinished = names::is_building(name);
    if info.len < MAGIC.len() as u64 && !is_unfinished {
        return Err(header(HeaderError::TooShort {
            length: info.len,
            needed: HEADER_LEN as u64,
        }));
    }
    let glimpse = found.read(|reader| glimpse(reader, info.len));
    let description = match glimpse.map_err(failed)? {
        Some((found, _)) if found != MAGIC && !is_unfinished => {
            return Err(header(HeaderError::Foreign { found }));
        }
        Some((_, parts)) => parts.map(describe),
        None => Err(HeaderError::Leased),
    };
    let name = name.to_owned();
    Ok(SegmentInfo {
        place: if is_unfinished {
            Place::Unfinished { name }
        } else {
            Place::Named { name }
        },
        description,
        size: info.len,
        uid: Some(info.uid),
        mode: Some(info.mode),
        processes: Processes::default(),
        liveness: Liveness::Unseen,
        file: info.id,
    })
}

/// The file without a name that these processes have; `None` if it is not a segment.
///
/// # Errors
///
/// If this process runs out of descriptors or memory.
pub(super) fn nameless(usages: Vec<Usage>, complete: bool) -> io::Result<Option<SegmentInfo>> {
    for usage in &usages {
        // A process may have ended since.
        let Some((reader, info)) = FileReader::of_usage(usage)? else {
            continue;
        };
        let size = info.map_or(usage.mapped_len().unwrap_or(0), |info| info.len);
        let (magic, parts) = glimpse(&reader, size);
        if magic != MAGIC {
            continue;
        }
        let place = if let Some(name) = usage.removed_name() {
            let name = name.to_owned();
            Place::Removed { name }
        } else {
            let opened = usages.iter().find(|usage| !usage.descriptors.is_empty());
            Place::Anonymous {
                // If the first thread of the process has ended, another one, through which the descriptor can be opened.
                pid: opened.unwrap_or(usage).thread,
                descriptor: opened.map(|usage| usage.descriptors[0]),
            }
        };
        return Ok(Some(SegmentInfo {
            place,
            description: parts.map(describe),
            size,
            uid: info.map(|info| info.uid),
            mode: info.map(|info| info.mode),
            file: usage.file,
            processes: Processes::of(usages, complete),
            liveness: Liveness::Live,
        }));
    }
    Ok(None)
}

/// Whether the answer to "is this segment in use?" is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Settled {
    Yes,
    /// The processes that have it may only be looking at it: ask again a moment later.
    NotYet,
    /// The name does not mean it any more.
    Gone,
}

/// Fills in whether the segment, which has a name, is in use.
pub(super) fn liveness(segment: &mut SegmentInfo) -> Settled {
    let Some(name) = segment.file_name() else {
        return Settled::Yes;
    };
    let unknown = |why| Liveness::Unknown { why };
    let leased = unknown("another process holds a lease on its file, and appears to be stopped");
    let found = &segment.processes.found;
    let is_seen = !found.is_empty();
    // A process that only looks at it has it open for reading, for a moment.
    let uses = |process: &Process| process.mapped || process.writable;
    let (liveness, settled) = if segment.description == Err(HeaderError::Leased) {
        (leased, Settled::Yes)
    } else if found.iter().any(uses) {
        (Liveness::Live, Settled::Yes)
    } else {
        match observe::ask_usage(name, segment.file) {
            Ok(LeaseAnswer::NotThere) => return Settled::Gone,
            Ok(LeaseAnswer::Unused) => {
                segment.processes.found.clear();
                (unused(segment), Settled::Yes)
            }
            Ok(LeaseAnswer::Used) if is_seen => (Liveness::Live, Settled::NotYet),
            Ok(LeaseAnswer::Used) => (Liveness::Unseen, Settled::NotYet),
            Ok(LeaseAnswer::Leased) => (leased, Settled::NotYet),
            Err(_) if is_seen => (Liveness::Live, Settled::Yes),
            Err(error) if sys::kind(&error) == ErrorKind::Denied => {
                let why = "it belongs to another user, and the kernel tells only them";
                (unknown(why), Settled::Yes)
            }
            Err(_) => (
                unknown("the kernel gives no lease on its file"),
                Settled::Yes,
            ),
        }
    };
    segment.liveness = liveness;
    settled
}

fn unused(segment: &SegmentInfo) -> Liveness {
    match (&segment.place, &segment.description) {
        (Place::Unfinished { .. }, _) => Liveness::Stale,
        (_, Err(_)) => Liveness::Unreadable,
        (_, Ok(description)) if description.keeps_name => Liveness::Kept,
        (_, Ok(_)) => Liveness::Stale,
    }
}

/// The first bytes of a segment of `length` bytes, and its header and table: all that is read of it, so that its file can
/// be closed before the rest of the work is done.
fn glimpse(reader: &FileReader, length: u64) -> ([u8; 8], Result<(Header, Table), HeaderError>) {
    let bytes = |offset, out: &mut [u8]| reader.read(offset, out);
    let header = read::header(&bytes, length);
    let parts = header.and_then(|header| Ok((header, read::table(&bytes, &header)?)));
    (read::magic(&bytes), parts)
}

fn describe((header, table): (Header, Table)) -> Description {
    Description::of(&header, &table)
}
