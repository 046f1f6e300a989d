//! Reading the headers of segments, and finding out which segments are in use.

use std::io;

use super::info::{Description, Liveness, Place, Processes, SegmentInfo};
use crate::error::{SystemError, label};
use crate::format::HeaderError;
use crate::format::header::{HEADER_LEN, Header, MAGIC};
use crate::format::read::{self, ReadAt};
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
    let bytes = found.read(|reader| Glimpse::read(reader, info.len));
    let description = match bytes.map_err(failed)? {
        Some(bytes) if bytes.magic != MAGIC && !is_unfinished => {
            let found = bytes.magic;
            return Err(header(HeaderError::Foreign { found }));
        }
        Some(bytes) => bytes.describe(),
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
    let mut found = None;
    for usage in &usages {
        // A process may have ended since.
        let Some((reader, info)) = FileReader::of_usage(usage)? else {
            continue;
        };
        if read::magic(&bytes_of(&reader)) == MAGIC {
            found = Some((usage, reader, info));
            break;
        }
    }
    let Some((usage, reader, info)) = found else {
        return Ok(None);
    };
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
    let length = info.map_or(usage.mapped_len().unwrap_or(0), |info| info.len);
    Ok(Some(SegmentInfo {
        place,
        description: Glimpse::read(&reader, length).describe(),
        size: length,
        uid: info.map(|info| info.uid),
        mode: info.map(|info| info.mode),
        file: usage.file,
        processes: Processes::of(usages, complete),
        liveness: Liveness::Live,
    }))
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
    let leased = Liveness::Unknown {
        why: "another process holds a lease on its file, and appears to be stopped",
    };
    if segment.description == Err(HeaderError::Leased) {
        segment.liveness = leased;
        return Settled::Yes;
    }
    let found = &segment.processes.found;
    let is_seen = !found.is_empty();
    // A process that only looks at it has it open for reading, for a moment.
    if found
        .iter()
        .any(|process| process.mapped || process.writable)
    {
        segment.liveness = Liveness::Live;
        return Settled::Yes;
    }
    let (liveness, settled) = match observe::ask_usage(name, segment.file) {
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
            (Liveness::Unknown { why }, Settled::Yes)
        }
        Err(_) => {
            let why = "the kernel gives no lease on its file";
            (Liveness::Unknown { why }, Settled::Yes)
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

/// What is read of a segment, so that its file can be closed before the rest of the work is done.
struct Glimpse {
    magic: [u8; 8],
    parts: Result<(Header, Table), HeaderError>,
}

impl Glimpse {
    /// Of a segment of `length` bytes.
    fn read(reader: &FileReader, length: u64) -> Glimpse {
        let bytes = bytes_of(reader);
        let header = read::header(&bytes, length);
        Glimpse {
            magic: read::magic(&bytes),
            parts: header.and_then(|header| Ok((header, read::table(&bytes, &header)?))),
        }
    }

    /// What the header and the table say of the segment.
    fn describe(self) -> Result<Description, HeaderError> {
        let (header, table) = self.parts?;
        Ok(Description::of(&header, &table))
    }
}

fn bytes_of(reader: &FileReader) -> impl ReadAt {
    |offset, out: &mut [u8]| reader.read(offset, out)
}
