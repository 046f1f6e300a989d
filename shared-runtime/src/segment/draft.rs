//! Making a segment.

use core::ptr::NonNull;
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use super::error::CreateError;
use super::mapped::{Memory, Segment};
use super::origin::{Backing, Origin};
use super::remove::reclaim;
use crate::error::{SystemError, label};
use crate::format::header::{Header, KEEPS_NAME, Plan};
use crate::format::shape::Shape;
use crate::sync::{AtomicU64, Ordering};
use crate::sys::identity::{Process, generation, random_id, this_process};
use crate::sys::memory::{Mapping, MemoryFile};
use crate::sys::names::{self, UnpublishedFile};
use crate::sys::{self, ErrorKind, owner};

/// How a named segment is to be made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Naming {
    /// Permission bits.
    pub mode: u32,
    /// Whether the name outlives its creator.
    pub keeps_name: bool,
}

/// A segment that is being made, under a name that nobody looks up. If it is dropped, nothing is left of it.
#[derive(Debug)]
pub(crate) struct Draft {
    memory: Memory,
    id: u128,
    keeps_name: bool,
    file: UnpublishedFile,
}

/// Why a draft has not become a segment.
#[derive(Debug)]
pub(crate) enum NotPublished {
    /// The name is taken. The draft is as it was, to be published if the name becomes free.
    Taken(Box<Draft>),
    Failed(CreateError),
}

impl Draft {
    /// A segment with these fields, all bytes zero, to be published as `name`.
    pub(crate) fn new(name: &str, plan: &Plan, naming: Naming) -> Result<Draft, CreateError> {
        sweep_once();
        let wrap = |error| system(Some(name), error);
        let me = this_process().map_err(wrap)?;
        let id = id().map_err(wrap)?;
        let (mapping, file) = names::create(me, plan.total, naming.mode, id)
            .map_err(SystemError::when("create the shared memory"))
            .map_err(|error| space(Some(name), plan.total, error))?;
        let flags = if naming.keeps_name { KEEPS_NAME } else { 0 };
        write(&mapping, plan, me, id, flags);
        Ok(Draft {
            memory: Memory::new(mapping, plan.slots),
            id: u128::from_le_bytes(id),
            keeps_name: naming.keeps_name,
            file,
        })
    }

    /// Where the slots lie; valid as long as the draft.
    pub(crate) fn slots(&self) -> NonNull<u8> {
        self.memory.slots()
    }

    /// From here on, the errors of its slots, which must be of this shape, name their fields, and the segment of this
    /// name.
    pub(crate) fn register(&mut self, shape: &'static Shape, name: &str) {
        self.memory.register(shape, Some(name));
    }

    /// Gives it the name, and with it to others. This process then has the duty to remove the name, unless it is to
    /// outlive this process.
    pub(crate) fn publish(mut self, name: &str) -> Result<Segment, NotPublished> {
        if !self.file.creator.is_current() {
            let segment = label(Some(name));
            return Err(NotPublished::Failed(CreateError::Forked { segment }));
        }
        match self.file.publish(name) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(NotPublished::Taken(Box::new(self)));
            }
            Err(error) => {
                let error = SystemError::when("publish the segment")(error);
                return Err(NotPublished::Failed(system(Some(name), error)));
            }
        }
        let origin = Origin {
            id: self.id,
            backing: Backing::Named {
                name: name.to_owned(),
                file: self.file.id,
                remover: (!self.keeps_name).then_some(self.file.creator),
            },
        };
        Ok(Segment::new(self.memory, origin))
    }
}

/// A segment without a name, all bytes of its slots zero.
pub(crate) fn anonymous(plan: &Plan) -> Result<Segment, CreateError> {
    let wrap = |error| system(None, error);
    let me = this_process().map_err(wrap)?;
    let id = id().map_err(wrap)?;
    let memory = MemoryFile::create(plan.total as u64);
    let memory = memory.map_err(SystemError::when("create a memory file"));
    let memory = memory.and_then(|file| {
        let mapping = file.map(plan.total, true);
        Ok((file, mapping.map_err(SystemError::when("map the memory"))?))
    });
    let (file, mapping) = memory.map_err(|error| space(None, plan.total, error))?;
    write(&mapping, plan, me, id, 0);
    let origin = Origin {
        id: u128::from_le_bytes(id),
        backing: Backing::Anonymous { file },
    };
    Ok(Segment::new(Memory::new(mapping, plan.slots), origin))
}

/// Succeeds if nothing has the name. With `fresh`, first removes a segment of that name that no process has.
pub(crate) fn make_way(name: &str, fresh: bool) -> Result<(), CreateError> {
    if fresh && reclaim(name) {
        return Ok(());
    }
    match names::info(name) {
        Ok(None) => Ok(()),
        Ok(Some(_)) => Err(CreateError::AlreadyExists {
            name: name.to_owned(),
        }),
        Err(error) => {
            let error = SystemError::when("look the name up")(error);
            Err(system(Some(name), error))
        }
    }
}

/// The first time that a process creates a named segment, it removes what killed creators have left. A forked child is
/// a process of its own.
fn sweep_once() {
    // The generation of the process that has swept. Not a `Once`: a fork in its middle would leave it locked in the child.
    static SWEPT: AtomicU64 = AtomicU64::new(0);
    let Ok(me) = generation() else {
        return;
    };
    if SWEPT.load(Ordering::Relaxed) != me && SWEPT.swap(me, Ordering::Relaxed) != me {
        names::sweep();
    }
}

fn id() -> Result<[u8; 16], SystemError> {
    random_id().map_err(SystemError::when("draw an instance id"))
}

fn write(mapping: &Mapping, plan: &Plan, me: &Process, id: [u8; 16], flags: u32) {
    owner::attached(me);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let header = plan.header(Header {
        id,
        flags,
        creator_pid: me.pid,
        creator_start: me.start,
        pid_namespace: me.pid_namespace,
        time_namespace: me.time_namespace,
        created: u64::try_from(now.as_nanos()).unwrap_or(u64::MAX).max(1),
        ..Header::default()
    });
    for (offset, bytes) in plan.parts(&header) {
        let part = mapping.region().part(offset, bytes.len());
        part.expect("the mapping is as long as the plan says")
            .write(bytes);
    }
}

fn system(name: Option<&str>, source: SystemError) -> CreateError {
    CreateError::System {
        segment: label(name),
        source,
    }
}

/// An error of the calls that allocate memory. Usually there is none left.
fn space(name: Option<&str>, needed: usize, source: SystemError) -> CreateError {
    match sys::kind(&source.source) {
        ErrorKind::Full | ErrorKind::NoMemory => CreateError::NoSpace {
            segment: label(name),
            needed: needed as u64,
        },
        _ => system(name, source),
    }
}
