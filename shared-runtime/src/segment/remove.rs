//! Removing names.

use super::error::RemoveError;
use crate::error::SystemError;
use crate::format::header::MAGIC;
use crate::format::read;
use crate::sys::identity::effective_uid;
use crate::sys::names::{self, FileInfo, Removal};
use crate::sys::{self, ErrorKind};

/// Removes the name of a segment, whichever process created it.
///
/// Processes that have it open keep it, and its memory is freed with the last of them. For segments
/// that were created to outlive their creator, and for those that a killed creator has left; other
/// names are removed by the process that created them, when it drops its last handle.
///
/// # Errors
///
/// [`RemoveError`]: a name that no segment can have, none of that name, a file that is not a segment (it
/// is left alone), a segment of another user, or an error of the system.
///
/// ```
/// use shmstate::{Lifetime, Shared, remove};
///
/// # let name = format!("doc-remove-{}", std::process::id());
/// let options = Shared::<u64>::creating().lifetime(Lifetime::Kept);
/// drop(options.create(&name, 7)?); // the name stays
/// assert_eq!(Shared::<u64>::open(&name)?.get(), 7);
/// remove(&name)?;
/// assert!(Shared::<u64>::open(&name).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn remove(name: &str) -> Result<(), RemoveError> {
    names::check(name)?;
    let owned = || name.to_owned();
    let not_found = || RemoveError::NotFound {
        name: owned(),
        existing: existing_names(),
    };
    let failed = |error: std::io::Error| match sys::kind(&error) {
        ErrorKind::NotFound => not_found(),
        ErrorKind::Denied => RemoveError::PermissionDenied { name: owned() },
        _ => RemoveError::System {
            name: owned(),
            source: SystemError::when("remove it")(error),
        },
    };
    let info = names::info(name).map_err(failed)?.ok_or_else(not_found)?;
    // A file that may not be read is an error of its own.
    let mut magic = [0; MAGIC.len()];
    if info.regular {
        names::read_start(name, &mut magic).map_err(failed)?;
    }
    if magic != MAGIC {
        return Err(RemoveError::Foreign { name: owned() });
    }
    match names::remove(name, info.id, false).map_err(failed)? {
        Removal::Removed => Ok(()),
        Removal::NotThere => Err(not_found()),
        Removal::InUse => Err(failed(std::io::Error::other(
            "another process has locked it to remove it, and appears to be stopped",
        ))),
    }
}

/// Removes the segment of that name if it is whole and no process has it open or mapped, whatever its lifetime. Returns
/// whether the name is free now.
pub(crate) fn reclaim(name: &str) -> bool {
    let Ok(Some(found)) = names::info(name) else {
        return false;
    };
    found.regular
        && read::header(&start_of(name), found.len).is_ok()
        && matches!(
            names::remove(name, found.id, true),
            Ok(Removal::Removed | Removal::NotThere)
        )
}

/// Reads the beginning of the file of that name.
fn start_of(name: &str) -> impl read::ReadAt {
    move |offset, out: &mut [u8]| {
        debug_assert_eq!(offset, 0, "nothing else is looked at");
        names::read_start(name, out)
    }
}

/// The most names that an error lists.
const NAMES_SHOWN: usize = 8;

/// The names of this user's segments, if they are few enough to be listed in an error; else none.
pub(crate) fn existing_names() -> Vec<String> {
    let is_ours = |name: &String| {
        let ours = |info: FileInfo| info.regular && info.uid == effective_uid();
        names::check(name).is_ok()
            && matches!(names::info(name), Ok(Some(info)) if ours(info))
            && read::magic(&start_of(name)) == MAGIC
    };
    let all = names::list().unwrap_or_default().into_iter();
    let few: Vec<String> = all.filter(is_ours).take(NAMES_SHOWN + 1).collect();
    if few.len() > NAMES_SHOWN {
        Vec::new()
    } else {
        few
    }
}
