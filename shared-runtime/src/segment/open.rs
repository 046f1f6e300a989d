//! Finding a segment again: by name, by token, or by inheritance.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

use rustix::io::Errno;

use super::{Description, Descriptor, Layout, Origin, Place, Request, Segment, Token};
use crate::error::{SystemError, label};
use crate::format::HeaderError;
use crate::format::header::{HEADER_LEN, Header, MAGIC};
use crate::format::schema::Schema;
use crate::format::table::{ENTRY_LEN, Table};
use crate::region::Region;
use crate::segment::OpenError;
use crate::sync::{Ordering, fence};
use crate::sys::mapping::Mapping;
use crate::sys::{memfd, names, owner, process, shm};

/// What is expected of the segment that is opened.
#[derive(Clone, Copy)]
pub(crate) struct Expected {
    /// Without one, any state is accepted, and the segment keeps its description.
    pub layout: Option<Layout>,
    pub writable: bool,
    /// A segment of another user is accepted.
    pub foreign_owner: bool,
    /// The instance, where a token names it.
    pub id: Option<u128>,
}

/// How many of the fields that differ are spelled out.
const DIFFERENCES_SHOWN: usize = 8;

/// How the system refuses to open a directory, a link (which is not followed), and a socket.
const NO_FILE: [Option<i32>; 3] = [
    Some(Errno::ISDIR.raw_os_error()),
    Some(Errno::LOOP.raw_os_error()),
    Some(Errno::NXIO.raw_os_error()),
];

/// Opens the segment of that name.
pub(crate) fn by_name(name: &str, expected: Expected) -> Result<Segment, OpenError> {
    names::check(name)?;
    let mapping = map_named(name, expected)?;
    let place = Place::Named {
        name: name.to_owned(),
        ownership: None,
    };
    attach(mapping, place, &label(Some(name)), expected)
}

/// As [`by_name`]; first removes a stale segment, if that is asked for.
pub(crate) fn unless_stale(
    name: &str,
    request: Request,
    expected: Expected,
) -> Result<Segment, OpenError> {
    names::check(name)?;
    if request.replace_stale
        && let Ok(Some(found)) = shm::info(name)
    {
        super::remove::reclaim(name, found);
    }
    by_name(name, expected)
}

fn map_named(name: &str, expected: Expected) -> Result<Mapping, OpenError> {
    let failed = |error| refused(label(Some(name)), "open the shared memory", expected, error);
    let header = |reason| OpenError::Header {
        segment: label(Some(name)),
        reason,
    };
    let no_file = || header(HeaderError::NoFile);
    let (file, info) = match shm::open_named(name, expected.writable) {
        Ok(opened) => opened,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(OpenError::NotFound {
                name: name.to_owned(),
                existing: Vec::new(),
            });
        }
        Err(error) if NO_FILE.contains(&error.raw_os_error()) => return Err(no_file()),
        Err(error) => return Err(failed(error)),
    };
    if !info.regular {
        return Err(no_file());
    }
    if info.len == 0 {
        let needed = HEADER_LEN as u64;
        return Err(header(HeaderError::TooShort { length: 0, needed }));
    }
    check_owner(label(Some(name)), info.uid, expected)?;
    // Looked at before it is mapped: a hole in a foreign file needs memory when it is touched, and would be
    // a `SIGBUS` if there is none.
    let magic = shm::magic(&file).map_err(failed)?;
    if magic != MAGIC && info.len >= HEADER_LEN as u64 {
        return Err(header(HeaderError::Foreign { found: magic }));
    }
    let len = usize::try_from(info.len).unwrap_or(usize::MAX);
    Mapping::of_file(file.as_fd(), len, expected.writable).map_err(failed)
}

fn check_owner(segment: String, uid: u32, expected: Expected) -> Result<(), OpenError> {
    if uid != process::effective_uid() && !expected.foreign_owner {
        return Err(OpenError::ForeignOwner { segment, uid });
    }
    Ok(())
}

/// Opens the segment that a token names.
pub(crate) fn by_token(token: &str, expected: Expected) -> Result<Segment, OpenError> {
    match Token::parse(token)? {
        Token::Named { id, name } => by_name(
            name,
            Expected {
                id: Some(id),
                ..expected
            },
        ),
        Token::Descriptor { id, pid, fd } => {
            let expected = Expected {
                id: Some(id),
                ..expected
            };
            let file = match memfd::open_of(pid, fd, expected.writable) {
                Ok(file) => file,
                Err(error)
                    if error.kind() == io::ErrorKind::NotFound
                        || NO_FILE.contains(&error.raw_os_error()) =>
                {
                    return Err(OpenError::Gone { pid });
                }
                Err(error) => {
                    let action = "open the descriptor in /proc";
                    return Err(refused(label(None), action, expected, error));
                }
            };
            let Some(memory) = memfd::info(file.as_fd()) else {
                return Err(OpenError::Gone { pid });
            };
            check_owner(label(None), memory.uid, expected)?;
            let mapping = map_memfd(file.as_fd(), memory.len, expected)?;
            let place = Place::Anonymous {
                file: Descriptor::Owned(file),
            };
            match attach(mapping, place, &label(None), expected) {
                // Some other program's memory file has the number by now.
                Err(OpenError::Header {
                    reason: HeaderError::Foreign { .. } | HeaderError::TooShort { .. },
                    ..
                }) => Err(OpenError::Gone { pid }),
                attached => attached,
            }
        }
    }
}

/// Opens the segment whose token and, if it has no name, descriptor a parent process has left to this
/// one; `None` if the descriptor is no longer there.
pub(crate) fn inherited(token: &str, expected: Expected) -> Result<Option<Segment>, OpenError> {
    let Token::Descriptor { id, fd, .. } = Token::parse(token)? else {
        return by_token(token, expected).map(Some);
    };
    let expected = Expected {
        id: Some(id),
        ..expected
    };
    let Some((file, memory)) = memfd::inherited(fd, id) else {
        return Ok(None);
    };
    let mapping = map_memfd(file, memory.len, expected)?;
    let place = Place::Anonymous {
        file: Descriptor::Inherited(file),
    };
    let attached = attach(mapping, place, &label(None), expected);
    // Also where it cannot be opened in this way: it is what was shared, by the instance.
    let ours = matches!(
        attached,
        Ok(_) | Err(OpenError::Mismatch { .. } | OpenError::Namespace { .. })
    );
    if ours {
        memfd::keep(file, fd, id)
            .map_err(|error| refused(label(None), "keep the descriptor", expected, error))?;
    }
    match attached {
        // Another file has the number by now.
        Err(
            OpenError::WrongInstance { .. }
            | OpenError::Header {
                reason: HeaderError::Foreign { .. } | HeaderError::TooShort { .. },
                ..
            },
        ) => Ok(None),
        attached => attached.map(Some),
    }
}

fn map_memfd(file: BorrowedFd<'_>, len: u64, expected: Expected) -> Result<Mapping, OpenError> {
    let len = usize::try_from(len).unwrap_or(usize::MAX);
    Mapping::of_file(file, len, expected.writable)
        .map_err(|error| refused(label(None), "map the memory", expected, error))
}

/// Checks what was mapped, and makes it a segment.
fn attach(
    mapping: Mapping,
    place: Place,
    segment: &str,
    expected: Expected,
) -> Result<Segment, OpenError> {
    let damaged = |reason| OpenError::Header {
        segment: segment.to_owned(),
        reason,
    };
    let region = mapping.region();
    // What is checked and what is used are one private copy: the bytes may change at any time.
    let header = Header::read(region).map_err(damaged)?;
    // What the creator wrote before it published the segment is seen after this.
    fence(Ordering::Acquire);
    header.check(region.len() as u64).map_err(damaged)?;
    let found = u128::from_le_bytes(header.id);
    if let Some(id) = expected.id
        && id != found
    {
        return Err(OpenError::WrongInstance {
            segment: segment.to_owned(),
            expected: id,
            found,
        });
    }
    let description = match expected.layout {
        Some(layout)
            if header.fingerprint != layout.fingerprint
                || header.slots_len != layout.slots_len as u64 =>
        {
            return Err(mismatch(region, &header, segment, layout));
        }
        Some(_) => None,
        None => {
            let table = read_table(region, &header).map_err(damaged)?;
            Some(Box::new(Description { header, table }))
        }
    };
    if expected.writable {
        check_namespaces(&header, segment)?;
    }
    Ok(Segment {
        mapping,
        // Checked to be a multiple of 64, with room for the slots behind it.
        slots_offset: usize::try_from(header.slots_offset).unwrap_or(usize::MAX),
        origin: Arc::new(Origin { id: found, place }),
        description,
        registered: None,
    })
}

/// Who holds what is told by process and thread ids, and since when they live: outside their namespace
/// these mean something else.
fn check_namespaces(header: &Header, segment: &str) -> Result<(), OpenError> {
    let me = process::identity().map_err(|error| OpenError::System {
        segment: segment.to_owned(),
        source: SystemError::when("read /proc/self")(error),
    })?;
    let kind = if me.pid_namespace != header.pid_namespace {
        "PID"
    } else if me.time_namespace != header.time_namespace {
        "time"
    } else {
        owner::attached(me);
        return Ok(());
    };
    Err(OpenError::Namespace {
        segment: segment.to_owned(),
        kind,
    })
}

/// The difference between the state here and the one in the segment, field by field.
fn mismatch(region: Region<'_>, header: &Header, segment: &str, layout: Layout) -> OpenError {
    let theirs = match read_table(region, header) {
        Ok(table) => Schema::from_table(&table),
        Err(reason) => {
            return OpenError::Header {
                segment: segment.to_owned(),
                reason,
            };
        }
    };
    let ours = Schema::of(layout.shape);
    let mut differences = ours.differences(&theirs, header.creator_pid, DIFFERENCES_SHOWN);
    if differences.is_empty() {
        differences.push(format!(
            "its fingerprint is {:016x}, and that of the state here {:016x}, though the fields look alike",
            header.fingerprint, layout.fingerprint
        ));
    }
    OpenError::Mismatch {
        segment: segment.to_owned(),
        creator: header.creator_pid,
        differences,
    }
}

fn read_table(region: Region<'_>, header: &Header) -> Result<Table, HeaderError> {
    let part = |offset: u64, len: u64| {
        let part = region.part(usize::try_from(offset).ok()?, usize::try_from(len).ok()?)?;
        Some(part.copy())
    };
    let entries = u64::from(header.table_entries.min(Table::MOST_ENTRIES + 1)) * ENTRY_LEN as u64;
    let parts = part(header.table_offset, entries).zip(part(
        header.strings_offset,
        header.strings_len.min(Table::MOST_STRINGS),
    ));
    let Some((entries, strings)) = parts else {
        return Err(HeaderError::Table {
            reason: "it lies outside the segment",
        });
    };
    Table::read(&entries, &strings).map_err(|reason| HeaderError::Table { reason })
}

/// An error of the system, which is often that it is not allowed.
fn refused(
    segment: String,
    action: &'static str,
    expected: Expected,
    error: io::Error,
) -> OpenError {
    let denied = [Errno::ACCESS, Errno::PERM].map(|errno| Some(errno.raw_os_error()));
    if denied.contains(&error.raw_os_error()) {
        OpenError::PermissionDenied {
            segment,
            writable: expected.writable,
        }
    } else {
        OpenError::System {
            segment,
            source: SystemError::when(action)(error),
        }
    }
}
