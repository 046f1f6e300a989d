//! Finding a segment again: by name, by token, or by inheritance.

use std::io::{self, Read};

use super::error::OpenError;
use super::mapped::{Definition, Segment};
use super::origin::Backing;
use super::remove::existing_names;
use super::token::Token;
use crate::error::{SystemError, label};
use crate::format::HeaderError;
use crate::format::header::{HEADER_LEN, Header, MAGIC};
use crate::format::read::{self, ReadAt};
use crate::format::schema::Schema;
use crate::format::table::Table;
use crate::region::Region;
use crate::sync::{Ordering, fence};
use crate::sys::identity::{Process, effective_uid, this_process};
use crate::sys::memory::{Mapping, MemoryFile};
use crate::sys::names::{self, FileId};
use crate::sys::observe::{Backoff, LeaseAnswer, ask_usage};
use crate::sys::{self, ErrorKind, handoff, owner};

/// How a segment is to be opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub writable: bool,
    /// Whether a segment of another user is accepted.
    pub foreign_owner: bool,
    /// Whether a segment that no process has is refused.
    pub live: bool,
}

/// A segment that was found and mapped, and has a good header. Its fields have not been looked at yet.
#[derive(Debug)]
pub(crate) struct Found {
    mapping: Mapping,
    header: Header,
    backing: Backing,
}

/// The most differing fields that an error lists.
const DIFFERENCES_SHOWN: usize = 8;

/// The segment of that name, which must be there.
pub(crate) fn open(name: &str, terms: Terms) -> Result<Found, OpenError> {
    by_name(name, None, terms)?.ok_or_else(|| not_found(name))
}

/// The error for a name that nothing has.
pub(crate) fn not_found(name: &str) -> OpenError {
    OpenError::NotFound {
        name: name.to_owned(),
        existing: existing_names(),
    }
}

/// The segment that a token names.
pub(crate) fn by_token(token: &str, terms: Terms) -> Result<Found, OpenError> {
    match Token::parse(token)? {
        Token::Named { id, name } => by_name(name, Some(id), terms)?.ok_or_else(|| not_found(name)),
        Token::Descriptor { id, pid, fd } => by_descriptor(id, pid, fd, terms),
    }
}

/// The segment whose token and, if it has no name, descriptor a parent process has left to this
/// one; `None` if the descriptor is no longer there.
pub(crate) fn inherited(token: &str, terms: Terms) -> Result<Option<Found>, OpenError> {
    let Token::Descriptor { id, fd, .. } = Token::parse(token)? else {
        return by_token(token, terms).map(Some);
    };
    let Some((file, memory)) = handoff::inherited(fd, id) else {
        return Ok(None);
    };
    let mapping = map_memory(&file, memory.len, terms)?;
    let backing = Backing::Anonymous { file: file.clone() };
    let found = same_instance(Found::check(mapping, backing, Some(id)))?;
    if found.is_some() {
        handoff::keep(&file, id)
            .map_err(|error| refused(None, "keep the descriptor", terms, error))?;
    }
    Ok(found)
}

/// The segment of that name, and of that instance, if one is given; `None` if nothing has the name.
pub(crate) fn by_name(
    name: &str,
    id: Option<u128>,
    terms: Terms,
) -> Result<Option<Found>, OpenError> {
    names::check(name)?;
    loop {
        let live = if terms.live { live_file(name)? } else { None };
        if terms.live && live.is_none() {
            return Ok(None);
        }
        let Some((mapping, file)) = map_named(name, terms)? else {
            return Ok(None);
        };
        // Otherwise another segment has the name by now.
        if live.is_none_or(|live| live == file) {
            return Found::check(mapping, Backing::named(name, file), id).map(Some);
        }
    }
}

/// The file of that name, if some process has it open or mapped, or if we cannot tell; `None` if nothing has the name.
fn live_file(name: &str) -> Result<Option<FileId>, OpenError> {
    let mut backoff = Backoff::for_observers();
    let mut seen = None;
    loop {
        let found = names::info(name).map_err(|source| OpenError::System {
            segment: label(Some(name)),
            source: SystemError::when("look the name up")(source),
        })?;
        let found = match found {
            None => return Ok(None),
            // Not to be opened: that could wake a process at the other end of a pipe.
            Some(found) if !found.regular => return Ok(Some(found.id)),
            Some(found) => found,
        };
        match ask_usage(name, found.id) {
            Ok(LeaseAnswer::Unused) => {
                return Err(OpenError::NotLive {
                    segment: label(Some(name)),
                });
            }
            // Asked twice, because a process that only looks at the segment has it open for a moment.
            Ok(LeaseAnswer::Used) if seen == Some(found.id) => return Ok(seen),
            Ok(LeaseAnswer::Used) => seen = Some(found.id),
            Ok(LeaseAnswer::Leased) if backoff.pause() => continue,
            Ok(LeaseAnswer::NotThere) => {}
            Ok(LeaseAnswer::Leased) | Err(_) => return Ok(Some(found.id)),
        }
        backoff.pause();
    }
}

fn map_named(name: &str, terms: Terms) -> Result<Option<(Mapping, FileId)>, OpenError> {
    let failed = |error| refused(Some(name), "open the shared memory", terms, error);
    let bad = |reason| damaged(label(Some(name)), reason);
    let (file, info) = match names::open_named(name, terms.writable) {
        Ok(opened) => opened,
        Err(error) => {
            return match sys::kind(&error) {
                ErrorKind::NotFound => Ok(None),
                ErrorKind::NotAFile => Err(bad(HeaderError::NoFile)),
                _ => Err(failed(error)),
            };
        }
    };
    if !info.regular {
        return Err(bad(HeaderError::NoFile));
    }
    if info.len == 0 {
        let needed = HEADER_LEN as u64;
        return Err(bad(HeaderError::TooShort { length: 0, needed }));
    }
    check_owner(Some(name), info.uid, terms)?;
    // To touch a hole in a foreign file takes memory, and would be a `SIGBUS` if there is none: such a file is looked at
    // before it is mapped.
    if info.has_holes && info.len >= HEADER_LEN as u64 {
        let mut found = [0; MAGIC.len()];
        (&file).read(&mut found).map_err(failed)?;
        if found != MAGIC {
            return Err(bad(HeaderError::Foreign { found }));
        }
    }
    let len = usize::try_from(info.len).unwrap_or(usize::MAX);
    let mapping = Mapping::of_file(&file, len, terms.writable).map_err(failed)?;
    Ok(Some((mapping, info.id)))
}

fn by_descriptor(id: u128, pid: u32, fd: u32, terms: Terms) -> Result<Found, OpenError> {
    let gone = OpenError::Gone { pid };
    let opened = handoff::open_of(pid, fd, terms.writable)
        .map_err(|error| refused(None, error.action, terms, error.source))?;
    let Some((file, memory)) = opened else {
        return Err(gone);
    };
    check_owner(None, memory.uid, terms)?;
    let mapping = map_memory(&file, memory.len, terms)?;
    let backing = Backing::Anonymous { file };
    same_instance(Found::check(mapping, backing, Some(id)))?.ok_or(gone)
}

/// `None` if the number of a descriptor means another file by now: another segment, or a file of another program.
fn same_instance(found: Result<Found, OpenError>) -> Result<Option<Found>, OpenError> {
    match found {
        Err(
            OpenError::WrongInstance { .. }
            | OpenError::Header {
                reason: HeaderError::Foreign { .. } | HeaderError::TooShort { .. },
                ..
            },
        ) => Ok(None),
        found => found.map(Some),
    }
}

fn map_memory(file: &MemoryFile, len: u64, terms: Terms) -> Result<Mapping, OpenError> {
    let len = usize::try_from(len).unwrap_or(usize::MAX);
    file.map(len, terms.writable)
        .map_err(|error| refused(None, "map the memory", terms, error))
}

fn check_owner(name: Option<&str>, uid: u32, terms: Terms) -> Result<(), OpenError> {
    if terms.foreign_owner || uid == effective_uid() {
        return Ok(());
    }
    Err(OpenError::ForeignOwner {
        segment: label(name),
        uid,
    })
}

/// Offset and length must be multiples of 8, as those of the parts of a segment are.
impl ReadAt for Region<'_> {
    fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<usize> {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let len = out.len().min(self.len().saturating_sub(offset));
        if let Some(part) = self.part(offset, len) {
            part.copy_into(&mut out[..len]);
        }
        Ok(len)
    }
}

impl Found {
    /// Fails unless the mapping has a good header; of that instance, if one is given.
    fn check(mapping: Mapping, backing: Backing, id: Option<u128>) -> Result<Found, OpenError> {
        let region = mapping.region();
        let read = read::header(&region, region.len() as u64);
        // What the creator wrote before it published the segment is seen after this.
        fence(Ordering::Acquire);
        let header = read.map_err(|reason| damaged(backing.label(), reason))?;
        let found = u128::from_le_bytes(header.id);
        if let Some(expected) = id.filter(|id| *id != found) {
            return Err(OpenError::WrongInstance {
                segment: backing.label(),
                expected,
                found,
            });
        }
        Ok(Found {
            mapping,
            header,
            backing,
        })
    }

    /// The segment, if it has the fields of that definition.
    pub(crate) fn defined(self, definition: Definition) -> Result<Segment, OpenError> {
        if self.header.fingerprint != definition.fingerprint
            || self.header.slots_len != definition.slots_len as u64
        {
            return Err(self.mismatch(definition));
        }
        self.segment()
    }

    /// The segment as whatever it is, and what it says of itself: private copies of its header and table.
    pub(crate) fn described(self) -> Result<(Segment, Header, Table), OpenError> {
        let header = self.header;
        let table = self.table()?;
        Ok((self.segment()?, header, table))
    }

    fn segment(self) -> Result<Segment, OpenError> {
        if self.mapping.writable() {
            self.check_namespaces()?;
        }
        let id = u128::from_le_bytes(self.header.id);
        // Checked to be a multiple of 64, with room for the slots behind it.
        let slots_offset = usize::try_from(self.header.slots_offset).unwrap_or(usize::MAX);
        Ok(Segment::new(self.mapping, slots_offset, id, self.backing))
    }

    /// Locks name their holders by thread ids and the times at which those started: outside their namespaces these mean
    /// something else.
    fn check_namespaces(&self) -> Result<(), OpenError> {
        let me = this_process().map_err(|source| OpenError::System {
            segment: self.backing.label(),
            source,
        })?;
        if let Some(kind) = me.differing_namespace(&creator(&self.header)) {
            return Err(OpenError::Namespace {
                segment: self.backing.label(),
                kind,
            });
        }
        owner::attached(me);
        Ok(())
    }

    /// The error that says, field by field, how the state here differs from the one in the segment.
    fn mismatch(&self, definition: Definition) -> OpenError {
        let theirs = match self.table() {
            Ok(table) => Schema::from_table(&table),
            Err(error) => return error,
        };
        let ours = Schema::of(definition.shape);
        let creator = self.header.creator_pid;
        let mut differences = ours.differences(&theirs, creator, DIFFERENCES_SHOWN);
        if differences.is_empty() {
            differences.push(format!(
                "its fingerprint is {:016x}, and that of the state here {:016x}, though the fields look alike",
                self.header.fingerprint, definition.fingerprint
            ));
        }
        OpenError::Mismatch {
            segment: self.backing.label(),
            creator,
            found: theirs.name().to_owned(),
            expected: ours.name().to_owned(),
            differences,
        }
    }

    fn table(&self) -> Result<Table, OpenError> {
        read::table(&self.mapping.region(), &self.header)
            .map_err(|reason| damaged(self.backing.label(), reason))
    }
}

fn damaged(segment: String, reason: HeaderError) -> OpenError {
    OpenError::Header { segment, reason }
}

/// The process that has created the segment.
pub(crate) fn creator(header: &Header) -> Process {
    Process {
        pid: header.creator_pid,
        start: header.creator_start,
        pid_namespace: header.pid_namespace,
        time_namespace: header.time_namespace,
    }
}

/// An error of the system. The usual one, that permission is denied, has a variant of its own.
fn refused(name: Option<&str>, action: &'static str, terms: Terms, error: io::Error) -> OpenError {
    let segment = label(name);
    if sys::kind(&error) == ErrorKind::Denied {
        OpenError::PermissionDenied {
            segment,
            writable: terms.writable,
        }
    } else {
        OpenError::System {
            segment,
            source: SystemError::when(action)(error),
        }
    }
}
