//! Looking at segments that this process does not use, and at the processes that have them.
//!
//! A file is first found without opening it. Opening a pipe would wake the process that waits at its other end. Opening
//! a file disturbs a process that holds a lease on it, and the file counts as used as long as it is open.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::call::{self, kind};
use super::file::{Backoff, FileId, FileInfo, if_found, unless_leased, while_unused};
use super::identity::PerProcess;
use super::memory::{self, reopen_read_only};
use super::names;
use super::proc::{mapped_files, read_text};
use crate::error::SystemError;

/// The files that are looked for in other processes.
pub(crate) struct Query {
    files: HashSet<FileId>,
    /// The names of their descriptors in `/proc`, without the folder. A machine has many descriptors; which file one
    /// leads to is asked only if its name is one of these.
    names: HashSet<String>,
    /// If set, also all memory files with this library's name, and files of this device that have lost their name.
    nameless_of: Option<u64>,
}

impl Query {
    /// One file, which has that name or none.
    pub(crate) fn one(file: FileId, name: Option<&str>) -> Query {
        Query {
            files: [file].into(),
            names: [name.unwrap_or(memory::SHOWN).to_owned()].into(),
            nameless_of: None,
        }
    }

    /// The files with these names, and everything without a name that may be a segment.
    pub(crate) fn all(
        files: HashSet<FileId>,
        names: HashSet<String>,
    ) -> Result<Query, SystemError> {
        let folder = fs::metadata(names::FOLDER).map_err(SystemError::when("look at /dev/shm"))?;
        Ok(Query {
            files,
            names,
            nameless_of: Some(folder.dev()),
        })
    }

    fn has(&self, file: FileId, path: &str) -> bool {
        self.files.contains(&file)
            || self.nameless_of.is_some_and(|device| {
                is_memory_file(path) || file.device == device && path.ends_with(DELETED)
            })
    }

    /// Whether a descriptor of that path may lead to a file that is looked for.
    fn may_be_called(&self, path: &str) -> bool {
        // That process may have the folder mounted elsewhere. A name that is not deleted may end as if it were.
        let Some((_, name)) = path.rsplit_once('/') else {
            return false; // a socket, a pipe or such
        };
        let may_be_nameless =
            || is_memory_file(path) || path.ends_with(DELETED) && path.starts_with(names::FOLDER);
        self.names.contains(name)
            || self.names.contains(without_deleted(name))
            || self.nameless_of.is_some() && may_be_nameless()
    }
}

/// What `/proc` adds to the path of a file that has lost its name.
const DELETED: &str = " (deleted)";

fn without_deleted(path: &str) -> &str {
    path.strip_suffix(DELETED).unwrap_or(path)
}

/// Whether it is a memory file that this library may have made.
fn is_memory_file(path: &str) -> bool {
    without_deleted(path).strip_prefix('/') == Some(memory::SHOWN)
}

/// How a process uses a file.
pub(crate) struct Usage {
    pub file: FileId,
    pub pid: u32,
    /// A thread of the process that has not ended. (The first thread may have ended, and shows nothing then.)
    pub thread: u32,
    /// What `/proc` calls the file.
    path: String,
    pub mapped: bool,
    /// Where the beginning of the file is mapped.
    start: Option<Range<u64>>,
    pub writable: bool,
    pub descriptors: Vec<u32>,
}

impl Usage {
    /// The name that the file had; `None` of memory that never had one.
    pub(crate) fn removed_name(&self) -> Option<&str> {
        let name = without_deleted(&self.path).rsplit('/').next();
        name.filter(|_| !is_memory_file(&self.path))
    }

    /// How many bytes of it are mapped in one piece from its beginning on.
    pub(crate) fn mapped_len(&self) -> Option<u64> {
        self.start.as_ref().map(|range| range.end - range.start)
    }

    /// The name of the process's program, as the kernel knows it: its first 15 bytes, or what the process has set.
    pub(crate) fn command(&self) -> String {
        let name = read_text(format!("/proc/{}/comm", self.pid)).unwrap_or_default();
        name.trim_end_matches('\n').to_owned()
    }
}

/// The usages, in the order of process ids, and whether `/proc` has shown every process and all that it uses.
///
/// Fails if `/proc` is absent, or this process has no descriptor or no memory left. A process that cannot be looked at
/// makes the scan incomplete, which is not an error. Processes that end meanwhile are left out.
pub(crate) fn scan(query: &Query) -> Result<(Vec<Usage>, bool), SystemError> {
    let mut scanner = Scanner {
        query,
        pid: 0,
        thread: 0,
        found: BTreeMap::new(),
        complete: true,
    };
    scanner
        .all()
        .map_err(SystemError::when("look through /proc"))?;
    Ok((scanner.found.into_values().collect(), scanner.complete))
}

struct Scanner<'a> {
    query: &'a Query,
    /// The process that is being looked at, and its thread.
    pid: u32,
    thread: u32,
    found: BTreeMap<(u32, FileId), Usage>,
    complete: bool,
}

impl Scanner<'_> {
    fn all(&mut self) -> io::Result<()> {
        self.complete = !hides_processes()?;
        // If `/proc` is not mounted, it may be an empty folder.
        fs::metadata("/proc/thread-self")?;
        numbers("/proc")?
            .into_iter()
            .try_for_each(|pid| self.process(pid))
    }

    fn process(&mut self, pid: u32) -> io::Result<()> {
        (self.pid, self.thread) = (pid, pid);
        let Some(maps) = self.maps()? else {
            return Ok(());
        };
        for line in mapped_files(&maps) {
            if let Some(usage) = self.usage(line.file, line.path) {
                usage.mapped = true;
                usage.writable |= line.writes();
                if line.offset == 0 {
                    usage.start = Some(line.range);
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

    /// As [`visible`]. If the result cannot be seen though it is not gone, the scan is not complete.
    fn seen<T>(&mut self, result: io::Result<T>) -> io::Result<Option<T>> {
        if let Err(error) = &result {
            let is_gone = error.kind() == io::ErrorKind::NotFound || call::is(error, libc::ESRCH);
            self.complete &= is_gone;
        }
        visible(result)
    }

    /// What the process has mapped; `None` if it has no memory, because it has ended or belongs to the kernel.
    fn maps(&mut self) -> io::Result<Option<String>> {
        let maps = self.seen(read_text(format!("/proc/{}/maps", self.pid)))?;
        if maps.as_ref().is_none_or(|maps| !maps.is_empty()) {
            return Ok(maps);
        }
        // If the first thread has ended and others have not, the others show it.
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
        if !self.query.may_be_called(&path) {
            return Ok(());
        }
        let (device, inode) = call::file_behind(&link)?;
        let file = FileId { device, inode };
        // The permission bits of the link say what the file was opened for.
        let writable = fs::symlink_metadata(&link)?.mode() & 0o200 != 0;
        if let Some(usage) = self.usage(file, &path) {
            usage.descriptors.push(descriptor);
            usage.writable |= writable;
        }
        Ok(())
    }

    /// The entry of the file, if it is looked for.
    fn usage(&mut self, file: FileId, path: &str) -> Option<&mut Usage> {
        if !self.query.has(file, path) {
            return None;
        }
        Some(self.found.entry((self.pid, file)).or_insert_with(|| Usage {
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

/// The names in a folder that are numbers.
fn numbers(folder: &str) -> io::Result<Vec<u32>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        numbers.extend(name.to_str().and_then(|name| name.parse::<u32>().ok()));
    }
    Ok(numbers)
}

/// Whether `/proc` leaves out processes that this one may not look into. This also holds for root, which in a user
/// namespace of its own has no rights outside.
fn hides_processes() -> io::Result<bool> {
    // `... / /proc rw,relatime shared:2 - proc proc rw,hidepid=invisible`; the last mount covers the others.
    let mounts = read_text("/proc/thread-self/mountinfo")?;
    let mut mounts = mounts.lines();
    let proc = mounts.rfind(|line| line.split(' ').nth(4) == Some("/proc"));
    Ok(proc.is_some_and(|line| line.contains("hidepid=")))
}

/// A file that was found, but is not open: the kernel does not count this as using it.
pub(crate) struct FoundFile {
    path: File,
    pub info: FileInfo,
}

/// A link is found itself, and not followed.
pub(crate) fn find(name: &str) -> io::Result<FoundFile> {
    let found = Backoff::for_observers().until(|| {
        let found = FoundFile::at(&names::path(name), libc::O_NOFOLLOW)?;
        // Otherwise it was replaced between the kernel's look at the name and ours at the file.
        Ok(found.info.has_name.then_some(found))
    })?;
    found.ok_or_else(|| io::Error::other(names::REMOVED))
}

impl FoundFile {
    fn at(path: &str, flags: i32) -> io::Result<FoundFile> {
        let path = call::open(path, false, flags | libc::O_PATH)?;
        let info = FileInfo::of(&path.metadata()?);
        Ok(FoundFile { path, info })
    }

    /// Opens the file for reading.
    fn open(&self) -> io::Result<File> {
        reopen_read_only(&self.path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => io::Error::other("/proc is not mounted"),
            _ => error,
        })
    }

    /// What `read` reads of the file, which is closed then; `None` if another process holds a lease on it and appears
    /// to be stopped.
    pub(crate) fn read<R>(&self, read: impl Fn(&FileReader) -> R) -> io::Result<Option<R>> {
        Backoff::for_observers().until(|| {
            let _turn = take_turn()?;
            let file = unless_leased(self.open())?;
            Ok(file.map(|file| read(&FileReader { file, start: 0 })))
        })
    }
}

/// Whether any process uses a file, by the kernel's answer to a request for a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LeaseAnswer {
    /// No process in any namespace has it.
    Unused,
    /// Some process has it open or mapped, perhaps only to ask the same.
    Used,
    /// A process holds a lease on it, because it asks the same, removes the file, or is a file server.
    Leased,
    /// The name does not mean that file (any more).
    NotThere,
}

/// Fails if the kernel does not tell.
pub(crate) fn ask_usage(name: &str, id: FileId) -> io::Result<LeaseAnswer> {
    let Some(found) = if_found(find(name))?.filter(|found| found.info.id == id) else {
        return Ok(LeaseAnswer::NotThere);
    };
    let _turn = take_turn()?;
    let Some(file) = unless_leased(found.open())? else {
        return Ok(LeaseAnswer::Leased);
    };
    Ok(match while_unused(&file, || ())? {
        Some(()) => LeaseAnswer::Unused,
        None => LeaseAnswer::Used,
    })
}

/// Lets one thread of this process at a time look at a file: it has the file open for a moment, which the others would
/// take for a process that uses it. Ends when the guard is dropped.
fn take_turn() -> io::Result<MutexGuard<'static, ()>> {
    /// A fork may leave the lock of its parent locked for ever.
    static TURN: PerProcess<Mutex<()>> = PerProcess::new();
    let turn = TURN.get(|_| Ok(Mutex::default()))?.lock();
    Ok(turn.unwrap_or_else(PoisonError::into_inner))
}

/// A file to read from, at any place.
pub(crate) struct FileReader {
    file: File,
    /// Where the segment begins in it.
    start: u64,
}

impl FileReader {
    /// Reads a file that a process uses, by a descriptor or else through its memory. Also returns what `stat` says
    /// about it, if that can be asked. `None` if neither way exists any more, or is permitted. Fails if this process
    /// has too few descriptors or too little memory left.
    pub(crate) fn of_usage(usage: &Usage) -> io::Result<Option<(FileReader, Option<FileInfo>)>> {
        let thread = usage.thread;
        let descriptors = usage.descriptors.iter().map(|fd| format!("fd/{fd}"));
        // Root may open the file of a mapping.
        let range = usage.start.iter();
        let mappings = range.map(|range| format!("map_files/{:x}-{:x}", range.start, range.end));
        for link in descriptors.chain(mappings) {
            let link = format!("/proc/{thread}/{link}");
            if let Some((file, info)) = visible(open_same(&link, usage.file))?.flatten() {
                return Ok(Some((FileReader { file, start: 0 }, Some(info))));
            }
        }
        let Some(range) = &usage.start else {
            return Ok(None);
        };
        let memory = visible(File::open(format!("/proc/{thread}/mem")))?;
        let start = range.start;
        Ok(memory.map(|file| (FileReader { file, start }, None)))
    }

    /// Reads the bytes from `offset` on, until `out` is full or the file ends. (One call reads as much from a file in
    /// memory, and from the memory of a process.)
    pub(crate) fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<usize> {
        self.file.read_at(out, self.start + offset)
    }
}

/// Opens what the link leads to, if it is that file: the number may mean another file by now.
fn open_same(link: &str, file: FileId) -> io::Result<Option<(File, FileInfo)>> {
    let found = FoundFile::at(link, 0)?;
    let is_it = found.info.id == file && found.info.regular;
    is_it.then(|| Ok((found.open()?, found.info))).transpose()
}

/// `None` if it is gone, or may not be looked at.
fn visible<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if kind(&error).is_exhausted() => Err(error),
        other => Ok(other.ok()),
    }
}
