//! Which processes have which files, by one look at `/proc`.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::ops::Range;
use std::os::unix::fs::MetadataExt;

use rustix::fs::{AtFlags, CWD, StatxFlags, makedev, statx};
use rustix::io::Errno;

use super::shm::FileId;
use super::{is_lack, maps, memfd, read_text};

/// The files that are looked for.
pub(crate) struct Wanted {
    pub files: HashSet<FileId>,
    /// What descriptors of them are called in `/proc`, less the folder: which file each of the many
    /// descriptors of a machine leads to is asked where the name fits.
    pub names: HashSet<String>,
    /// And all memory files of this library's name, and files of this device that have lost theirs.
    pub nameless_of: Option<u64>,
}

/// What a process has of a file.
pub(crate) struct Hold {
    pub file: FileId,
    pub pid: u32,
    /// A thread of the process that has not ended: the first one may have, and shows nothing then.
    pub thread: u32,
    /// What `/proc` calls the file.
    pub path: String,
    pub mapped: bool,
    /// Where the beginning of the file is mapped.
    pub start: Option<Range<u64>>,
    pub writable: bool,
    pub descriptors: Vec<u32>,
}

/// What a look at `/proc` has shown.
pub(crate) struct Scan {
    /// In the order of process ids.
    pub holds: Vec<Hold>,
    /// Whether it has shown every process, and what each has.
    pub complete: bool,
}

/// Looks at every process once.
///
/// # Errors
///
/// If `/proc` is absent, or this process has no descriptor or no memory left. Whatever else is wrong with a process
/// makes the picture incomplete, and is no error; those that end meanwhile are neither.
pub(crate) fn scan(wanted: &Wanted) -> io::Result<Scan> {
    let mut scan = Scan {
        holds: Vec::new(),
        complete: !hides_processes()?,
    };
    // Where it is not mounted there may be a folder, which shows nothing.
    fs::metadata("/proc/thread-self")?;
    for pid in numbers("/proc")? {
        let mut look = Look {
            wanted,
            pid,
            thread: pid,
            found: HashMap::new(),
            complete: true,
        };
        look.look()?;
        scan.complete &= look.complete;
        scan.holds.extend(look.found.into_values());
    }
    scan.holds.sort_unstable_by_key(|hold| hold.pid);
    Ok(scan)
}

/// The name of the program, as the kernel has it: its first 15 bytes, or what the process has made of them.
pub(crate) fn command_of(pid: u32) -> String {
    let name = read_text(format!("/proc/{pid}/comm")).unwrap_or_default();
    name.trim_end_matches('\n').to_owned()
}

/// One process.
struct Look<'a> {
    wanted: &'a Wanted,
    pid: u32,
    thread: u32,
    found: HashMap<FileId, Hold>,
    /// Whether all that it has was seen.
    complete: bool,
}

impl Look<'_> {
    fn look(&mut self) -> io::Result<()> {
        let Some(maps) = self.maps()? else {
            return Ok(());
        };
        for line in maps::files(&maps) {
            if let Some(hold) = self.hold(line.file, line.path) {
                hold.mapped = true;
                hold.writable |= line.writes();
                if line.offset == 0 {
                    hold.start = Some(line.range);
                }
            }
        }
        let folder = format!("/proc/{}/fd", self.thread);
        for descriptor in self.seen(numbers(&folder))?.unwrap_or_default() {
            let done = self.descriptor(&folder, descriptor);
            self.seen(done)?;
        }
        Ok(())
    }

    /// What there is; `None` if it is gone by now, or cannot be seen: then the picture is not complete.
    fn seen<T>(&mut self, result: io::Result<T>) -> io::Result<Option<T>> {
        match result {
            Ok(seen) => Ok(Some(seen)),
            Err(error) if is_lack(&error) => Err(error),
            Err(error) => {
                self.complete &= is_gone(&error);
                Ok(None)
            }
        }
    }

    /// What the process has mapped; `None` if it has no memory: it has ended, or is the kernel's.
    fn maps(&mut self) -> io::Result<Option<String>> {
        let maps = self.seen(read_text(format!("/proc/{}/maps", self.pid)))?;
        if maps.as_ref().is_none_or(|maps| !maps.is_empty()) {
            return Ok(maps);
        }
        // Where the first thread has ended and others have not, they show what there is.
        let threads = self.seen(numbers(&format!("/proc/{}/task", self.pid)))?;
        for thread in threads.unwrap_or_default() {
            let maps = self.seen(read_text(format!("/proc/{thread}/maps")))?;
            if let Some(maps) = maps.filter(|maps| !maps.is_empty()) {
                self.thread = thread;
                return Ok(Some(maps));
            }
        }
        Ok(None)
    }

    fn descriptor(&mut self, folder: &str, descriptor: u32) -> io::Result<()> {
        let link = format!("{folder}/{descriptor}");
        let path = fs::read_link(&link)?;
        let path = path.to_string_lossy();
        if !self.wanted.may_be_called(&path) {
            return Ok(());
        }
        // It may be of a file server that does not answer: what this machine knows of it will do.
        let flags = AtFlags::STATX_DONT_SYNC;
        let file = statx(CWD, &link, flags, StatxFlags::TYPE | StatxFlags::INO)?;
        let file = FileId {
            device: makedev(file.stx_dev_major, file.stx_dev_minor),
            inode: file.stx_ino,
        };
        // The permission bits of the link say what the file was opened for.
        let writable = fs::symlink_metadata(&link)?.mode() & 0o200 != 0;
        if let Some(hold) = self.hold(file, &path) {
            hold.descriptors.push(descriptor);
            hold.writable |= writable;
        }
        Ok(())
    }

    /// The entry of the file, if it is wanted.
    fn hold(&mut self, file: FileId, path: &str) -> Option<&mut Hold> {
        if !self.wanted.has(file, path) {
            return None;
        }
        Some(self.found.entry(file).or_insert_with(|| Hold {
            file,
            pid: self.pid,
            thread: self.thread,
            path: path.to_owned(),
            mapped: false,
            start: None,
            writable: false,
            descriptors: Vec::new(),
        }))
    }
}

/// What `/proc` adds to the path of a file that has lost its name.
pub(crate) const DELETED: &str = " (deleted)";

impl Wanted {
    fn has(&self, file: FileId, path: &str) -> bool {
        self.files.contains(&file)
            || self.nameless_of.is_some_and(|device| {
                is_ours(path) || file.device == device && path.ends_with(DELETED)
            })
    }

    /// Whether a descriptor of that path may lead to a file that is wanted.
    fn may_be_called(&self, path: &str) -> bool {
        // The folder may be mounted elsewhere where that process is; a name may end as if it were deleted.
        let Some((_, name)) = path.rsplit_once('/') else {
            return false; // a socket, a pipe or such
        };
        let deleted = name.strip_suffix(DELETED);
        self.names.contains(name)
            || deleted.is_some_and(|name| self.names.contains(name))
            || self.nameless_of.is_some()
                && (is_ours(path) || deleted.is_some() && path.starts_with(super::names::FOLDER))
    }
}

/// Whether it is a memory file that this library may have made.
pub(crate) fn is_ours(path: &str) -> bool {
    let name = path.strip_suffix(DELETED).unwrap_or(path);
    name.strip_prefix('/') == Some(memfd::SHOWN)
}

/// The names in a folder that are numbers.
fn numbers(folder: &str) -> io::Result<Vec<u32>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        numbers.extend(
            entry?
                .file_name()
                .to_str()
                .and_then(|name| name.parse::<u32>().ok()),
        );
    }
    Ok(numbers)
}

/// The process, thread or descriptor is no longer there.
fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
        || error.raw_os_error() == Some(Errno::SRCH.raw_os_error())
}

/// Whether `/proc` leaves processes out that this one may not look into. Root is no exception: in a user namespace of its
/// own it is anybody.
fn hides_processes() -> io::Result<bool> {
    // `... / /proc rw,relatime shared:2 - proc proc rw,hidepid=invisible`; the last one covers the others.
    let mounts = read_text("/proc/thread-self/mountinfo")?;
    let proc = mounts
        .lines()
        .rfind(|line| line.split(' ').nth(4) == Some("/proc"));
    Ok(proc.is_some_and(|line| line.contains("hidepid=")))
}
