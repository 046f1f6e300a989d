//! Segments as files: their bytes, made, changed and read without the library, by `docs/format.md` alone.

use std::fs;
use std::io::ErrorKind;
use std::ops::Range;
use std::os::unix::fs::MetadataExt;

pub const HEADER_LEN: usize = 192;

/// The fields of the header.
pub const FIELDS: [(&str, Range<usize>); 20] = [
    ("magic", 0..8),
    ("version", 8..12),
    ("header_len", 12..16),
    ("total_len", 16..24),
    ("id", 24..40),
    ("fingerprint", 40..48),
    ("table_offset", 48..56),
    ("table_entries", 56..60),
    ("entry_len", 60..64),
    ("strings_offset", 64..72),
    ("strings_len", 72..80),
    ("slots_offset", 80..88),
    ("slots_len", 88..96),
    ("creator_pid", 96..100),
    ("flags", 100..104),
    ("creator_start", 104..112),
    ("pid_namespace", 112..120),
    ("time_namespace", 120..128),
    ("created", 128..136),
    ("reserved", 136..184),
];
pub const CHECKSUM: Range<usize> = 184..192;

pub fn path(name: &str) -> String {
    format!("/dev/shm/{name}")
}

/// What lies under the name, whole; `None` if nothing.
pub fn bytes(name: &str) -> Option<Vec<u8>> {
    match fs::read(path(name)) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => panic!("{name}: {error}"),
    }
}

/// Puts bytes under the name; a file that is there stays the same file.
pub fn put(name: &str, bytes: &[u8]) {
    fs::write(path(name), bytes).expect("/dev/shm can be written");
}

/// Removes the file under the name, whatever it is.
pub fn unlink(name: &str) {
    fs::remove_file(path(name)).expect("the file is there");
}

/// Which file the name means; `None` if none.
pub fn inode(name: &str) -> Option<u64> {
    fs::symlink_metadata(path(name)).ok().map(|m| m.ino())
}

/// Files of segments that the process `pid` was building.
pub fn half_built(pid: u32) -> Vec<String> {
    let begins = ".shmstate-";
    let pid = pid.to_string();
    let entries = fs::read_dir("/dev/shm").expect("/dev/shm is mounted");
    entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with(begins) && name.split('-').nth(2) == Some(pid.as_str()))
        .collect()
}

/// The place of a header field.
pub fn place(field: &str) -> Range<usize> {
    if field == "checksum" {
        return CHECKSUM;
    }
    let found = FIELDS.iter().find(|(name, _)| *name == field);
    found.expect("a field of the header").1.clone()
}

/// Writes a number over a header field, as wide as that is (of a wider one, its first eight bytes).
pub fn set(bytes: &mut [u8], field: &str, value: u64) {
    let place = place(field);
    let width = place.len().min(8);
    bytes[place.start..place.start + width].copy_from_slice(&value.to_le_bytes()[..width]);
}

/// Reads a header field of up to eight bytes.
pub fn get(bytes: &[u8], field: &str) -> u64 {
    let mut value = [0; 8];
    let found = &bytes[place(field)];
    value[..found.len()].copy_from_slice(found);
    u64::from_le_bytes(value)
}

/// Makes the checksum that of the bytes before it, as a forger would.
pub fn seal(bytes: &mut [u8]) {
    let hash = bytes[..CHECKSUM.start]
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    bytes[CHECKSUM].copy_from_slice(&hash.to_le_bytes());
}

/// Makes the fingerprint that of the field table, and the checksum that of the header, if there is a table.
pub fn seal_all(bytes: &mut [u8]) {
    let range = |start: u64, len: u64| {
        let (start, len) = (usize::try_from(start).ok()?, usize::try_from(len).ok()?);
        Some(start..start.checked_add(len)?)
    };
    let entries = range(get(bytes, "table_offset"), get(bytes, "table_entries") * 64);
    let strings = range(get(bytes, "strings_offset"), get(bytes, "strings_len"));
    if let (Some(entries), Some(strings)) = (entries, strings)
        && let (Some(entries), Some(strings)) = (bytes.get(entries), bytes.get(strings))
    {
        let fingerprint = fingerprint(entries, strings);
        set(bytes, "fingerprint", fingerprint);
    }
    seal(bytes);
}

/// The hash of a field table.
fn fingerprint(entries: &[u8], strings: &[u8]) -> u64 {
    const PRIME: u64 = 0x0100_0000_01b3;
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for (i, entry) in entries.chunks_exact(64).enumerate() {
        let number = |at: usize| u32::from_le_bytes(entry[at..at + 4].try_into().expect("four"));
        let (start, len) = (number(0) as usize, number(4) as usize);
        let name = strings.get(start..start.saturating_add(len));
        let name = if i == 0 { &[] } else { name.unwrap_or(b"?") };
        for byte in name.iter().chain(&[0xff]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
        for word in entry[8..56].chunks_exact(8) {
            let word = u64::from_le_bytes(word.try_into().expect("eight"));
            hash = (hash.rotate_left(29) ^ word).wrapping_mul(PRIME);
        }
    }
    hash
}

/// An entry of the field table.
#[derive(Clone, Copy, Default)]
pub struct Entry {
    pub name_offset: u32,
    pub name_len: u32,
    pub kind: u16,
    pub access: u8,
    pub zero: u8,
    pub depth: u32,
    pub offset: u64,
    pub size: u64,
    pub count: u64,
    pub stride: u64,
    pub value: u64,
}

pub const STRUCT: u16 = 0x100;
pub const ARRAY: u16 = 0x101;
pub const VARIANT: u16 = 0x102;
pub const U8: u16 = 3;
pub const ENUM_OF_U8: u16 = 0x203;

impl Entry {
    pub fn new(kind: u16, depth: u32) -> Self {
        Entry {
            kind,
            depth,
            count: 1,
            ..Entry::default()
        }
    }

    pub fn bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64);
        bytes.extend(self.name_offset.to_le_bytes());
        bytes.extend(self.name_len.to_le_bytes());
        bytes.extend(self.kind.to_le_bytes());
        bytes.extend([self.access, self.zero]);
        bytes.extend(self.depth.to_le_bytes());
        for word in [self.offset, self.size, self.count, self.stride, self.value] {
            bytes.extend(word.to_le_bytes());
        }
        bytes.extend([0; 8]);
        bytes
    }
}

/// A segment with this field table, whose header has nothing wrong with it.
pub fn segment(entries: &[Entry], strings: &[u8]) -> Vec<u8> {
    let table = entries.iter().flat_map(|entry| entry.bytes()).collect();
    segment_of_bytes(table, strings)
}

/// As [`segment`], of a table that is just bytes: a multiple of 64 of them.
pub fn segment_of_bytes(table: Vec<u8>, strings: &[u8]) -> Vec<u8> {
    segment_of_len(table, strings, 64)
}

/// As [`segment_of_bytes`], with slots of that length.
pub fn segment_of_len(table: Vec<u8>, strings: &[u8], slots_len: usize) -> Vec<u8> {
    let mut bytes = vec![0; HEADER_LEN];
    let entries = table.len() / 64;
    bytes.extend(table);
    let strings_offset = bytes.len();
    bytes.extend(strings);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    let strings_len = bytes.len() - strings_offset;
    bytes.resize(bytes.len().next_multiple_of(64), 0);
    let slots_offset = bytes.len();
    bytes.resize(slots_offset + slots_len.next_multiple_of(8), 0);
    bytes[..8].copy_from_slice(b"SHMSTATE");
    let total_len = bytes.len();
    for (field, value) in [
        ("version", 1),
        ("header_len", HEADER_LEN),
        ("total_len", total_len),
        ("id", 1),
        ("fingerprint", 1),
        ("table_offset", HEADER_LEN),
        ("table_entries", entries),
        ("entry_len", 64),
        ("strings_offset", strings_offset),
        ("strings_len", strings_len),
        ("slots_offset", slots_offset),
        ("slots_len", slots_len),
        ("creator_pid", 412),
        ("creator_start", 1),
        ("pid_namespace", 1),
        ("created", 1),
    ] {
        set(&mut bytes, field, value as u64);
    }
    seal(&mut bytes);
    bytes
}

/// Numbers from a seed, the same in every run (xorshift64*).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    #[allow(clippy::should_implement_trait)] // it never ends
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number less than `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("less than a usize")
    }

    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next().to_le_bytes()[7]).collect()
    }
}
