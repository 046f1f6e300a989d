//! Named shared memory: files in `/dev/shm`.

use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{
    CWD, FallocateFlags, FlockOperation, Mode, OFlags, RenameFlags, Stat, fallocate, fchmod, flock,
    fstat, lstat, open, renameat_with, unlink,
};
use rustix::io::Errno;

use super::{fork, lease, mapping::Mapping, names, patience::Patience};

/// Which file a name means: the same numbers, the same file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FileId {
    pub device: u64,
    pub inode: u64,
}

/// What `stat` says of a file, as far as it matters here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileInfo {
    pub id: FileId,
    pub uid: u32,
    /// Permission bits.
    pub mode: u32,
    pub len: u64,
    pub regular: bool,
    /// Not all of its length has memory yet.
    pub has_holes: bool,
}

impl FileInfo {
    pub(crate) fn of(stat: &Stat) -> FileInfo {
        FileInfo {
            id: FileId {
                device: stat.st_dev,
                inode: stat.st_ino,
            },
            uid: stat.st_uid,
            mode: stat.st_mode & 0o777,
            len: u64::try_from(stat.st_size).unwrap_or(0),
            // In units of 512 bytes, as everywhere.
            has_holes: stat.st_blocks.saturating_mul(512) < stat.st_size,
            regular: rustix::fs::FileType::from_raw_mode(stat.st_mode)
                == rustix::fs::FileType::RegularFile,
        }
    }
}

/// What the name means now; `None` if nothing.
pub(crate) fn info(name: &str) -> io::Result<Option<FileInfo>> {
    match lstat(names::path(name)) {
        Ok(stat) => Ok(Some(FileInfo::of(&stat))),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Opens the file of that name, and tells what it is.
///
/// # Errors
///
/// Those of the system; also if for a second somebody was about to remove the name, or the name led to a file that has
/// none (as in a bind mount of a file that was removed).
pub(crate) fn open_named(name: &str, writable: bool) -> io::Result<(OwnedFd, FileInfo)> {
    let access = if writable {
        OFlags::RDWR
    } else {
        OFlags::RDONLY
    };
    let path = names::path(name);
    let mut patience = Patience::with_remover();
    loop {
        let file = open_quietly(&path, access)?;
        let why = if lease::is_announced(&file)? {
            "another process is about to remove it as unused, and does not go on"
        } else {
            let stat = fstat(&file)?;
            if stat.st_nlink > 0 {
                return Ok((file, FileInfo::of(&stat)));
            }
            // It was removed between the kernel's look at the name and its opening of the file; the name means
            // another file by now, or none.
            "the name leads to a file that was removed"
        };
        drop(file);
        if patience.is_over() {
            return Err(io::Error::other(why));
        }
        patience.pause();
    }
}

/// Opens without following links, waiting, or leaving the descriptor to other programs.
fn open_at_once(path: &Path, access: OFlags) -> rustix::io::Result<OwnedFd> {
    let flags = access | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    open(path, flags, Mode::empty())
}

/// As `open_at_once`; waits up to a second while another process holds a lease on the file, which it does
/// for the moment that it takes to remove it, or to ask whether anybody uses it.
fn open_quietly(path: &Path, access: OFlags) -> io::Result<OwnedFd> {
    let mut patience = Patience::with_remover();
    loop {
        match open_at_once(path, access) {
            Err(Errno::AGAIN) if !patience.is_over() => patience.pause(),
            Err(Errno::AGAIN) => {
                return Err(io::Error::other(
                    "another process holds a lease on it, to see whether it is used, and does not go on",
                ));
            }
            other => return Ok(other?),
        }
    }
}

/// A file that is being built under a name of its own, which nobody opens. Removed when dropped, unless
/// it was published; also in a forked child: there, dropping does nothing.
#[derive(Debug)]
pub(crate) struct Unpublished {
    name: String,
    pub id: FileId,
    /// That of the process that builds it.
    pub generation: u64,
    published: bool,
}

/// A file of `len` zero bytes, all of them reserved, with the permission bits `mode`. `id` makes the name
/// that it is built under its own.
pub(crate) fn create(len: usize, mode: u32, id: [u8; 16]) -> io::Result<(Mapping, Unpublished)> {
    let name = names::building(id)?;
    let generation = fork::generation()?;
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let file = open(names::path(&name), flags, Mode::from_raw_mode(0o600))?;
    // What `fstat` says of an open file can always be told.
    let stat = fstat(&file)?;
    let unpublished = Unpublished {
        name,
        id: FileInfo::of(&stat).id,
        generation,
        published: false,
    };
    reserve(&file, len as u64)?;
    // The umask may have taken some away, and they may be others.
    if stat.st_mode & 0o777 != mode {
        fchmod(&file, Mode::from_raw_mode(mode))?;
    }
    Ok((Mapping::of_file(file.as_fd(), len, true)?, unpublished))
}

/// Gives the file its length and its memory: without, a full `/dev/shm` would be a `SIGBUS` at some later
/// write. In one call, which fails before it takes any if there is too little.
fn reserve(file: &OwnedFd, len: u64) -> io::Result<()> {
    // Older kernels give up, and undo what they did, when a signal comes.
    for _ in 0..INTERRUPTIONS {
        match fallocate(file, FallocateFlags::empty(), 0, len) {
            Err(Errno::INTR) => {}
            done => return Ok(done?),
        }
    }
    Err(Errno::INTR.into())
}

/// So many signals in a row are no accident.
const INTERRUPTIONS: usize = 100;

/// Why a file could not be published.
pub(crate) enum PublishError {
    /// This is a forked child of the process that builds it.
    Forked,
    /// The name is taken.
    Taken,
    Other(io::Error),
}

impl Unpublished {
    /// Gives the file its name, if nothing has it. The kernel does both in one step, so of several
    /// processes one wins, and nobody ever opens a half-made segment.
    pub(crate) fn publish(&mut self, name: &str) -> Result<(), PublishError> {
        if fork::generation().map_err(PublishError::Other)? != self.generation {
            return Err(PublishError::Forked);
        }
        let (from, to) = (names::path(&self.name), names::path(name));
        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            Ok(()) => {
                self.published = true;
                Ok(())
            }
            Err(Errno::EXIST) => Err(PublishError::Taken),
            Err(error) => Err(PublishError::Other(error.into())),
        }
    }
}

impl Drop for Unpublished {
    fn drop(&mut self) {
        if !self.published && fork::generation().is_ok_and(|now| now == self.generation) {
            let _ = unlink(names::path(&self.name));
        }
    }
}

/// How the removal of a name ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Removal {
    Removed,
    /// The name does not mean that file (any more).
    NotThere,
    /// Some process has the file open or mapped, or that cannot be told; or one has it locked, to remove
    /// it, and does not go on.
    InUse,
}

/// Removes `name` if it still means the file `id`; with `unused_only`, only if no process anywhere has
/// the file open or mapped.
///
/// All who remove names through here hold the file's `flock`, so nobody removes a name between our look
/// at what it means and our `unlink`, and no other file can have it then.
pub(crate) fn remove(name: &str, id: FileId, unused_only: bool) -> io::Result<Removal> {
    let path = names::path(name);
    let mut for_lock = Patience::with_remover();
    let mut for_use = Patience::with_askers();
    loop {
        let file = match open_quietly(&path, OFlags::RDONLY) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Removal::NotThere),
            Err(error) => return Err(error),
        };
        if FileInfo::of(&fstat(&file)?).id != id {
            return Ok(Removal::NotThere);
        }
        // Whoever holds it is about to remove the name. Not waited for in the kernel: a descriptor that
        // waits would make the file look used to the holder.
        let patience = match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {
                let removal = remove_locked(&file, name, id, unused_only);
                // A fork may have copied the descriptor, and the lock would stay with the copy.
                let _ = flock(&file, FlockOperation::Unlock);
                match removal? {
                    Removal::InUse => {}
                    done => return Ok(done),
                }
                &mut for_use
            }
            Err(Errno::WOULDBLOCK) => &mut for_lock,
            Err(error) => return Err(error.into()),
        };
        drop(file);
        if patience.is_over() {
            // Never without the lock: a holder that is stopped just before its `unlink` would then hit
            // the next file of the name.
            return Ok(Removal::InUse);
        }
        patience.pause();
    }
}

fn remove_locked(file: &OwnedFd, name: &str, id: FileId, unused_only: bool) -> io::Result<Removal> {
    if !unused_only {
        return remove_if(name, id);
    }
    // First, so that whoever opens the file either is seen by the lease or sees this.
    lease::announce(file)?;
    let removed = match lease::take(file) {
        Ok(true) => {
            let removed = remove_if(name, id);
            lease::give_back(file);
            removed
        }
        Ok(false) => Ok(Removal::InUse),
        Err(error) => Err(error),
    };
    lease::withdraw(file);
    removed
}

fn remove_if(name: &str, id: FileId) -> io::Result<Removal> {
    if info(name)?.is_none_or(|now| now.id != id) {
        return Ok(Removal::NotThere);
    }
    unlink(names::path(name))?;
    Ok(Removal::Removed)
}

/// The names in the folder of segments, as far as they are text.
pub(crate) fn list() -> io::Result<Vec<String>> {
    let entries = fs::read_dir(names::FOLDER)?.flatten();
    let mut found: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    found.sort_unstable();
    Ok(found)
}

/// The device of the folder of segments.
pub(crate) fn device() -> io::Result<u64> {
    Ok(rustix::fs::stat(names::FOLDER)?.st_dev)
}

/// As many bytes of a file as `out` takes, without mapping it; fewer if it ends before.
pub(crate) fn peek(name: &str, offset: u64, out: &mut [u8]) -> io::Result<usize> {
    let file = open_quietly(&names::path(name), OFlags::RDONLY)?;
    Ok(rustix::io::pread(&file, out, offset)?)
}

/// The first bytes of an open file; zeros where it is shorter.
pub(crate) fn magic(file: &OwnedFd) -> io::Result<[u8; 8]> {
    let mut magic = [0; 8];
    rustix::io::pread(file, &mut magic, 0)?;
    Ok(magic)
}

/// Removes what processes that were killed while they built a segment have left.
pub(crate) fn sweep() {
    let names = list().unwrap_or_default();
    for name in names.iter().filter(|name| names::is_abandoned(name)) {
        let _ = unlink(names::path(name));
    }
}
