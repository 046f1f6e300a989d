//! Files of `/proc`: a process's state, and what it has mapped.

use std::io;
use std::ops::Range;
use std::path::Path;

use super::file::FileId;

/// A file of `/proc` as text. Names of programs and paths in it may have any bytes; those that are not text do not
/// matter here.
pub(super) fn read_text(path: impl AsRef<Path>) -> io::Result<String> {
    Ok(String::from_utf8_lossy(&std::fs::read(path)?).into_owned())
}

/// What `/proc/<pid>/stat` tells, as far as it matters here.
pub(super) struct Stat {
    /// It waits to be reaped, or for the other threads of its process.
    pub ended: bool,
    /// The number of threads of its process.
    pub threads: u64,
    /// When it was started, in clock ticks after boot.
    pub start: u64,
}

impl Stat {
    pub(super) fn parse(stat: &str) -> io::Result<Stat> {
        // The command's name, in parentheses, may contain anything; the fields are counted after it.
        let mut fields = stat.rsplit(") ").next().unwrap_or("").split(' ');
        let state = fields.next();
        let mut number = |skipped| fields.nth(skipped).and_then(|f| f.parse::<u64>().ok());
        match (number(16), number(1)) {
            (Some(threads), Some(start)) => Ok(Stat {
                ended: matches!(state, Some("Z" | "X")),
                threads,
                // The first process of a machine may start at 0, which is kept for "unknown".
                start: start.max(1),
            }),
            _ => Err(io::Error::other("/proc/<pid>/stat has an unknown form")),
        }
    }
}

/// A mapping of a file: `start-end access offset device inode path`.
pub(super) struct MappedFile<'a> {
    pub range: Range<u64>,
    access: &'a str,
    /// Of the mapping's start in the file.
    pub offset: u64,
    pub file: FileId,
    /// As `/proc` shows it: followed by ` (deleted)` if the file no longer has a name.
    pub path: &'a str,
}

impl MappedFile<'_> {
    /// Whether what is written there reaches the file.
    pub(super) fn writes(&self) -> bool {
        let access = self.access.as_bytes();
        access.get(1) == Some(&b'w') && access.get(3) == Some(&b's')
    }
}

/// The mappings of files among the lines of `/proc/<pid>/maps`.
pub(super) fn mapped_files(maps: &str) -> impl Iterator<Item = MappedFile<'_>> {
    maps.lines().filter_map(parse_mapping)
}

/// The file that this process has mapped at the address, if it has one there.
pub(super) fn file_at(address: usize) -> io::Result<Option<FileId>> {
    // Of this thread: the first thread, which `/proc/self` shows, may have ended.
    let maps = read_text("/proc/thread-self/maps")?;
    let address = address as u64;
    let file = mapped_files(&maps).find(|line| line.range.contains(&address));
    Ok(file.map(|line| line.file))
}

fn parse_mapping(line: &str) -> Option<MappedFile<'_>> {
    let number = |text| u64::from_str_radix(text, 16).ok();
    let part = |text| u32::from_str_radix(text, 16).ok();
    let mut fields = line.splitn(6, ' ');
    let (start, end) = fields.next()?.split_once('-')?;
    let access = fields.next()?;
    let offset = number(fields.next()?)?;
    let (major, minor) = fields.next()?.split_once(':')?;
    let device = libc::makedev(part(major)?, part(minor)?);
    let inode = fields.next()?.parse().ok()?;
    // Memory that is not a file has no number.
    (inode != 0).then_some(MappedFile {
        range: number(start)?..number(end)?,
        access,
        offset,
        file: FileId { device, inode },
        path: fields.next().unwrap_or("").trim_start_matches(' '),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_files_are_read() {
        let maps = "\
7f00-7f40 rw-s 00001000 00:1a 4242                       /dev/shm/a b (deleted)
7f40-7f50 r--s 00000000 103:ff00 7 /x
7f50-7f60 rw-p 00000000 00:1a 4242 /dev/shm/a b
7ffc-7fff rw-p 00000000 00:00 0                          [stack]
8000-9000 ---p 00000000 00:00 0 
nonsense
";
        let lines: Vec<MappedFile<'_>> = mapped_files(maps).collect();
        assert_eq!(lines.len(), 3);
        let first = &lines[0];
        assert_eq!(
            (first.range.clone(), first.offset),
            (0x7f00..0x7f40, 0x1000)
        );
        assert_eq!(first.path, "/dev/shm/a b (deleted)");
        assert_eq!(first.file.device, libc::makedev(0, 0x1a));
        assert_eq!(first.file.inode, 4242);
        assert_eq!(lines[1].file.device, libc::makedev(0x103, 0xff00));
        let writes: Vec<bool> = lines.iter().map(MappedFile::writes).collect();
        assert_eq!(writes, [true, false, false]);
    }

    #[test]
    fn a_mapped_file_is_the_one_that_stat_tells() {
        use std::os::unix::fs::MetadataExt;
        let program = std::fs::metadata("/proc/self/exe").expect("/proc is mounted");
        let address = mapped_files as *const () as usize;
        let file = file_at(address).expect("/proc is mounted").expect("a file");
        assert_eq!(file.inode, program.ino());
    }
}
