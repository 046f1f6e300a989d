//! Reading what segments say of themselves, and telling which are used.

use std::io;
use std::time::{Duration, UNIX_EPOCH};

use bytemuck::Zeroable;
use rustix::io::Errno;

use super::{Description, Liveness, Place, Processes, SegmentInfo};
use crate::error::{HeaderError, OpenError, SystemError, label};
use crate::header::{HEADER_LEN, Header, KEEPS_NAME, MAGIC};
use crate::segment::NO_FILE;
use crate::sys::peek::Peek;
use crate::sys::scan::{DELETED, Hold};
use crate::sys::shm::{self, Patience, Use};
use crate::sys::{memfd, names, process};
use crate::table::{ENTRY_LEN, EntryKind, Table};

/// The segment of that name, without its processes.
pub(super) fn named(name: &str) -> Result<SegmentInfo, OpenError> {
    let segment = || label(Some(name));
    let header = |reason| OpenError::Header {
        segment: segment(),
        reason,
    };
    let (file, info) = shm::open_named(name, false).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => OpenError::NotFound {
            name: name.to_owned(),
            existing: Vec::new(),
        },
        io::ErrorKind::PermissionDenied => OpenError::PermissionDenied {
            segment: segment(),
            writable: false,
        },
        _ if NO_FILE.contains(&error.raw_os_error()) => header(HeaderError::NoFile),
        _ => OpenError::System {
            segment: segment(),
            source: SystemError::when("open the shared memory")(error),
        },
    })?;
    if !info.regular {
        return Err(header(HeaderError::NoFile));
    }
    let name = name.to_owned();
    let place = if names::is_building(&name) {
        Place::Unfinished { name }
    } else {
        Place::Named { name }
    };
    let peek = Peek::of(file);
    let found = magic(&peek);
    // The name of one that is being built says so, whatever is in it yet.
    if found != MAGIC && !matches!(place, Place::Unfinished { .. }) {
        return Err(header(HeaderError::Foreign { found }));
    }
    Ok(SegmentInfo {
        place,
        description: describe(&peek, info.len),
        size: info.len,
        uid: Some(info.uid),
        mode: Some(info.mode),
        processes: Processes::default(),
        liveness: Liveness::Live,
        file: info.id,
    })
}

/// The segment without a name that these processes have, if it is one.
pub(super) fn nameless(holds: Vec<Hold>, complete: bool) -> Option<SegmentInfo> {
    // Some may be gone by now.
    let (hold, peek, info) = holds.iter().find_map(|hold| {
        let (peek, info) = Peek::of_hold(hold)?;
        (magic(&peek) == MAGIC).then_some((hold, peek, info))
    })?;
    let (_, name) = hold.path.rsplit_once('/')?;
    let name = name.strip_suffix(DELETED).unwrap_or(name);
    let place = if name == memfd::SHOWN {
        let opened = holds.iter().find(|hold| !hold.descriptors.is_empty());
        Place::Anonymous {
            // A thread of the process, if its first one has ended: so the descriptor can be opened.
            pid: opened.unwrap_or(hold).thread,
            descriptor: opened.map(|hold| hold.descriptors[0]),
        }
    } else {
        Place::Removed {
            name: name.to_owned(),
        }
    };
    let length = match (info, &hold.start) {
        (Some(info), _) => info.len,
        (None, Some(range)) => range.end - range.start,
        (None, None) => 0,
    };
    Some(SegmentInfo {
        place,
        description: describe(&peek, length),
        size: length,
        uid: info.map(|info| info.uid),
        mode: info.map(|info| info.mode),
        file: hold.file,
        processes: Processes::of(holds, complete),
        liveness: Liveness::Live,
    })
}

/// Fills in whether the segment, which has a name, is used. Returns whether it is still there.
pub(super) fn liveness(segment: &mut SegmentInfo, patience: &mut Patience) -> bool {
    let Some(name) = segment.file_name() else {
        return true;
    };
    if !segment.processes.found.is_empty() {
        segment.liveness = Liveness::Live;
        return true;
    }
    let denied = [Errno::ACCESS, Errno::PERM].map(|errno| Some(errno.raw_os_error()));
    segment.liveness = match shm::ask(name, segment.file, patience) {
        Ok(Use::NotThere) => return false,
        Ok(Use::Used) => Liveness::Live,
        Ok(Use::Unused) => unused(segment),
        Err(error) if denied.contains(&error.raw_os_error()) => Liveness::Unknown {
            why: "it belongs to another user, and the kernel tells only them",
        },
        Err(_) => Liveness::Unknown {
            why: "the kernel gives no lease on its file",
        },
    };
    true
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

/// What a segment of `length` bytes says of itself.
fn describe(peek: &Peek, length: u64) -> Result<Description, HeaderError> {
    let mut header = Header::zeroed();
    let read = peek.read(0, bytemuck::bytes_of_mut(&mut header));
    // A segment in another process's memory is not told to be short, only cut off.
    if length < HEADER_LEN as u64 || read.is_ok_and(|read| read < HEADER_LEN) {
        return Err(HeaderError::TooShort {
            length,
            needed: HEADER_LEN as u64,
        });
    }
    header.check(length)?;
    let (type_name, fields) = outline(&table(peek, &header)?);
    Ok(Description {
        id: u128::from_le_bytes(header.id),
        type_name,
        fields,
        fingerprint: header.fingerprint,
        created: UNIX_EPOCH + Duration::from_nanos(header.created),
        creator: header.creator_pid,
        creator_lives: creator_lives(&header),
        keeps_name: header.flags & KEEPS_NAME != 0,
    })
}

/// The field table. The header has been checked: it lies within the segment.
fn table(peek: &Peek, header: &Header) -> Result<Table, HeaderError> {
    let damaged = |reason| HeaderError::Table { reason };
    let part = |offset: u64, length: u64| {
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        match peek.read(offset, &mut bytes) {
            Ok(read) if read == bytes.len() => Ok(bytes),
            _ => Err(damaged("it cannot be read: the file became shorter")),
        }
    };
    let entries = u64::from(header.table_entries.min(Table::MOST_ENTRIES + 1)) * ENTRY_LEN as u64;
    let entries = part(header.table_offset, entries)?;
    let strings = part(
        header.strings_offset,
        header.strings_len.min(Table::MOST_STRINGS),
    )?;
    Table::read(&entries, &strings).map_err(damaged)
}

/// The name of the state's struct, and the number of its fields: 1 of a state that is no struct.
fn outline(table: &Table) -> (String, usize) {
    // Rust has no names of such a length, but a forger may.
    const LONGEST_NAME: usize = 256;
    let mut rows = table.rows();
    let Some(root) = rows.next() else {
        return (String::new(), 0);
    };
    let name = root.name.chars().take(LONGEST_NAME).collect();
    let fields = match EntryKind::of(root.facts.kind) {
        Some(EntryKind::Struct) => rows.filter(|row| row.facts.depth == 1).count(),
        _ => 1,
    };
    (name, fields)
}

/// Whether the very process that has created the segment lives; `None` if that cannot be told.
fn creator_lives(header: &Header) -> Option<bool> {
    let me = process::identity().ok()?;
    let here = (me.pid_namespace, me.time_namespace);
    if !me.proc_is_ours || here != (header.pid_namespace, header.time_namespace) {
        return None;
    }
    let start = process::start_of(header.creator_pid).ok()?;
    Some(start == Some(header.creator_start))
}
