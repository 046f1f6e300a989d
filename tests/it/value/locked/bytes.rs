//! Where a value lies in a segment's file, by its field table alone, and a program that writes there
//! without the library.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;

fn number(bytes: &[u8], at: u64, len: usize) -> u64 {
    let at = usize::try_from(at).expect("an offset");
    let mut number = [0; 8];
    number[..len].copy_from_slice(&bytes[at..at + len]);
    u64::from_le_bytes(number)
}

/// The segment, and where its table, names and slots lie.
struct File {
    bytes: Vec<u8>,
    strings: u64,
    slots: u64,
    entries: u64,
}

/// An entry of the field table.
struct Entry {
    /// Which one it is.
    index: u64,
    kind: u64,
    depth: u64,
    offset: u64,
    size: u64,
    stride: u64,
    value: u64,
}

const HEADER_LEN: u64 = 192;
const STRUCT: u64 = 0x100;
const ARRAY: u64 = 0x101;
const OPTION: u64 = 0x103;
const TEXT: u64 = 0x104;
const LIST: u64 = 0x105;
const LOCKED: u64 = 0x107;

impl File {
    fn read(name: &str) -> Self {
        let bytes = fs::read(format!("/dev/shm/{name}")).expect("the file is there");
        assert_eq!(&bytes[..8], b"SHMSTATE");
        File {
            strings: number(&bytes, 64, 8),
            slots: number(&bytes, 80, 8),
            entries: number(&bytes, 56, 4),
            bytes,
        }
    }

    fn entry(&self, index: u64) -> Entry {
        assert!(index < self.entries, "an entry");
        let at = HEADER_LEN + index * 64;
        Entry {
            index,
            kind: number(&self.bytes, at + 8, 2),
            depth: number(&self.bytes, at + 12, 4),
            offset: number(&self.bytes, at + 16, 8),
            size: number(&self.bytes, at + 24, 8),
            stride: number(&self.bytes, at + 40, 8),
            value: number(&self.bytes, at + 48, 8),
        }
    }

    fn name(&self, entry: &Entry) -> &str {
        let at = HEADER_LEN + entry.index * 64;
        let start = self.strings + number(&self.bytes, at, 4);
        let start = usize::try_from(start).expect("an offset");
        let len = usize::try_from(number(&self.bytes, at + 4, 4)).expect("a length");
        str::from_utf8(&self.bytes[start..start + len]).expect("a name")
    }

    /// The field of that name of the struct `parent`.
    fn field(&self, parent: &Entry, name: &str) -> Entry {
        (parent.index + 1..self.entries)
            .map(|index| self.entry(index))
            .take_while(|entry| entry.depth > parent.depth)
            .find(|entry| entry.depth == parent.depth + 1 && self.name(entry) == name)
            .unwrap_or_else(|| panic!("no field `{name}`"))
    }

    /// Follows `path` from the slots down: names of fields, `3` for an element, `len` for the length of a
    /// text or list, `tag` for the byte that says whether an option has a value.
    fn find(&self, path: &str) -> (u64, u64) {
        let mut entry = self.entry(0);
        let mut at = self.slots;
        let mut steps = path.split('.').filter(|step| !step.is_empty()).peekable();
        loop {
            let element = || self.entry(entry.index + 1);
            let is_option = entry.kind == OPTION && steps.peek() != Some(&"tag");
            let inner = if entry.kind == LOCKED {
                // The image that is current.
                at += entry.value + number(&self.bytes, at + 8, 8) % 4 * entry.stride;
                element()
            } else if is_option {
                element()
            } else {
                let Some(step) = steps.next() else {
                    return (at, entry.size);
                };
                match (entry.kind, step) {
                    (STRUCT, name) => self.field(&entry, name),
                    (OPTION, "tag") => return (at, 1),
                    (TEXT | LIST, "len") => return (at, 4),
                    (TEXT, index) => {
                        let index: u64 = index.parse().expect("an index");
                        return (at + entry.value + index, 1);
                    }
                    (ARRAY | LIST, index) => {
                        let index: u64 = index.parse().expect("an index");
                        let first = if entry.kind == LIST { entry.value } else { 0 };
                        at += first + index * entry.stride;
                        element()
                    }
                    _ => panic!("{step} of a kind {:#x}", entry.kind),
                }
            };
            at += inner.offset;
            entry = inner;
        }
    }
}

/// Writes the low bytes of `bits` over what lies at `path`.
pub(crate) fn poke(name: &str, path: &str, bits: u64) {
    let (at, size) = File::read(name).find(path);
    assert!((1..=8).contains(&size), "`{path}` has {size} bytes");
    let file = OpenOptions::new()
        .write(true)
        .open(format!("/dev/shm/{name}"));
    let bytes = &bits.to_le_bytes()[..usize::try_from(size).expect("a length")];
    file.expect("the file is there")
        .write_all_at(bytes, at)
        .expect("written");
}

/// Writes the byte over all that lies behind the end of a text or list.
pub(crate) fn poke_behind(name: &str, path: &str, used: u64, byte: u8) {
    let (at, size) = File::read(name).find(path);
    let file = OpenOptions::new()
        .write(true)
        .open(format!("/dev/shm/{name}"));
    let noise = vec![byte; usize::try_from(size - used).expect("a length")];
    file.expect("the file is there")
        .write_all_at(&noise, at + used)
        .expect("written");
}

/// Writes one byte of what lies at `path`.
pub(crate) fn poke_byte(name: &str, path: &str, index: u64, byte: u8) {
    let (at, size) = File::read(name).find(path);
    assert!(index < size);
    let file = OpenOptions::new()
        .write(true)
        .open(format!("/dev/shm/{name}"));
    file.expect("the file is there")
        .write_all_at(&[byte], at + index)
        .expect("written");
}
