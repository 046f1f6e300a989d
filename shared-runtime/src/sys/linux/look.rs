//! Looking at files that this process does not use.
//!
//! A file is first found, which does nothing to it: to open a pipe would wake who waits at its other end, and to open a
//! file tells whoever holds a lease on it, and makes it used for as long as it is open.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{Mode, OFlags, fstat, open};
use rustix::io::Errno;

use super::patience::Patience;
use super::peek::Peek;
use super::shm::{FileId, FileInfo};
use super::{lease, memfd, names, turn};

/// A file that was found. It is not opened: for the kernel, nobody has it by that.
pub(crate) struct Found {
    path: OwnedFd,
    pub info: FileInfo,
    has_name: bool,
}

/// So often in a row a name is not replaced.
const REPLACEMENTS: usize = 100;

/// What the name means now; a link as itself.
pub(crate) fn find(name: &str) -> io::Result<Found> {
    for _ in 0..REPLACEMENTS {
        let found = Found::at(&names::path(name), OFlags::NOFOLLOW)?;
        // Else it was replaced between the kernel's look at the name and ours at the file.
        if found.has_name {
            return Ok(found);
        }
    }
    Err(io::Error::other(
        "the name leads to a file that was removed",
    ))
}

impl Found {
    /// What a link in `/proc` leads to.
    pub(crate) fn by_link(link: &str) -> io::Result<Found> {
        Found::at(Path::new(link), OFlags::empty())
    }

    fn at(path: &Path, flags: OFlags) -> io::Result<Found> {
        let path = open(path, flags | OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
        let stat = fstat(&path)?;
        Ok(Found {
            path,
            info: FileInfo::of(&stat),
            has_name: stat.st_nlink > 0,
        })
    }

    /// Opens the file for reading.
    pub(crate) fn open(&self) -> io::Result<OwnedFd> {
        memfd::reopen_read_only(self.path.as_fd()).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => io::Error::other("/proc is not mounted"),
            _ => error,
        })
    }

    /// What `read` reads of the file, which is closed then; `None` if another process holds a lease on it, and does not
    /// go on.
    pub(crate) fn read<R>(&self, read: impl FnOnce(&Peek) -> R) -> io::Result<Option<R>> {
        let mut patience = Patience::with_askers();
        loop {
            let turn = turn::take()?;
            match self.open() {
                Ok(file) => {
                    let peek = Peek::of(file);
                    let read = read(&peek);
                    // Before the turn is given back.
                    drop(peek);
                    return Ok(Some(read));
                }
                Err(error) if !is_leased(&error) => return Err(error),
                Err(_) if patience.is_over() => return Ok(None),
                Err(_) => {}
            }
            drop(turn);
            patience.pause();
        }
    }
}

/// Whether anybody uses a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Nobody, in any namespace.
    Unused,
    /// Some process has it open or mapped, be it one that asks, too.
    Used,
    /// A process holds a lease on it: one that asks, or removes it; or a file server.
    Leased,
    /// The name does not mean that file (any more).
    NotThere,
}

/// Asks the kernel whether any process has the file `id` of that name open or mapped.
///
/// # Errors
///
/// If the kernel does not tell.
pub(crate) fn ask(name: &str, id: FileId) -> io::Result<Use> {
    let _turn = turn::take()?;
    let found = match find(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Use::NotThere),
        other => other?,
    };
    if found.info.id != id {
        return Ok(Use::NotThere);
    }
    let file = match found.open() {
        Err(error) if is_leased(&error) => return Ok(Use::Leased),
        other => other?,
    };
    if lease::take(&file)? {
        lease::give_back(&file);
        Ok(Use::Unused)
    } else {
        Ok(Use::Used)
    }
}

/// Another process holds a lease on the file, and has been told by now that somebody wants to open it.
fn is_leased(error: &io::Error) -> bool {
    error.raw_os_error() == Some(Errno::AGAIN.raw_os_error())
}
