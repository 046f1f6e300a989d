//! Damaged and foreign files under a segment's name: each is a typed error, and none is touched.

use shared_testkit::{self as support, Test, forge, tests};

use std::fs;
use std::path::Path;

use shmstate::{HeaderError, OpenError, ReadOnly, RemoveError, Shared, SharedState, remove};
use support::name;

pub(crate) const TESTS: &[Test] = tests![
    the_list_of_header_fields_is_that_of_the_format,
    every_header_field_with_an_impossible_value_is_named,
    every_header_field_with_a_plausible_value_fails_the_checksum,
    every_flipped_bit_of_the_header_is_found,
    a_file_cut_at_any_length_is_too_short,
    a_file_longer_than_its_segment_opens,
    foreign_bytes_are_shown,
    the_other_byte_order_is_told,
    a_newer_format_is_told_whatever_follows,
    slots_of_another_length_are_refused_even_if_sealed,
    a_damaged_segment_does_not_count_as_stale,
    a_truncated_segment_can_be_removed,
];

#[derive(SharedState, Clone, Debug, PartialEq)]
struct Progress {
    started: bool,
    done: u64,
    per_worker: [u32; 8],
}

fn progress() -> Progress {
    Progress {
        started: true,
        done: 3,
        per_worker: [1; 8],
    }
}

/// The bytes of a whole segment, which is gone from `/dev/shm`.
fn whole(name: &str) -> Vec<u8> {
    let state = Shared::create(name, progress()).expect("create");
    let bytes = forge::bytes(name).expect("the file is there");
    drop(state);
    assert_eq!(forge::bytes(name), None);
    bytes
}

/// Opens what lies under the name both ways, checks that it was not touched, and returns the error.
#[track_caller]
fn refused(name: &str, bytes: &[u8], what: &str) -> HeaderError {
    forge::put(name, bytes);
    let inode = forge::inode(name);
    let header = |result: Result<(), OpenError>| match result {
        Err(OpenError::Header { segment, reason }) => {
            assert_eq!(segment, format!("segment `{name}`"));
            reason
        }
        other => panic!("{what}: {other:?}"),
    };
    let writable = header(Shared::<Progress>::open(name).map(drop));
    let read_only = header(ReadOnly::<Progress>::open(name).map(drop));
    assert_eq!(writable, read_only, "{what}");
    assert_eq!(
        forge::bytes(name).as_deref(),
        Some(bytes),
        "{what}: touched"
    );
    assert_eq!(forge::inode(name), inode, "{what}: another file");
    writable
}

fn field_of(error: HeaderError) -> &'static str {
    match error {
        HeaderError::Foreign { .. } => "magic",
        HeaderError::TooShort { .. } => "total_len",
        HeaderError::ByteOrder | HeaderError::NewerFormat { .. } => "version",
        HeaderError::Field {
            field,
            found,
            expected,
        } => {
            let text = HeaderError::Field {
                field,
                found,
                expected: expected.clone(),
            }
            .to_string();
            let begins = format!("header field `{field}` is {found}, expected {expected}");
            assert!(text.starts_with(&begins), "{text}");
            field
        }
        other => panic!("{other:?}"),
    }
}

/// So that no field is forgotten here when one is added there.
fn the_list_of_header_fields_is_that_of_the_format() {
    let format = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/format.md");
    let format = fs::read_to_string(format).expect("the format is in the repository");
    let (_, rest) = format.split_once("## Header").expect("a section");
    let (section, _) = rest.split_once("## ").expect("a next section");
    let rows: Vec<(usize, &str)> = section
        .lines()
        .filter_map(|line| {
            let mut cells = line.split('|').map(str::trim).skip(1);
            let offset = cells.next()?.parse().ok()?;
            Some((offset, cells.nth(1)?.trim_matches('`')))
        })
        .collect();
    let checksum = ("checksum", forge::CHECKSUM);
    let ours = forge::FIELDS.into_iter().chain([checksum]);
    assert_eq!(
        rows,
        ours.map(|(name, place)| (place.start, name))
            .collect::<Vec<_>>()
    );
    let impossible = IMPOSSIBLE.iter().map(|(field, _)| *field);
    let plausible = PLAUSIBLE.iter().map(|(field, _)| *field);
    let covered: Vec<&str> = impossible.chain(plausible).collect();
    for (_, field) in rows {
        assert!(covered.contains(&field), "no test corrupts `{field}`");
    }
}

/// Values that a field cannot have in this segment.
const IMPOSSIBLE: [(&str, &[u64]); 18] = [
    ("magic", &[0, u64::MAX, u64::from_le_bytes(*b"SHMSTATf")]),
    ("version", &[0, 2, u32::MAX as u64, 0x0100_0000]),
    ("header_len", &[0, 8, 191, 193, 200, u32::MAX as u64]),
    (
        "total_len",
        &[0, 8, 191, 193, 1 << 20, u64::MAX, u64::MAX - 7],
    ),
    ("table_offset", &[0, 184, 191, 193, 256, u64::MAX]),
    ("table_entries", &[0, 1 << 16, 1 << 26, u32::MAX as u64]),
    ("entry_len", &[0, 1, 63, 65, 128, u32::MAX as u64]),
    ("strings_offset", &[0, 192, 513, u64::MAX, u64::MAX - 63]),
    ("strings_len", &[1, 31, 1 << 20, u64::MAX, u64::MAX - 7]),
    ("slots_offset", &[0, 64, 65, 192, u64::MAX, u64::MAX - 63]),
    ("slots_len", &[1 << 20, u64::MAX, u64::MAX - 7]),
    ("creator_pid", &[0, (1 << 22) + 1, u32::MAX as u64]),
    ("flags", &[2, 3, 1 << 31, u32::MAX as u64]),
    ("creator_start", &[0]),
    ("pid_namespace", &[0]),
    ("created", &[0]),
    ("reserved", &[1, u64::MAX]),
    ("checksum", &[0, 1, u64::MAX]),
];

/// Values that a field could have in another segment.
const PLAUSIBLE: [(&str, &[u64]); 9] = [
    ("id", &[1, u64::MAX]),
    ("fingerprint", &[0, 1, u64::MAX]),
    ("slots_len", &[0, 1, 8]),
    ("creator_pid", &[1, 1 << 22]),
    ("flags", &[1]),
    ("creator_start", &[1, u64::MAX]),
    ("pid_namespace", &[1, u64::MAX]),
    ("time_namespace", &[0, 1, u64::MAX]),
    ("created", &[1, u64::MAX]),
];

// If wrong: "`slots_offset` = 64: Ok(())", or a crash.
fn every_header_field_with_an_impossible_value_is_named() {
    let name = name("field");
    let bytes = whole(&name);
    for (field, values) in IMPOSSIBLE {
        for value in values {
            let what = format!("`{field}` = {value}");
            let mut bytes = bytes.clone();
            forge::set(&mut bytes, field, *value);
            assert_eq!(field_of(refused(&name, &bytes, &what)), field, "{what}");
            // A forger's checksum changes nothing.
            if field != "checksum" {
                forge::seal(&mut bytes);
                assert_eq!(
                    field_of(refused(&name, &bytes, &what)),
                    field,
                    "{what}, sealed"
                );
            }
        }
    }
    // The one field that is wider than eight bytes and must not be zero, and all words of the reserve.
    let mut zero_id = bytes.clone();
    zero_id[forge::place("id")].fill(0);
    forge::seal(&mut zero_id);
    assert_eq!(field_of(refused(&name, &zero_id, "no id")), "id");
    for at in forge::place("reserved") {
        let mut bytes = bytes.clone();
        bytes[at] = 1;
        forge::seal(&mut bytes);
        assert_eq!(
            field_of(refused(&name, &bytes, "reserve")),
            "reserved",
            "byte {at}"
        );
    }
    forge::unlink(&name);
}

fn every_header_field_with_a_plausible_value_fails_the_checksum() {
    let name = name("plausible");
    let bytes = whole(&name);
    for (field, values) in PLAUSIBLE {
        for value in values {
            let what = format!("`{field}` = {value}");
            let mut bytes = bytes.clone();
            forge::set(&mut bytes, field, *value);
            assert_eq!(
                field_of(refused(&name, &bytes, &what)),
                "checksum",
                "{what}"
            );
        }
    }
    forge::unlink(&name);
}

// If wrong: "bit 3 of byte 40: Ok(())".
fn every_flipped_bit_of_the_header_is_found() {
    let name = name("bit");
    let bytes = whole(&name);
    for at in 0..forge::HEADER_LEN {
        for bit in 0..8 {
            let mut bytes = bytes.clone();
            bytes[at] ^= 1 << bit;
            refused(&name, &bytes, &format!("bit {bit} of byte {at}"));
        }
    }
    // Undamaged it opens: the errors were those of the bits.
    forge::put(&name, &bytes);
    let state = Shared::<Progress>::open(&name).expect("it is whole");
    assert_eq!(state.snapshot(), progress());
    forge::unlink(&name);
}

// If wrong: the test's process ends with SIGBUS.
fn a_file_cut_at_any_length_is_too_short() {
    let name = name("cut");
    let bytes = whole(&name);
    for cut in 0..bytes.len() {
        let error = refused(&name, &bytes[..cut], &format!("{cut} bytes"));
        let needed = if cut < forge::HEADER_LEN {
            forge::HEADER_LEN
        } else {
            bytes.len()
        };
        let (length, needed) = (cut as u64, needed as u64);
        assert_eq!(error, HeaderError::TooShort { length, needed });
        let text = format!("it is {length} bytes long, but needs {needed}");
        assert!(error.to_string().starts_with(&text), "{error}");
    }
    forge::unlink(&name);
}

fn a_file_longer_than_its_segment_opens() {
    let name = name("long");
    let mut bytes = whole(&name);
    bytes.resize(bytes.len() + 10_000, 0xff);
    forge::put(&name, &bytes);
    let state = Shared::<Progress>::open(&name).expect("what is behind it does not count");
    assert_eq!(state.snapshot(), progress());
    drop(state);
    assert_eq!(forge::bytes(&name), Some(bytes));
    forge::unlink(&name);
}

fn foreign_bytes_are_shown() {
    let name = name("foreign");
    let mut bytes = b"\x7fELF\x02\x01\x01\x00 and more of it".repeat(20);
    match refused(&name, &bytes, "a program") {
        error @ HeaderError::Foreign { found } => {
            assert_eq!(&found, b"\x7fELF\x02\x01\x01\x00");
            let text = error.to_string();
            assert!(
                text.contains(r"`\x7fELF\x02\x01\x01\x00`, not `SHMSTATE`"),
                "{text}"
            );
        }
        other => panic!("{other:?}"),
    }
    bytes.fill(0);
    let error = refused(&name, &bytes, "zeros");
    assert_eq!(error, HeaderError::Foreign { found: [0; 8] });
    forge::unlink(&name);
}

fn the_other_byte_order_is_told() {
    let name = name("order");
    let mut bytes = whole(&name);
    for (field, place) in forge::FIELDS {
        if !["magic", "id", "reserved"].contains(&field) {
            bytes[place].reverse();
        }
    }
    assert_eq!(refused(&name, &bytes, "big-endian"), HeaderError::ByteOrder);
    forge::unlink(&name);
}

// If wrong: an error about a field of which the newer format may have made something else.
fn a_newer_format_is_told_whatever_follows() {
    let name = name("newer");
    let mut bytes = whole(&name);
    let mut random = forge::Random::new(1);
    for version in [2, 3, 1000, u32::MAX] {
        let found = HeaderError::NewerFormat {
            found: version,
            supported: 1,
        };
        forge::set(&mut bytes, "version", u64::from(version));
        forge::seal(&mut bytes);
        assert_eq!(refused(&name, &bytes, "sealed"), found);
        let rest = random.bytes(bytes.len() - 12);
        bytes[12..].copy_from_slice(&rest);
        assert_eq!(refused(&name, &bytes, "all else differs"), found);
    }
    forge::unlink(&name);
}

fn slots_of_another_length_are_refused_even_if_sealed() {
    let name = name("slots");
    let bytes = whole(&name);
    for value in [0, 1, 8, 47] {
        let mut bytes = bytes.clone();
        assert!(value < forge::get(&bytes, "slots_len"));
        forge::set(&mut bytes, "slots_len", value);
        forge::seal(&mut bytes);
        forge::put(&name, &bytes);
        for result in [
            Shared::<Progress>::open(&name).map(drop),
            ReadOnly::<Progress>::open(&name).map(drop),
        ] {
            assert!(
                matches!(result, Err(OpenError::Mismatch { .. })),
                "{value}: {result:?}"
            );
        }
        assert_eq!(forge::bytes(&name), Some(bytes));
    }
    forge::unlink(&name);
}

fn a_damaged_segment_does_not_count_as_stale() {
    let name = name("damaged");
    let mut bytes = whole(&name);
    forge::set(&mut bytes, "created", 1);
    forge::put(&name, &bytes);
    let created = Shared::<Progress>::creating()
        .fresh()
        .create(&name, progress());
    let taken = matches!(created, Err(shmstate::CreateError::AlreadyExists { .. }));
    assert!(taken, "{created:?}");
    assert_eq!(forge::bytes(&name), Some(bytes));
    forge::unlink(&name);
}

fn a_truncated_segment_can_be_removed() {
    let name = name("truncated");
    let bytes = whole(&name);
    for cut in [8, 100, 192, bytes.len() - 1] {
        forge::put(&name, &bytes[..cut]);
        remove(&name).expect("it begins as a segment does");
        assert_eq!(forge::bytes(&name), None);
    }
    forge::put(&name, &bytes[..7]);
    let removed = remove(&name);
    assert!(
        matches!(removed, Err(RemoveError::Foreign { .. })),
        "{removed:?}"
    );
    forge::unlink(&name);
}
