//! Making a segment.

use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use super::error::CreateError;
use super::mapped::{Definition, Segment};
use super::origin::Backing;
use super::remove::reclaim;
use crate::error::{SystemError, label};
use crate::format::header::{Header, KEEPS_NAME, Plan};
use crate::format::table::Table;
use crate::sync::{AtomicU64, Ordering};
use crate::sys::identity::{Process, ThisProcess, generation, random_id, this_process};
use crate::sys::memory::{Mapping, MemoryFile};
use crate::sys::names::{self, UnpublishedFile};
use crate::sys::{self, ErrorKind, owner};

/// The way of a new segment to its name. If it is dropped before that, no file is left.
#[derive(Debug)]
pub(crate) struct Draft {
    file: UnpublishedFile,
    keeps_name: bool,
}

/// A segment of this definition, all bytes zero, with these permission bits. It lies under a name that nobody looks up, to
/// be published as `name`, which outlives this process if `keeps_name`.
pub(crate) fn draft(
    name: &str,
    definition: Definition,
    mode: u32,
    keeps_name: bool,
) -> Result<(Segment, Draft), CreateError> {
    let plan = plan(Some(name), definition)?;
    sweep_once();
    let (me, id) = instance(Some(name))?;
    let (mapping, file) = names::create(me, plan.total, mode, id)
        .map_err(|error| space(Some(name), plan.total, "create the shared memory", error))?;
    let flags = if keeps_name { KEEPS_NAME } else { 0 };
    write(&mapping, &plan, me, id, flags);
    let backing = Backing::named(name, file.id);
    let segment = Segment::new(mapping, plan.slots, u128::from_le_bytes(id), backing);
    Ok((segment, Draft { file, keeps_name }))
}

impl Draft {
    /// Gives the segment, which was made with this, its name, and with it to others; returns whether the name was free.
    /// This process then has the duty to remove the name, unless it is to outlive this process.
    pub(crate) fn publish(&mut self, segment: &Segment, name: &str) -> Result<bool, CreateError> {
        if !self.file.creator.is_current() {
            let segment = label(Some(name));
            return Err(CreateError::Forked { segment });
        }
        match self.file.publish(name) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => {
                let error = SystemError::when("publish the segment")(error);
                return Err(system(Some(name), error));
            }
        }
        if !self.keeps_name {
            segment.origin().remove_at_end(self.file.creator);
        }
        Ok(true)
    }
}

/// A segment of this definition without a name, all bytes of its slots zero.
pub(crate) fn anonymous(definition: Definition) -> Result<Segment, CreateError> {
    let plan = plan(None, definition)?;
    let (me, id) = instance(None)?;
    let failed = |action| move |error: io::Error| space(None, plan.total, action, error);
    let file = MemoryFile::create(plan.total as u64).map_err(failed("create a memory file"))?;
    let mapping = file.map(plan.total, true);
    let mapping = mapping.map_err(failed("map the memory"))?;
    write(&mapping, &plan, me, id, 0);
    let backing = Backing::Anonymous { file };
    let id = u128::from_le_bytes(id);
    Ok(Segment::new(mapping, plan.slots, id, backing))
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
        Err(error) => Err(system(
            Some(name),
            SystemError::when("look the name up")(error),
        )),
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

fn plan(name: Option<&str>, definition: Definition) -> Result<Plan, CreateError> {
    let table = Table::of(definition.shape);
    let plan = Plan::new(table, definition.fingerprint, definition.slots_len);
    plan.ok_or_else(|| CreateError::TooLarge {
        segment: label(name),
    })
}

/// What tells a new segment from others: its creator, and a random number.
fn instance(name: Option<&str>) -> Result<(&'static ThisProcess, [u8; 16]), CreateError> {
    let me = this_process().map_err(|error| system(name, error))?;
    let id = random_id().map_err(SystemError::when("draw an instance id"));
    Ok((me, id.map_err(|error| system(name, error))?))
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
fn space(name: Option<&str>, needed: usize, action: &'static str, error: io::Error) -> CreateError {
    match sys::kind(&error) {
        ErrorKind::Full | ErrorKind::NoMemory => CreateError::NoSpace {
            segment: label(name),
            needed: needed as u64,
        },
        _ => system(name, SystemError::when(action)(error)),
    }
}
