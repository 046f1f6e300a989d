//! Segments with a name: files in `/dev/shm`.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{FileExt, PermissionsExt};

use super::call;
use super::file::{
    Backoff, FileId, FileInfo, if_found, is_removal_announced, unless_leased, while_announced,
    while_unused,
};
use super::identity::{Process, ThisProcess};
use super::memory::Mapping;
use crate::error::SystemError;
use crate::sys::error::NameError;

/// Where the C libraries of Linux keep named shared memory.
pub(super) const FOLDER: &str = "/dev/shm";

/// `shm_open` of glibc refuses longer names (`NAME_MAX` less its own slash and NUL).
const LONGEST: usize = 253;

/// How the name begins under which a segment is built. The whole says by which process:
/// `.shmstate-<pid namespace>-<pid>-<start>-<time namespace>-<id>`. What is compared later is how the
/// creator sees itself, and a start is another number in another time namespace.
const BUILDING: &str = ".shmstate-";

pub(crate) fn check(name: &str) -> Result<(), NameError> {
    let owned = || name.to_owned();
    Err(match name {
        "" => NameError::Empty,
        _ if name.len() > LONGEST => NameError::TooLong {
            length: name.len(),
            limit: LONGEST,
        },
        _ if name.contains('/') => NameError::Slash { name: owned() },
        _ if name.contains('\0') => NameError::Nul { name: owned() },
        "." | ".." => NameError::Reserved { name: owned() },
        _ if is_building(name) => NameError::Reserved { name: owned() },
        _ => return Ok(()),
    })
}

pub(super) fn path(name: &str) -> String {
    format!("{FOLDER}/{name}")
}

/// The name to build the segment of that instance id under.
fn building(me: &Process, id: [u8; 16]) -> String {
    let id = u128::from_le_bytes(id);
    format!(
        "{BUILDING}{}-{}-{}-{}-{id:032x}",
        me.pid_namespace, me.pid, me.start, me.time_namespace
    )
}

pub(crate) fn is_building(name: &str) -> bool {
    name.starts_with(BUILDING)
}

/// The process that builds a segment under that name.
fn builder(name: &str) -> Option<Process> {
    let parts = name.strip_prefix(BUILDING)?.split('-');
    let mut parts = parts.map_while(|part| part.parse::<u64>().ok());
    Some(Process {
        pid_namespace: parts.next()?,
        pid: parts.next()?.try_into().ok()?,
        start: parts.next()?,
        time_namespace: parts.next()?,
    })
}

pub(crate) fn info(name: &str) -> io::Result<Option<FileInfo>> {
    let found = if_found(fs::symlink_metadata(path(name)))?;
    Ok(found.as_ref().map(FileInfo::of))
}

/// Also fails if another process has been about to remove the name for a second or so, or the name led to a file that has no
/// name (as in a bind mount of a file that was removed).
pub(crate) fn open_named(name: &str, writable: bool) -> io::Result<(File, FileInfo)> {
    let path = path(name);
    let mut why = "";
    let opened = Backoff::for_remover().until(|| {
        let file = open_quietly(&path, writable)?;
        if is_removal_announced(&file)? {
            why = "another process is about to remove it as unused, and appears to be stopped";
            return Ok(None);
        }
        let info = FileInfo::of(&file.metadata()?);
        // It may have been removed between the kernel's look at the name and its opening of the file; the name means
        // another file by then, or none.
        why = REMOVED;
        Ok(info.has_name.then_some((file, info)))
    })?;
    opened.ok_or_else(|| io::Error::other(why))
}

pub(super) const REMOVED: &str = "the name leads to a file that was removed";

/// Opens without following links or waiting for what is not a file. Waits up to a second while another process holds a
/// lease on the file, which it does for the moment that it takes to remove it, or to ask whether anybody uses it.
fn open_quietly(path: &str, writable: bool) -> io::Result<File> {
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY;
    let opened =
        Backoff::for_remover().until(|| unless_leased(call::open(path, writable, flags)))?;
    let why =
        "another process holds a lease on it, to see whether it is used, and appears to be stopped";
    opened.ok_or_else(|| io::Error::other(why))
}

/// A file under such a name, which nobody opens.
#[derive(Debug)]
pub(crate) struct UnpublishedFile {
    name: String,
    pub id: FileId,
    pub creator: &'static ThisProcess,
    published: bool,
}

/// `id` makes the name that it is built under unique.
pub(crate) fn create(
    me: &'static ThisProcess,
    len: usize,
    mode: u32,
    id: [u8; 16],
) -> io::Result<(Mapping, UnpublishedFile)> {
    let name = building(me, id);
    let flags = libc::O_CREAT | libc::O_EXCL | libc::O_NOFOLLOW;
    let file = call::open(&path(&name), true, flags)?;
    let info = FileInfo::of(&file.metadata()?);
    let unpublished = UnpublishedFile {
        name,
        id: info.id,
        creator: me,
        published: false,
    };
    reserve(&file, len)?;
    // The umask may have taken some bits away, and others may be wanted.
    if info.mode != mode {
        file.set_permissions(Permissions::from_mode(mode))?;
    }
    Ok((Mapping::of_file(&file, len, true)?, unpublished))
}

/// Gives the file its length and its memory: otherwise, if `/dev/shm` is full, a later write would end in `SIGBUS`.
/// The call fails before it takes any memory if there is too little.
fn reserve(file: &File, len: usize) -> io::Result<()> {
    // Older kernels give up, and undo what they did, when a signal comes. So many in a row are not an accident.
    for _ in 0..100 {
        match call::allocate(file, len) {
            Err(error) if call::is(&error, libc::EINTR) => {}
            done => return done,
        }
    }
    call::allocate(file, len)
}

impl UnpublishedFile {
    pub(crate) fn publish(&mut self, name: &str) -> io::Result<()> {
        call::rename_if_free(&path(&self.name), &path(name))?;
        self.published = true;
        Ok(())
    }
}

impl Drop for UnpublishedFile {
    fn drop(&mut self) {
        if !self.published && self.creator.is_current() {
            let _ = fs::remove_file(path(&self.name));
        }
    }
}

/// How the removal of a name ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Removal {
    Removed,
    /// The name does not mean that file (any more).
    NotThere,
    /// Some process has the file open or mapped, or that cannot be told; or a process has locked it in order to remove
    /// it, and appears to be stopped.
    InUse,
}

/// All processes that remove names through here hold the file's `flock`, so nobody removes a name between our look
/// at what it means and our `unlink`, and no other file can have it then.
pub(crate) fn remove(name: &str, id: FileId, unused_only: bool) -> io::Result<Removal> {
    let path = path(name);
    let mut for_lock = Backoff::for_remover();
    let mut for_use = Backoff::for_observers();
    loop {
        let Some(file) = if_found(open_quietly(&path, false))? else {
            return Ok(Removal::NotThere);
        };
        if FileInfo::of(&file.metadata()?).id != id {
            return Ok(Removal::NotThere);
        }
        // The holder of the lock is about to remove the name. We do not wait for it in the kernel: our open
        // descriptor would make the file look used to the holder.
        let backoff = match call::lock_file(&file, libc::LOCK_EX | libc::LOCK_NB) {
            Ok(()) => {
                let removal = remove_locked(&file, name, id, unused_only);
                // A fork may have copied the descriptor, and the lock would stay with the copy.
                let _ = call::lock_file(&file, libc::LOCK_UN);
                match removal? {
                    Removal::InUse => {}
                    done => return Ok(done),
                }
                &mut for_use
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => &mut for_lock,
            Err(error) => return Err(error),
        };
        drop(file);
        if !backoff.pause() {
            // Never without the lock: a holder that is stopped just before its `unlink` would then hit
            // the next file of the name.
            return Ok(Removal::InUse);
        }
    }
}

fn remove_locked(file: &File, name: &str, id: FileId, unused_only: bool) -> io::Result<Removal> {
    if !unused_only {
        return remove_if(name, id);
    }
    // Before the lease, so that a process that opens the file is either seen by the lease or sees this.
    let removed = while_announced(file, || while_unused(file, || remove_if(name, id)))??;
    removed.unwrap_or(Ok(Removal::InUse))
}

fn remove_if(name: &str, id: FileId) -> io::Result<Removal> {
    if info(name)?.is_none_or(|now| now.id != id) {
        return Ok(Removal::NotThere);
    }
    fs::remove_file(path(name))?;
    Ok(Removal::Removed)
}

pub(crate) fn list() -> Result<Vec<String>, SystemError> {
    let entries = fs::read_dir(FOLDER).map_err(SystemError::when("list /dev/shm"))?;
    let names = entries
        .flatten()
        .map(|entry| entry.file_name().into_string());
    let mut found: Vec<String> = names.flatten().collect();
    found.sort_unstable();
    Ok(found)
}

pub(crate) fn read_start(name: &str, out: &mut [u8]) -> io::Result<usize> {
    open_quietly(&path(name), false)?.read_at(out, 0)
}

pub(crate) fn sweep() {
    for name in list().unwrap_or_default() {
        // If we cannot tell, we assume that the process is alive.
        if builder(&name).is_some_and(|builder| builder.is_alive() == Some(false)) {
            let _ = fs::remove_file(path(&name));
        }
    }
}
