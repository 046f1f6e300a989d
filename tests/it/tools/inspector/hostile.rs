//! Segments that somebody wrote who means harm: errors or values, and nothing else.

use std::time::Duration;

use shmstate::inspect::{Inspector, Value};
use shmstate::{HeaderError, OpenError, Shared};

use super::forge::{self, Entry};
use super::kinds;
use super::os;
use super::support::{amount, name, watchdog};
use super::walk;

const NONE: u8 = 0;
const ATOMIC: u8 = 1;
const WATCHED: u8 = 2;
const LOCKED: u8 = 3;

const U32: u16 = 5;
const U64: u16 = 6;
const WIDE: u16 = 13;
const OPTION: u16 = 0x103;
const TEXT: u16 = 0x104;
const LIST: u16 = 0x105;
const LOCK: u16 = 0x107;

/// An entry at that depth: its kind, access, offset and size.
fn entry(depth: u32, kind: u16, access: u8, offset: u64, size: u64) -> Entry {
    Entry {
        access,
        offset,
        size,
        ..Entry::new(kind, depth)
    }
}

fn state(size: u64) -> Entry {
    entry(0, forge::STRUCT, NONE, 0, size)
}

fn lock(size: u64, stride: u64, value: u64) -> Entry {
    Entry {
        count: 4,
        stride,
        value,
        ..entry(1, LOCK, LOCKED, 0, size)
    }
}

/// Opens a segment of that table, whose header and fingerprint are right.
fn open(entries: &[Entry], slots_len: usize) -> Result<Inspector, OpenError> {
    let name = name("forged");
    let table = entries.iter().flat_map(|entry| entry.bytes()).collect();
    let mut bytes = forge::segment_of_len(table, b"", slots_len);
    forge::seal_all(&mut bytes);
    forge::put(&name, &bytes);
    let opened = Inspector::open(&name);
    forge::unlink(&name);
    opened
}

// If wrong: the number of the table that was accepted, or a crash.
pub(crate) fn a_table_that_cannot_be_is_refused() {
    let array = |count, stride, size| Entry {
        count,
        stride,
        ..entry(1, forge::ARRAY, NONE, 0, size)
    };
    let of_image = |kind, size| entry(2, kind, LOCKED, 0, size);
    let tables: [&[Entry]; 27] = [
        &[state(128), entry(1, U64, ATOMIC, 0, 8)],
        &[state(64), entry(1, U64, ATOMIC, 60, 8)],
        &[state(64), entry(1, U64, ATOMIC, u64::MAX - 3, 8)],
        &[state(64), entry(1, U64, ATOMIC, 4, 8)],
        &[state(64), entry(1, U64, ATOMIC, 0, 4)],
        &[state(64), entry(1, U64, NONE, 0, 8)],
        &[state(64), entry(1, U64, LOCKED, 0, 8)],
        &[state(64), entry(1, U64, 9, 0, 8)],
        &[state(64), entry(1, 0x7fff, ATOMIC, 0, 8)],
        &[state(64), entry(1, WIDE, ATOMIC, 0, 16)],
        &[state(64), entry(1, TEXT, LOCKED, 0, 4)],
        &[state(64), entry(1, forge::VARIANT, NONE, 0, 0)],
        // Over another one.
        &[
            state(64),
            entry(1, U64, ATOMIC, 0, 8),
            entry(1, U32, ATOMIC, 4, 4),
        ],
        &[
            state(64),
            entry(1, U64, ATOMIC, 8, 8),
            entry(1, U64, ATOMIC, 0, 8),
        ],
        // Arrays.
        &[state(64), array(4, 16, 60), entry(2, U64, ATOMIC, 0, 8)],
        &[state(64), array(1 << 62, 4, 0), entry(2, U32, ATOMIC, 0, 4)],
        &[state(64), array(4, 4, 16), entry(2, U64, ATOMIC, 0, 8)],
        &[state(64), array(4, 12, 48), entry(2, U64, ATOMIC, 0, 8)],
        &[
            state(64),
            array(u64::MAX, 0, 0),
            entry(2, U64, ATOMIC, 0, 8),
        ],
        &[state(64), array(1, 64, 64)],
        // Locks: beyond its end, over its head, at odd places, an image longer than its stride.
        &[state(64), lock(64, 16, 24), of_image(U64, 8)],
        &[state(64), lock(64, 8, 16), of_image(U64, 8)],
        &[state(64), lock(64, 8, 28), of_image(U64, 8)],
        &[state(64), lock(64, 8, 24), of_image(WIDE, 16)],
        &[state(64), lock(64, 8, 24), of_image(LIST, 8)],
        &[state(64), lock(64, 8, 24), of_image(OPTION, 0)],
        &[
            state(64),
            Entry {
                value: 6,
                ..entry(1, U32, WATCHED, 0, 12)
            },
        ],
    ];
    for (i, table) in tables.iter().enumerate() {
        match open(table, 64) {
            Err(OpenError::Header {
                reason: HeaderError::Table { .. },
                ..
            }) => {}
            other => panic!("table {i}: {other:?}"),
        }
    }
    // As they should be.
    let good: [&[Entry]; 4] = [
        &[
            state(64),
            entry(1, U64, ATOMIC, 8, 8),
            entry(1, U32, ATOMIC, 16, 4),
        ],
        &[state(64), array(4, 16, 64), entry(2, U64, ATOMIC, 0, 8)],
        &[state(64), lock(64, 8, 24), of_image(U64, 8)],
        &[
            state(64),
            Entry {
                value: 4,
                ..entry(1, U32, WATCHED, 0, 8)
            },
        ],
    ];
    for table in good {
        walk::look(&open(table, 64).expect("a good table"));
    }
}

// If wrong: a segment that this process may have open by another table already, in which the fields lie otherwise.
pub(crate) fn a_table_of_another_fingerprint_is_refused() {
    let name = name("forged");
    let table = [state(8), entry(1, U64, ATOMIC, 0, 8)];
    let table = table.iter().flat_map(|entry| entry.bytes()).collect();
    let mut bytes = forge::segment_of_len(table, b"", 8);
    forge::put(&name, &bytes);
    let refused = Inspector::open(&name)
        .expect_err("the fingerprint is 1")
        .to_string();
    assert!(
        refused.contains("it is not the one of which the header has the fingerprint"),
        "{refused}"
    );
    forge::seal_all(&mut bytes);
    forge::put(&name, &bytes);
    Inspector::open(&name).expect("the right one");
    forge::unlink(&name);
}

/// Of private memory, while somebody else's numbers are followed.
const MOST_MEMORY: u64 = 256 << 20;

// If wrong: a crash, a panic, the watchdog, or the memory that it takes.
pub(crate) fn mutated_segments_do_no_harm() {
    watchdog(500);
    let turns = amount(3_000, 20_000);
    let name = name("mutated");
    let state = Shared::create(&name, kinds::example()).expect("create");
    let valid = forge::bytes(&name).expect("it is there");
    drop(state);
    let slots = usize::try_from(forge::get(&valid, "slots_offset")).expect("small");
    let mut random = forge::Random::new(5);
    let mut opened = 0;
    os::limit(libc::RLIMIT_DATA, MOST_MEMORY);
    for turn in 0..turns {
        let mut bytes = valid.clone();
        for _ in 0..=random.below(2) {
            // The table, for the most part: what lies in the slots has a test of its own.
            let end = if turn % 8 == 0 { bytes.len() } else { slots };
            let at = forge::HEADER_LEN + random.below(end - forge::HEADER_LEN);
            match random.below(3) {
                0 => bytes[at] ^= 1 << random.below(8),
                1 => bytes[at] = random.next().to_le_bytes()[7],
                _ => {
                    const WORDS: [u64; 9] =
                        [0, 1, 4, 63, 64, 1 << 31, u32::MAX as u64, 1 << 63, u64::MAX];
                    let word = WORDS[random.below(WORDS.len())].to_le_bytes();
                    let at = at / 8 * 8;
                    bytes[at..at + 8].copy_from_slice(&word);
                }
            }
        }
        forge::seal_all(&mut bytes);
        forge::put(&name, &bytes);
        if let Ok(inspector) = Inspector::open(&name) {
            opened += 1;
            if opened % 16 == 0 {
                walk::look(&inspector);
                let options = Inspector::options().writable().lock_timeout(Duration::ZERO);
                walk::change(&options.open(&name).expect("to write as well"));
                walk::look(&inspector);
            }
        }
        forge::unlink(&name);
    }
    println!("{opened} of {turns} could be opened");
    assert!(
        opened > turns / 20 && opened < turns,
        "{opened} of {turns} could be opened"
    );
}

// If wrong: a crash, a panic, or the watchdog.
pub(crate) fn scribbled_slots_are_errors_or_values() {
    watchdog(500);
    let name = name("scribbled");
    let state = Shared::create(&name, kinds::example()).expect("create");
    let mut valid = forge::bytes(&name).expect("it is there");
    let slots = usize::try_from(forge::get(&valid, "slots_offset")).expect("small");
    let options = Inspector::options().writable().lock_timeout(Duration::ZERO);
    let (look, change) = (
        Inspector::open(&name).expect("open"),
        options.open(&name).expect("open"),
    );
    let mut random = forge::Random::new(6);
    for turn in 0..60 {
        let len = valid.len() - slots;
        let noise = match turn {
            0 => vec![0xff; len],
            1 => vec![0; len],
            2 => vec![0x80; len],
            _ => random.bytes(len),
        };
        valid[slots..].copy_from_slice(&noise);
        forge::put(&name, &valid);
        walk::look(&look);
        walk::change(&change);
    }
    drop(state);
}

// If wrong: the watchdog, or the memory that it takes.
pub(crate) fn a_huge_array_is_walked_lazily() {
    watchdog(100);
    let name = name("huge");
    let len: u64 = 1 << 36;
    let array = Entry {
        count: len,
        stride: 1,
        ..entry(1, forge::ARRAY, NONE, 0, len)
    };
    let table = [state(len), array, entry(2, forge::U8, ATOMIC, 0, 1)];
    let table = table.iter().flat_map(|entry| entry.bytes()).collect();
    let mut bytes = forge::segment_of_len(table, b"", 64);
    let slots = forge::get(&bytes, "slots_offset");
    forge::set(&mut bytes, "slots_len", len);
    forge::set(&mut bytes, "total_len", slots + len);
    forge::seal_all(&mut bytes);
    forge::put(&name, &bytes);
    let file = std::fs::File::options()
        .write(true)
        .open(forge::path(&name))
        .expect("open");
    // A hole: as long as it says, and of no memory.
    if let Err(error) = file.set_len(slots + len) {
        forge::unlink(&name);
        super::support::skip(&format!("no file of 64 GiB in /dev/shm: {error}"));
    }
    let inspector = Inspector::open(&name);
    forge::unlink(&name);
    let inspector = inspector.expect("it is as long as it says");
    os::limit(libc::RLIMIT_DATA, MOST_MEMORY);
    let field = inspector.fields().next().expect("the array");
    assert_eq!(field.len(), usize::try_from(len).ok());
    assert_eq!(field.clone().children().take(1000).count(), 1000);
    let last = inspector.field(&format!("[{}]", len - 1));
    assert!(last.is_err(), "the state is a struct");
    let last = field.children().nth(5).expect("there are more");
    assert_eq!(last.get().expect("a hole"), Value::from(0_u8));
    let error = inspector.root().get().expect_err("too large").to_string();
    assert!(error.contains("too large"), "{error}");
    assert!(inspector.root().bytes().is_err());
}
