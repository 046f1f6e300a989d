//! What is known of a segment and of the processes that have it.

use core::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::error::SystemError;
use crate::format::HeaderError;
use crate::format::header::Header;
use crate::format::kind::EntryKind;
use crate::format::table::Table;
use crate::segment::{self, RemoveError, Token};
use crate::sys::handoff;
use crate::sys::names::{self, FileId, Removal};
use crate::sys::observe::Usage;

/// A segment, as it was when it was looked at: see [`segments`](super::segments).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SegmentInfo {
    /// Where it is found.
    pub place: Place,
    /// What it says of itself; or why that cannot be read: it is damaged, of a later format, or has a lease on it.
    pub description: Result<Description, HeaderError>,
    /// The length of its file in bytes, which is the most memory that it can take.
    pub size: u64,
    /// The user that it belongs to; `None` if that is not known of one without a name.
    pub uid: Option<u32>,
    /// Its permission bits; `None` if they are not known either.
    pub mode: Option<u32>,
    /// The processes that have it.
    pub processes: Processes,
    /// Whether it is in use, and if not, whether it is to stay.
    pub liveness: Liveness,
    pub(super) file: FileId,
}

/// Where a segment is found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// It has a name.
    Named {
        /// The name, for `open`.
        name: String,
    },
    /// It is being built, or its creator was killed while it was. A leftover is removed when a process of the same user
    /// creates its first named segment.
    Unfinished {
        /// The name of its file in `/dev/shm`.
        name: String,
    },
    /// Its name was removed, and another segment may have it by now. It lasts until the last process is done with it.
    Removed {
        /// The name that it had.
        name: String,
    },
    /// It was made without a name.
    Anonymous {
        /// A process that has it (or a thread of that process, if its first thread has ended).
        pid: u32,
        /// Its descriptor: `/proc/<pid>/fd/<descriptor>`. Every process that opened it with this library has one.
        descriptor: Option<u32>,
    },
}

/// What a segment says of itself. Any process that may write to it can have forged this.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Description {
    /// The instance: see [`Shared::id`](crate::Shared::id).
    pub id: u128,
    /// The name of the state's struct, at most 256 characters of it; empty for a state that is not a struct.
    pub type_name: String,
    /// The number of the struct's fields, nested ones not counted; 1 for a state that is not a struct, or a locked one.
    pub fields: usize,
    /// The hash of the definition: see [`Schema::fingerprint`](crate::Schema::fingerprint).
    pub fingerprint: u64,
    /// When it was created, by the system's clock at that time.
    pub created: SystemTime,
    /// The process that created it, in that process's PID namespace.
    pub creator: u32,
    /// Whether that process still lives (another process that has got its number does not count); `None` if that is not
    /// known: it was created in another PID or time namespace, or `/proc` hides the process.
    pub creator_lives: Option<bool>,
    /// Its name is meant to outlive its creator: see [`Lifetime`](crate::Lifetime).
    pub keeps_name: bool,
}

/// Whether a segment is in use. Its `Display` says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Liveness {
    /// Processes have it open or mapped: [`SegmentInfo::processes`] shows them.
    Live,
    /// The kernel says that some process has it open or mapped, but this process cannot see which: it is in another
    /// namespace or another user's, or the descriptor lies in a socket. Or each time that the kernel was asked, other
    /// processes were only looking at it.
    Unseen,
    /// No process has it, and it was not meant to outlive its creator, which was killed, or ended without
    /// dropping its handle. [`CreateOptions::fresh`](crate::CreateOptions::fresh) replaces it.
    Stale,
    /// No process has it, and its name is meant to stay.
    Kept,
    /// No process has it, and whether its name is meant to stay cannot be read. Nothing replaces it.
    Unreadable,
    /// That cannot be found out: the kernel does not tell this user, or a stopped process holds a lease on it.
    Unknown {
        /// Why not.
        why: &'static str,
    },
}

/// The processes that have a segment, as far as this process may see them.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Processes {
    /// Those that were seen, in the order of their ids.
    pub found: Vec<Process>,
    /// Whether all processes in `/proc` could be examined. If not, which is usual for all users but root, there may be
    /// others. Processes of PID namespaces beside or above that of `/proc` are never seen.
    pub complete: bool,
}

/// A process that has a segment.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Process {
    /// Its id, in the PID namespace of `/proc`.
    pub pid: u32,
    /// The name of its program as the kernel has it: 15 bytes at most, which the process may change.
    pub command: String,
    /// It has the segment in its memory.
    pub mapped: bool,
    /// It can write to the segment: it has mapped it writable, or has a descriptor that was opened for writing. A process
    /// that opened it only for reading can never write to it. One that has mapped it read-only, through a descriptor for
    /// writing that it has closed, could still make the mapping writable (`mprotect`), and is not recognised.
    pub writable: bool,
    /// The numbers of its descriptors of it. A named segment has none once it is mapped.
    pub descriptors: Vec<u32>,
}

impl Description {
    pub(crate) fn of(header: &Header, table: &Table) -> Description {
        // No Rust type has a longer name, but a forged table may.
        const LONGEST_NAME: usize = 256;
        let mut rows = table.rows();
        let root = rows.next(); // every table has one
        let kind = root.and_then(|root| EntryKind::of(root.facts.kind));
        let name = root.map_or("", |root| root.name);
        Description {
            id: u128::from_le_bytes(header.id),
            type_name: name.chars().take(LONGEST_NAME).collect(),
            fields: match kind {
                Some(EntryKind::Struct) => rows.filter(|row| row.facts.depth == 1).count(),
                _ => 1,
            },
            fingerprint: header.fingerprint,
            created: UNIX_EPOCH + Duration::from_nanos(header.created),
            creator: header.creator_pid,
            creator_lives: segment::creator(header).is_alive(),
            keeps_name: header.keeps_name(),
        }
    }
}

impl SegmentInfo {
    /// A text that opens this very segment: see [`Shared::token`](crate::Shared::token). `None` of one that
    /// cannot be opened: damaged, unfinished, removed, or without a descriptor.
    ///
    /// ```
    /// use shmstate::{Shared, processes};
    ///
    /// let name = format!("doc-token-{}", std::process::id());
    /// let state = Shared::create(&name, 7_u64)?;
    /// let token = processes::segment(&name)?.token().expect("it has a name");
    /// assert_eq!(Shared::<u64>::from_token(&token)?.get(), 7);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn token(&self) -> Option<String> {
        let id = self.description.as_ref().ok()?.id;
        let token = match &self.place {
            Place::Named { name } => Token::Named { id, name },
            Place::Anonymous {
                pid,
                descriptor: Some(fd),
            } => Token::Descriptor {
                id,
                pid: *pid,
                fd: *fd,
            },
            _ => return None,
        };
        Some(token.to_string())
    }

    /// Removes the segment's name, and so its memory, if no process has it at that moment and the name still means it. It
    /// does not matter what [`liveness`](Self::liveness) was found before: a kept or damaged segment is removed as well.
    ///
    /// If a process opens it at the same time, either that succeeds and this fails, or that process finds no segment.
    /// Waits about 50 ms for processes that are looking at it, and up to a second for one that is removing it.
    ///
    /// # Errors
    ///
    /// [`RemoveError`]: in use (as are all without a name), not there any more, another user's, or an error of the system.
    ///
    /// ```
    /// use shmstate::{Lifetime, RemoveError, Shared, processes};
    ///
    /// let name = format!("doc-unused-{}", std::process::id());
    /// let state = Shared::<u64>::creating().lifetime(Lifetime::Kept).create(&name, 7)?;
    /// let found = processes::segment(&name)?;
    /// assert!(matches!(found.remove_unused(), Err(RemoveError::InUse { .. })));
    /// drop(state);
    /// // A process that only looks at it has it open for a moment, too.
    /// while let Err(RemoveError::InUse { .. }) = found.remove_unused() {}
    /// assert!(processes::segment(&name).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn remove_unused(&self) -> Result<(), RemoveError> {
        let in_use = RemoveError::InUse {
            segment: self.place.to_string(),
        };
        let Some(name) = self.file_name().map(str::to_owned) else {
            return Err(in_use);
        };
        Err(match names::remove(&name, self.file, true) {
            Ok(Removal::Removed) => return Ok(()),
            Ok(Removal::NotThere) => RemoveError::NotFound {
                name,
                existing: Vec::new(),
            },
            Ok(Removal::InUse) => in_use,
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                RemoveError::PermissionDenied { name }
            }
            Err(error) => RemoveError::System {
                name,
                source: SystemError::when("remove it")(error),
            },
        })
    }

    /// The name of its file in the folder of segments.
    pub(super) fn file_name(&self) -> Option<&str> {
        match &self.place {
            Place::Named { name } | Place::Unfinished { name } => Some(name),
            Place::Removed { .. } | Place::Anonymous { .. } => None,
        }
    }

    /// Sorts anonymous ones first, by process, and all others by the name that they have or had.
    pub(super) fn order(&self) -> (String, u32, u32) {
        match &self.place {
            Place::Anonymous { pid, descriptor } => {
                (String::new(), *pid, descriptor.unwrap_or(u32::MAX))
            }
            Place::Named { name } | Place::Unfinished { name } | Place::Removed { name } => {
                (name.clone(), 0, 0)
            }
        }
    }
}

impl Processes {
    pub(super) fn of(usages: Vec<Usage>, complete: bool) -> Processes {
        let found = usages.into_iter().map(|usage| Process {
            pid: usage.pid,
            command: usage.command(),
            mapped: usage.mapped,
            writable: usage.writable,
            descriptors: usage.descriptors,
        });
        Processes {
            found: found.collect(),
            complete,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (is, name) = match self {
            Place::Named { name } => ("segment", name),
            Place::Unfinished { name } => ("unfinished segment", name),
            Place::Removed { name } => ("removed segment", name),
            Place::Anonymous { pid, descriptor } => {
                return match descriptor {
                    Some(fd) => write!(f, "anonymous segment {}", handoff::path_of(*pid, *fd)),
                    None => write!(f, "anonymous segment of process {pid}"),
                };
            }
        };
        write!(f, "{is} `{}`", name.escape_debug())
    }
}

impl fmt::Display for Liveness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Liveness::Live => "live: some process has it",
            Liveness::Unseen => {
                "unseen: the kernel says that some process has it, but this one sees none that does"
            }
            Liveness::Stale => {
                "stale: no process has it, and it was not meant to outlive the one that created it"
            }
            Liveness::Kept => "kept: no process has it, and its name is meant to stay",
            Liveness::Unreadable => {
                "unreadable: no process has it, and whether its name is meant to stay cannot be read"
            }
            Liveness::Unknown { why } => return write!(f, "unknown: {why}"),
        })
    }
}
