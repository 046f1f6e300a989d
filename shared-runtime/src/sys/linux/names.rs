//! Names of segments, and the names under which they are built.

use std::io;
use std::path::PathBuf;

use super::process;
use crate::sys::NameError;

/// Where the C libraries of Linux keep named shared memory.
pub(crate) const FOLDER: &str = "/dev/shm";

/// `shm_open` of glibc refuses longer names (`NAME_MAX` less its own slash and NUL).
pub(crate) const LONGEST: usize = 253;

/// A segment that is being built, by which process:
/// `.shmstate-<pid namespace>-<pid>-<start>-<time namespace>-<id>`. What is compared later is how the
/// creator sees itself, and a start is another number in another time namespace.
const BUILDING: &str = ".shmstate-";

/// Checks a name.
pub(crate) fn check(name: &str) -> Result<(), NameError> {
    let owned = || name.to_owned();
    if name.is_empty() {
        Err(NameError::Empty)
    } else if name.len() > LONGEST {
        Err(NameError::TooLong {
            length: name.len(),
            limit: LONGEST,
        })
    } else if name.contains('/') {
        Err(NameError::Slash { name: owned() })
    } else if name.contains('\0') {
        Err(NameError::Nul { name: owned() })
    } else if name == "." || name == ".." || name.starts_with(BUILDING) {
        Err(NameError::Reserved { name: owned() })
    } else {
        Ok(())
    }
}

pub(crate) fn path(name: &str) -> PathBuf {
    PathBuf::from(format!("{FOLDER}/{name}"))
}

/// The name to build the segment of that instance id under.
pub(crate) fn building(id: [u8; 16]) -> io::Result<String> {
    let me = process::identity()?;
    let id = u128::from_le_bytes(id);
    Ok(format!(
        "{BUILDING}{}-{}-{}-{}-{id:032x}",
        me.pid_namespace, me.pid, me.start, me.time_namespace
    ))
}

/// Whether `name` is one that segments are built under.
pub(crate) fn is_building(name: &str) -> bool {
    name.starts_with(BUILDING)
}

/// Whether `name` is one that a process, now dead, was building a segment under. In doubt: no.
pub(crate) fn is_abandoned(name: &str) -> bool {
    let Some(rest) = name.strip_prefix(BUILDING) else {
        return false;
    };
    let mut parts = rest.split('-').map(str::parse::<u64>);
    let mut part = || parts.next().and_then(Result::ok);
    let (Some(pid_namespace), Some(pid), Some(start), Some(time_namespace)) =
        (part(), part(), part(), part())
    else {
        return false;
    };
    let (Ok(me), Ok(pid)) = (process::identity(), u32::try_from(pid)) else {
        return false;
    };
    me.proc_is_ours
        && (me.pid_namespace, me.time_namespace) == (pid_namespace, time_namespace)
        && matches!(process::start_of(pid), Ok(found) if found != Some(start))
}
