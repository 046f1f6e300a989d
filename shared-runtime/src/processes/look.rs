//! Reading what segments say of themselves, and telling which are used.

use std::io;

use bytemuck::Zeroable;
use rustix::io::Errno;

use super::{Description, Liveness, Place, Processes, SegmentInfo};
use crate::error::{SystemError, label};
use crate::format::HeaderError;
use crate::format::header::{HEADER_LEN, Header, MAGIC};
use crate::format::table::{ENTRY_LEN, Table};
use crate::segment::OpenError;
use crate::sys::look::{self, Use};
use crate::sys::names;
use crate::sys::peek::Peek;
use crate::sys::scan::{self, DELETED, Hold};

/// The segment of that name, without its processes. Whether it is used is not asked yet.
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
    let found = look::find(name).map_err(failed)?;
    let info = found.info;
    if !info.regular {
        return Err(header(HeaderError::NoFile));
    }
    let place = if names::is_building(name) {
        let name = name.to_owned();
        Place::Unfinished { name }
    } else {
        let name = name.to_owned();
        Place::Named { name }
    };
    // The name of one that is being built says so, whatever is in it yet.
    let is_unfinished = matches!(place, Place::Unfinished { .. });
    if info.len < MAGIC.len() as u64 && !is_unfinished {
        return Err(header(too_short(info.len)));
    }
    let bytes = found.read(|peek| Bytes::read(peek, info.len));
    let description = match bytes.map_err(failed)? {
        Some(bytes) if bytes.magic != MAGIC && !is_unfinished => {
            let found = bytes.magic;
            return Err(header(HeaderError::Foreign { found }));
        }
        Some(bytes) => bytes.describe(),
        None => Err(HeaderError::Leased),
    };
    Ok(SegmentInfo {
        place,
        description,
        size: info.len,
        uid: Some(info.uid),
        mode: Some(info.mode),
        processes: Processes::default(),
        liveness: Liveness::Unseen,
        file: info.id,
    })
}

/// The segment without a name that these processes have, if it is one.
///
/// # Errors
///
/// If this process has too few descriptors or too little memory left.
pub(super) fn nameless(holds: Vec<Hold>, complete: bool) -> io::Result<Option<SegmentInfo>> {
    let mut found = None;
    for hold in &holds {
        // Some may be gone by now.
        if let Some((peek, info)) = Peek::of_hold(hold)?
            && magic(&peek) == MAGIC
        {
            found = Some((hold, peek, info));
            break;
        }
    }
    let Some((hold, peek, info)) = found else {
        return Ok(None);
    };
    let place = if scan::is_ours(&hold.path) {
        let opened = holds.iter().find(|hold| !hold.descriptors.is_empty());
        Place::Anonymous {
            // A thread of the process, if its first one has ended: so the descriptor can be opened.
            pid: opened.unwrap_or(hold).thread,
            descriptor: opened.map(|hold| hold.descriptors[0]),
        }
    } else {
        let name = hold.path.rsplit('/').next().unwrap_or_default();
        let name = name.strip_suffix(DELETED).unwrap_or(name).to_owned();
        Place::Removed { name }
    };
    let length = match (info, &hold.start) {
        (Some(info), _) => info.len,
        (None, Some(range)) => range.end - range.start,
        (None, None) => 0,
    };
    Ok(Some(SegmentInfo {
        place,
        description: Bytes::read(&peek, length).describe(),
        size: length,
        uid: info.map(|info| info.uid),
        mode: info.map(|info| info.mode),
        file: hold.file,
        processes: Processes::of(holds, complete),
        liveness: Liveness::Live,
    }))
}

/// Whether it is known if a segment is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Known,
    /// Those that have it may be others who look at it, as one may see a moment later.
    NotYet,
    /// The name does not mean it any more.
    Gone,
}

/// Fills in whether the segment, which has a name, is used.
pub(super) fn liveness(segment: &mut SegmentInfo) -> Asked {
    let Some(name) = segment.file_name() else {
        return Asked::Known;
    };
    let leased = Liveness::Unknown {
        why: "another process holds a lease on its file, and appears to be stopped",
    };
    if segment.description == Err(HeaderError::Leased) {
        segment.liveness = leased;
        return Asked::Known;
    }
    let found = &segment.processes.found;
    let is_seen = !found.is_empty();
    // Those who only look have it open for reading, for a moment.
    if found
        .iter()
        .any(|process| process.mapped || process.writable)
    {
        segment.liveness = Liveness::Live;
        return Asked::Known;
    }
    let denied = [Errno::ACCESS, Errno::PERM].map(|errno| Some(errno.raw_os_error()));
    let (liveness, asked) = match look::ask(name, segment.file) {
        Ok(Use::NotThere) => return Asked::Gone,
        Ok(Use::Unused) => {
            segment.processes.found.clear();
            (unused(segment), Asked::Known)
        }
        Ok(Use::Used) if is_seen => (Liveness::Live, Asked::NotYet),
        Ok(Use::Used) => (Liveness::Unseen, Asked::NotYet),
        Ok(Use::Leased) => (leased, Asked::NotYet),
        Err(_) if is_seen => (Liveness::Live, Asked::Known),
        Err(error) if denied.contains(&error.raw_os_error()) => {
            let why = "it belongs to another user, and the kernel tells only them";
            (Liveness::Unknown { why }, Asked::Known)
        }
        Err(_) => {
            let why = "the kernel gives no lease on its file";
            (Liveness::Unknown { why }, Asked::Known)
        }
    };
    segment.liveness = liveness;
    asked
}

fn unused(segment: &SegmentInfo) -> Liveness {
    match (&segment.place, &segment.description) {
        (Place::Unfinished { .. }, _) => Liveness::Stale,
        (_, Err(_)) => Liveness::Unreadable,
        (_, Ok(description)) if description.keeps_name => Liveness::Kept,
        (_, Ok(_)) => Liveness::Stale,
    }
}

/// The first bytes; zeros where there are fewer.
fn magic(peek: &Peek) -> [u8; 8] {
    let mut magic = [0; 8];
    let _ = peek.read(0, &mut magic);
    magic
}

/// What is read of a segment at once, so that its file can be closed before it is understood.
struct Bytes {
    magic: [u8; 8],
    parts: Result<Parts, HeaderError>,
}

/// A header that is whole, and the field table that it tells of.
struct Parts {
    header: Header,
    entries: Vec<u8>,
    strings: Vec<u8>,
}

impl Bytes {
    /// Of a segment of `length` bytes.
    fn read(peek: &Peek, length: u64) -> Bytes {
        Bytes {
            magic: magic(peek),
            parts: Parts::read(peek, length),
        }
    }

    /// What they say of the segment.
    fn describe(self) -> Result<Description, HeaderError> {
        let Parts {
            header,
            entries,
            strings,
        } = self.parts?;
        let table = Table::read(&entries, &strings);
        let table = table.map_err(|reason| HeaderError::Table { reason })?;
        Ok(Description::of(&header, &table))
    }
}

impl Parts {
    fn read(peek: &Peek, length: u64) -> Result<Parts, HeaderError> {
        let mut header = Header::zeroed();
        let read = peek.read(0, bytemuck::bytes_of_mut(&mut header));
        // A segment in another process's memory is not told to be short, only cut off.
        if length < HEADER_LEN as u64 || read.is_ok_and(|read| read < HEADER_LEN) {
            return Err(too_short(length));
        }
        // The field table lies within the segment then.
        header.check(length)?;
        let part = |offset: u64, length: u64| {
            let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
            match peek.read(offset, &mut bytes) {
                Ok(read) if read == bytes.len() => Ok(bytes),
                _ => Err(HeaderError::Table {
                    reason: "it cannot be read: the file became shorter",
                }),
            }
        };
        let entries = header.table_entries.min(Table::MOST_ENTRIES + 1);
        let strings = header.strings_len.min(Table::MOST_STRINGS);
        Ok(Parts {
            header,
            entries: part(header.table_offset, u64::from(entries) * ENTRY_LEN as u64)?,
            strings: part(header.strings_offset, strings)?,
        })
    }
}

fn too_short(length: u64) -> HeaderError {
    HeaderError::TooShort {
        length,
        needed: HEADER_LEN as u64,
    }
}
