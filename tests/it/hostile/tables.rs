//! Field tables written by somebody who means harm: none crashes a
//! program that opens the segment, hangs it, or fills its memory.

use shared_testkit::{self as support, Test, forge, os, tests};

use std::num::NonZero;

use forge::Entry;
use shmstate::{HeaderError, OpenError, ReadOnly, Shared, SharedState};
use support::name;

pub(crate) const TESTS: &[Test] = tests![
    a_field_table_of_random_bytes_is_an_error,
    a_damaged_field_table_is_an_error,
    a_table_nested_beyond_the_limit_is_refused,
    a_table_that_is_no_tree_is_refused,
    a_name_outside_the_string_pool_is_refused,
    a_table_with_too_many_entries_is_refused,
    sixty_thousand_arrays_in_a_row_do_not_exhaust_the_stack,
    sixty_thousand_names_that_share_one_string_do_not_exhaust_the_memory,
    a_long_name_above_sixty_thousand_others_does_not_exhaust_the_memory,
    numbers_at_their_ends_do_not_overflow,
];

#[derive(SharedState, Debug)]
#[repr(u16)]
#[allow(dead_code)]
pub(super) enum Phase {
    Idle = 3,
    Busy = 500,
}

#[derive(SharedState, Debug)]
struct Worker {
    letter: char,
    phase: Phase,
    tries: NonZero<u8>,
}

#[derive(SharedState, Debug)]
pub(super) struct Progress {
    started: bool,
    ratio: f32,
    last: Option<NonZero<i64>>,
    workers: [Worker; 3],
}

pub(super) fn progress() -> Progress {
    let worker = || Worker {
        letter: 'a',
        phase: Phase::Busy,
        tries: NonZero::<u8>::MIN,
    };
    Progress {
        started: true,
        ratio: 0.5,
        last: None,
        workers: [worker(), worker(), worker()],
    }
}

/// Kinds that there are, and some that there are not.
const KINDS: [u16; 8] = [
    forge::STRUCT,
    forge::ARRAY,
    forge::VARIANT,
    forge::U8,
    forge::ENUM_OF_U8,
    0,
    13,
    u16::MAX,
];

/// A process with little memory, stack and time: beyond these it dies.
fn confined(f: impl FnOnce()) {
    let status = support::in_child(|| {
        os::limit(libc::RLIMIT_AS, 1 << 30);
        os::limit(libc::RLIMIT_CPU, 60);
        f();
    });
    support::assert_success(status);
}

/// Opens the bytes both ways. They never are a `Progress`.
#[track_caller]
fn refused(bytes: &[u8]) -> OpenError {
    let name = name("hostile");
    forge::put(&name, bytes);
    let writable = Shared::<Progress>::open(&name).map(drop);
    let read_only = ReadOnly::<Progress>::open(&name).map(drop);
    forge::unlink(&name);
    let told = (format!("{writable:?}"), format!("{read_only:?}"));
    assert_eq!(told.0, told.1);
    let error = writable.expect_err("it is no `Progress`");
    let _ = error.to_string();
    error
}

#[track_caller]
fn refused_table(bytes: &[u8]) -> &'static str {
    match refused(bytes) {
        OpenError::Header {
            reason: HeaderError::Table { reason },
            ..
        } => reason,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn refused_as_other(bytes: &[u8]) -> Vec<String> {
    match refused(bytes) {
        OpenError::Mismatch { differences, .. } => differences,
        other => panic!("{other:?}"),
    }
}

// If wrong: a panic about an index or an overflow, or "the child process ended with signal: 11".
fn a_field_table_of_random_bytes_is_an_error() {
    confined(|| {
        let mut random = forge::Random::new(2);
        for case in 0..2_000 {
            let entries = 1 + random.below(40);
            let mut table = random.bytes(entries * 64);
            let strings = [b'n'; 200];
            // Every other one is a tree with names, so that the rest of it is looked at.
            if case % 2 == 0 {
                let mut depth = 0;
                for entry in table.chunks_exact_mut(64) {
                    let (offset, len) = (entry[0] % 100, entry[4] % 100);
                    let kind = KINDS[usize::from(entry[8] % 8)];
                    entry[..4].copy_from_slice(&u32::from(offset).to_le_bytes());
                    entry[4..8].copy_from_slice(&u32::from(len).to_le_bytes());
                    entry[8..10].copy_from_slice(&kind.to_le_bytes());
                    entry[12..16].copy_from_slice(&u32::to_le_bytes(depth));
                    depth = 1 + u32::from(entry[0] % 4).min(depth);
                }
                refused_as_other(&forge::segment_of_bytes(table, &strings));
            } else {
                refused(&forge::segment_of_bytes(table, &strings));
            }
        }
    });
}

// If wrong: as above; these tables are close enough to a real one to come further.
fn a_damaged_field_table_is_an_error() {
    let name = name("real");
    let state = Shared::create(&name, progress()).expect("create");
    let bytes = forge::bytes(&name).expect("the file is there");
    drop(state);
    let slots = usize::try_from(forge::get(&bytes, "slots_offset")).expect("an offset");
    confined(|| {
        let mut random = forge::Random::new(3);
        for _ in 0..2_000 {
            let mut bytes = bytes.clone();
            // Or the table would not be read at all.
            forge::set(&mut bytes, "fingerprint", random.next());
            for _ in 0..=random.below(4) {
                let at = forge::HEADER_LEN + random.below(slots - forge::HEADER_LEN);
                bytes[at] = random.next().to_le_bytes()[7];
            }
            forge::seal(&mut bytes);
            refused(&bytes);
        }
    });
}

fn chain(kind: u16, depth: u32) -> Vec<Entry> {
    (0..=depth).map(|depth| Entry::new(kind, depth)).collect()
}

fn a_table_nested_beyond_the_limit_is_refused() {
    confined(|| {
        for kind in [
            forge::STRUCT,
            forge::ARRAY,
            forge::ENUM_OF_U8,
            forge::VARIANT,
            forge::U8,
            0,
        ] {
            refused_as_other(&forge::segment(&chain(kind, 64), b""));
            for depth in [65, 66, 1000] {
                let reason = refused_table(&forge::segment(&chain(kind, depth), b""));
                assert_eq!(reason, "its entries are nested too deeply");
            }
        }
    });
}

fn a_table_that_is_no_tree_is_refused() {
    confined(|| {
        let of = |depths: &[u32]| -> Vec<Entry> {
            let entry = |depth: &u32| Entry::new(forge::STRUCT, *depth);
            depths.iter().map(entry).collect()
        };
        for depths in [
            &[1][..],
            &[0, 0],
            &[0, 2],
            &[0, 1, 0],
            &[0, 1, 3],
            &[u32::MAX],
            &[0, u32::MAX],
        ] {
            let reason = refused_table(&forge::segment(&of(depths), b""));
            assert_eq!(reason, "its entries do not form a tree", "{depths:?}");
        }
    });
}

fn a_name_outside_the_string_pool_is_refused() {
    confined(|| {
        let pool = b"name\xff\xfe\xc3\xa9";
        for (offset, len) in [
            (0, 9),
            (8, 1),
            (9, 0),
            (u32::MAX, 0),
            (u32::MAX, u32::MAX),
            (1, u32::MAX),
            (4, 1), // 0xff
            (6, 1), // half a letter
        ] {
            let entry = Entry {
                name_offset: offset,
                name_len: len,
                ..Entry::new(forge::STRUCT, 0)
            };
            let reason = refused_table(&forge::segment(&[entry], pool));
            let expected = "a name lies outside the string pool or is not UTF-8";
            assert_eq!(reason, expected, "{offset} {len}");
        }
    });
}

const TOO_LONG: &str = "its names are longer than this program reads";

fn flat(kind: u16, fields: usize) -> Vec<Entry> {
    let mut entries = vec![Entry::new(kind, 1); 1 + fields];
    entries[0] = Entry::new(forge::STRUCT, 0);
    entries
}

fn a_table_with_too_many_entries_is_refused() {
    confined(|| {
        refused_as_other(&forge::segment(&flat(forge::U8, (1 << 16) - 1), b""));
        for fields in [1 << 16, 1 << 17] {
            let reason = refused_table(&forge::segment(&flat(forge::U8, fields), b""));
            assert_eq!(reason, "it has more entries than this program reads");
        }
    });
}

// If wrong: "the child process ended with signal: 11 (SIGSEGV)": each array is taken for the element of
// the one before.
fn sixty_thousand_arrays_in_a_row_do_not_exhaust_the_stack() {
    confined(|| {
        refused_as_other(&forge::segment(&flat(forge::ARRAY, 60_000), b""));
        // Nor at the greatest depth that a table may have.
        let mut entries = chain(forge::ARRAY, 64);
        entries.extend(vec![Entry::new(forge::ARRAY, 64); 60_000]);
        refused_as_other(&forge::segment(&entries, b""));
    });
}

// If wrong: "memory allocation of 1000000 bytes failed", and signal 6.
fn sixty_thousand_names_that_share_one_string_do_not_exhaust_the_memory() {
    confined(|| {
        for kind in [
            forge::U8,
            forge::STRUCT,
            forge::ARRAY,
            forge::VARIANT,
            forge::ENUM_OF_U8,
        ] {
            let mut entries = flat(kind, 60_000);
            for entry in &mut entries {
                entry.name_len = 1_000_000;
            }
            assert_eq!(
                refused_table(&forge::segment(&entries, &vec![b'n'; 1_000_000])),
                TOO_LONG
            );
        }
    });
}

// If wrong: as above: each path has the long name in it.
fn a_long_name_above_sixty_thousand_others_does_not_exhaust_the_memory() {
    confined(|| {
        let long = 1_000_000;
        let mut entries = vec![Entry::new(forge::U8, 2); 60_000];
        entries[0] = Entry::new(forge::STRUCT, 0);
        entries[1] = Entry {
            name_len: long,
            ..Entry::new(forge::STRUCT, 1)
        };
        assert_eq!(
            refused_table(&forge::segment(&entries, &vec![b'n'; 1_000_000])),
            TOO_LONG
        );
        // And a path that grows with each step down.
        let mut entries = chain(forge::STRUCT, 62);
        for entry in &mut entries[1..] {
            entry.name_len = long / 62;
        }
        entries.extend(vec![Entry::new(forge::U8, 63); 60_000]);
        assert_eq!(
            refused_table(&forge::segment(&entries, &vec![b'n'; 1_000_000])),
            TOO_LONG
        );
    });
}

fn numbers_at_their_ends_do_not_overflow() {
    confined(|| {
        for kind in KINDS {
            for word in [0, 1, 1 << 63, u64::MAX] {
                let entry = |depth| Entry {
                    access: u8::MAX,
                    zero: u8::MAX,
                    offset: word,
                    size: word,
                    count: word,
                    stride: word,
                    value: word,
                    ..Entry::new(kind, depth)
                };
                let inner = Entry {
                    kind: forge::U8,
                    ..entry(3)
                };
                refused_as_other(&forge::segment(&[entry(0), entry(1), entry(2), inner], b""));
                let root = Entry::new(forge::STRUCT, 0);
                refused_as_other(&forge::segment(&[root, entry(1), entry(2), inner], b""));
            }
        }
    });
}
