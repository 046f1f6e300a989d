//! Creating a segment.

use std::io;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytemuck::Zeroable;
use rustix::io::Errno;

use super::origin::Ownership;
use super::{Descriptor, Layout, Origin, Place, Segment};
use crate::error::{SystemError, label};
use crate::format::header::{HEADER_LEN, Header, KEEPS_NAME, MAGIC, Plan, VERSION};
use crate::format::table::{ENTRY_LEN, Table};
use crate::segment::CreateError;
use crate::sync::{AtomicU8, Ordering};
use crate::sys::mapping::Mapping;
use crate::sys::shm::{self, PublishError};
use crate::sys::{fork, memfd, names, owner, process, random_id};

/// What is wanted of a named segment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    /// Permission bits.
    pub mode: u32,
    /// The name outlives its creator.
    pub keep_name: bool,
    /// A stale segment of the name is replaced.
    pub replace_stale: bool,
}

/// Creates a segment without a name; `fill` gets it before anybody else can.
pub(crate) fn anonymous(
    layout: Layout,
    fill: impl FnOnce(&Segment) -> Result<(), CreateError>,
) -> Result<Segment, CreateError> {
    let wrap = |error| system(None, error);
    let (table, plan) = plan(layout, None)?;
    let (file, mapping) = map_memfd(plan.total).map_err(|error| space(None, plan.total, error))?;
    let id = id().map_err(wrap)?;
    write_header(&mapping, &table, &plan, layout, id, 0).map_err(wrap)?;
    let segment = Segment {
        mapping,
        slots_offset: plan.slots,
        origin: Arc::new(Origin {
            id: u128::from_le_bytes(id),
            place: Place::Anonymous {
                file: Descriptor::Owned(file),
            },
        }),
        description: None,
        registered: None,
    };
    fill(&segment)?;
    Ok(segment)
}

fn map_memfd(len: usize) -> Result<(std::os::fd::OwnedFd, Mapping), SystemError> {
    use std::os::fd::AsFd;
    let file = memfd::create(len as u64).map_err(SystemError::when("create a memory file"))?;
    let mapping = Mapping::of_file(file.as_fd(), len, true);
    let mapping = mapping.map_err(SystemError::when("map the memory"))?;
    Ok((file, mapping))
}

/// Creates a segment under `name`; `fill` gets it before it has the name.
pub(crate) fn named(
    name: &str,
    request: Request,
    layout: Layout,
    fill: impl FnOnce(&Segment) -> Result<(), CreateError>,
) -> Result<Segment, CreateError> {
    names::check(name)?;
    let make_way = || make_way(name, request).map(|()| None);
    // That the name is taken is found in the end, too. To look first may spare building a large segment
    // in vain, and may free the memory of a stale one.
    if layout.slots_len >= LARGE || request.replace_stale {
        make_way()?;
    }
    build(name, request, layout, fill, make_way)
}

/// From this many bytes on, building a segment costs far more than a look at its name.
const LARGE: usize = 1 << 16;

/// As [`named`], unless `theirs` has another segment to use instead. It is asked before ours is built,
/// which it may spare, and whenever the name is taken as ours is to get it; `None` means that the name is
/// free now. What was built is then published all the same, so `fill` runs once.
pub(crate) fn named_unless(
    name: &str,
    request: Request,
    layout: Layout,
    fill: impl FnOnce(&Segment) -> Result<(), CreateError>,
    mut theirs: impl FnMut() -> Result<Option<Segment>, CreateError>,
) -> Result<Segment, CreateError> {
    names::check(name)?;
    match theirs()? {
        Some(segment) => Ok(segment),
        None => build(name, request, layout, fill, theirs),
    }
}

fn build(
    name: &str,
    request: Request,
    layout: Layout,
    fill: impl FnOnce(&Segment) -> Result<(), CreateError>,
    mut theirs: impl FnMut() -> Result<Option<Segment>, CreateError>,
) -> Result<Segment, CreateError> {
    let wrap = |error| system(Some(name), error);
    sweep_once();
    let (table, plan) = plan(layout, Some(name))?;
    // The name to build it under is made of this, and an error of `/proc` is better told as such.
    process::identity()
        .map_err(SystemError::when("read /proc/self"))
        .map_err(wrap)?;
    let id = id().map_err(wrap)?;
    let (mapping, mut file) = shm::create(plan.total, request.mode, id)
        .map_err(SystemError::when("create the shared memory"))
        .map_err(|error| space(Some(name), plan.total, error))?;
    let flags = if request.keep_name { KEEPS_NAME } else { 0 };
    write_header(&mapping, &table, &plan, layout, id, flags).map_err(wrap)?;
    let generation = fork::generation()
        .map_err(SystemError::when("mark this process"))
        .map_err(wrap)?;
    let mut segment = Segment {
        mapping,
        slots_offset: plan.slots,
        origin: Arc::new(Origin {
            id: u128::from_le_bytes(id),
            place: Place::Named {
                name: name.to_owned(),
                ownership: None,
            },
        }),
        description: None,
        registered: None,
    };
    fill(&segment)?;
    loop {
        match file.publish(name) {
            Ok(()) => break,
            Err(PublishError::Forked) => {
                return Err(CreateError::Forked {
                    segment: label(Some(name)),
                });
            }
            // Each turn means that somebody else came first, and has gone since.
            Err(PublishError::Taken) => {
                if let Some(segment) = theirs()? {
                    return Ok(segment);
                }
            }
            Err(PublishError::Other(error)) => {
                return Err(wrap(SystemError::when("publish the segment")(error)));
            }
        }
    }
    // `fill` has had a reference to the segment, which is gone, so the origin is not shared yet.
    if let Some(Origin {
        place: Place::Named { ownership, .. },
        ..
    }) = Arc::get_mut(&mut segment.origin)
        && !request.keep_name
    {
        *ownership = Some(Ownership {
            file: file.id,
            generation,
        });
    }
    Ok(segment)
}

/// Fails if the name is taken, unless by a stale segment that may be replaced: that one is removed.
fn make_way(name: &str, request: Request) -> Result<(), CreateError> {
    let found = shm::info(name)
        .map_err(SystemError::when("look the name up"))
        .map_err(|error| system(Some(name), error))?;
    let Some(found) = found else {
        return Ok(());
    };
    if request.replace_stale && super::remove::reclaim(name, found) {
        return Ok(());
    }
    Err(CreateError::AlreadyExists {
        name: name.to_owned(),
    })
}

/// The first time that a process creates a named segment, it removes what killed creators have left.
fn sweep_once() {
    // Not a `Once`: a fork in its middle would leave it locked in the child.
    static SWEPT: AtomicU8 = AtomicU8::new(0);
    if SWEPT.swap(1, Ordering::Relaxed) == 0 {
        shm::sweep();
    }
}

fn plan(layout: Layout, name: Option<&str>) -> Result<(Table, Plan), CreateError> {
    let table = Table::of(layout.shape);
    match Plan::new(&table, layout.slots_len) {
        Some(plan) => Ok((table, plan)),
        None => Err(CreateError::TooLarge {
            segment: label(name),
        }),
    }
}

fn id() -> Result<[u8; 16], SystemError> {
    random_id().map_err(SystemError::when("draw an instance id"))
}

fn write_header(
    mapping: &Mapping,
    table: &Table,
    plan: &Plan,
    layout: Layout,
    id: [u8; 16],
    flags: u32,
) -> Result<(), SystemError> {
    let me = process::identity().map_err(SystemError::when("read /proc/self"))?;
    owner::attached(me);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let mut header = Header {
        magic: MAGIC,
        version: VERSION,
        header_len: u32_of(HEADER_LEN),
        total_len: plan.total as u64,
        id,
        fingerprint: layout.fingerprint,
        table_offset: plan.table as u64,
        table_entries: u32_of(table.entries().len() / ENTRY_LEN),
        entry_len: u32_of(ENTRY_LEN),
        strings_offset: plan.strings as u64,
        strings_len: table.strings().len() as u64,
        slots_offset: plan.slots as u64,
        slots_len: layout.slots_len as u64,
        creator_pid: me.pid,
        flags,
        creator_start: me.start,
        pid_namespace: me.pid_namespace,
        time_namespace: me.time_namespace,
        created: u64::try_from(now.as_nanos()).unwrap_or(u64::MAX).max(1),
        ..Header::zeroed()
    };
    header.checksum = header.expected_checksum();
    let region = mapping.region();
    let parts = [
        (0, bytemuck::bytes_of(&header)),
        (plan.table, table.entries()),
        (plan.strings, table.strings()),
    ];
    for (offset, bytes) in parts {
        let part = region
            .part(offset, bytes.len())
            .expect("the plan has room for it");
        part.write(bytes);
    }
    Ok(())
}

fn u32_of(n: usize) -> u32 {
    u32::try_from(n).expect("a table has fewer than 2^32 entries")
}

fn system(name: Option<&str>, source: SystemError) -> CreateError {
    CreateError::System {
        segment: label(name),
        source,
    }
}

/// An error of the calls that want memory: the usual one is that there is none.
fn space(name: Option<&str>, needed: usize, source: SystemError) -> CreateError {
    let out_of_space = [Errno::NOSPC, Errno::NOMEM, Errno::FBIG, Errno::DQUOT]
        .map(|errno| Some(errno.raw_os_error()))
        .contains(&source.source.raw_os_error());
    if out_of_space || source.source.kind() == io::ErrorKind::StorageFull {
        CreateError::NoSpace {
            segment: label(name),
            needed: needed as u64,
        }
    } else {
        system(name, source)
    }
}
