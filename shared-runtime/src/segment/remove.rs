//! Removing a name, and telling which segments nobody uses.

use bytemuck::Zeroable;

use crate::error::SystemError;
use crate::format::header::{HEADER_LEN, Header, KEEPS_NAME, MAGIC};
use crate::segment::RemoveError;
use crate::sys::identity::effective_uid;
use crate::sys::names::{self, FileInfo, Removal};

/// Removes the name of a segment, whoever created it.
///
/// Processes that have it open keep it, and its memory is freed with the last of them. For segments
/// that were created to outlive their creator, and for those that a killed creator has left; other
/// names are removed by the process that created them, when it drops its last handle.
///
/// # Errors
///
/// [`RemoveError`]: a name that no segment can have, none of that name, a file that is no segment (it
/// is left alone), a segment of another user, or an error of the system.
///
/// ```
/// use shmstate::{Shared, remove};
///
/// # let name = format!("doc-remove-{}", std::process::id());
/// let options = Shared::<u64>::options().keep_name(true);
/// drop(options.create(&name, 7)?); // the name stays
/// assert_eq!(Shared::<u64>::open(&name)?.get(), 7);
/// remove(&name)?;
/// assert!(Shared::<u64>::open(&name).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn remove(name: &str) -> Result<(), RemoveError> {
    names::check(name)?;
    let not_found = || RemoveError::NotFound {
        name: name.to_owned(),
    };
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => not_found(),
        std::io::ErrorKind::PermissionDenied => RemoveError::PermissionDenied {
            name: name.to_owned(),
        },
        _ => RemoveError::System {
            name: name.to_owned(),
            source: SystemError::when("remove it")(error),
        },
    };
    let info = names::info(name).map_err(failed)?.ok_or_else(not_found)?;
    let magic = info.regular && peek(name).map_err(failed)?.magic == MAGIC;
    if !magic {
        return Err(RemoveError::Foreign {
            name: name.to_owned(),
        });
    }
    match names::remove(name, info.id, false).map_err(failed)? {
        Removal::Removed => Ok(()),
        Removal::NotThere => Err(not_found()),
        Removal::InUse => Err(failed(std::io::Error::other(
            "another process has locked it to remove it, and appears to be stopped",
        ))),
    }
}

/// Removes the segment `found` if it is stale: whole, not meant to outlive its creator, and neither
/// open nor mapped in any process. Whether the name is free now.
pub(super) fn reclaim(name: &str, found: FileInfo) -> bool {
    let stale = found.regular
        && peek(name)
            .is_ok_and(|header| header.check(found.len).is_ok() && header.flags & KEEPS_NAME == 0);
    stale
        && matches!(
            names::remove(name, found.id, true),
            Ok(Removal::Removed | Removal::NotThere)
        )
}

/// The header of a file, without mapping it: zeros where it is shorter.
fn peek(name: &str) -> std::io::Result<Header> {
    let mut bytes = [0; HEADER_LEN];
    names::read_start(name, &mut bytes)?;
    let mut header = Header::zeroed();
    bytemuck::bytes_of_mut(&mut header).copy_from_slice(&bytes);
    Ok(header)
}

/// Of the names that there are, at most so many are told.
pub(crate) const NAMES_SHOWN: usize = 8;

/// The names of this user's segments, if they are `most` or fewer; else none.
pub(crate) fn existing(most: usize) -> Vec<String> {
    let is_ours = |name: &String| {
        let ours = |info: FileInfo| info.regular && info.uid == effective_uid();
        names::check(name).is_ok()
            && matches!(names::info(name), Ok(Some(info)) if ours(info))
            && peek(name).is_ok_and(|header| header.magic == MAGIC)
    };
    let names: Vec<String> = names::list()
        .unwrap_or_default()
        .into_iter()
        .filter(is_ours)
        .take(most + 1)
        .collect();
    if names.len() > most {
        Vec::new()
    } else {
        names
    }
}
