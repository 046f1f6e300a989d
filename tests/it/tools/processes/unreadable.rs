//! Segments that are damaged, files that are none, and bytes of any kind.
//!
//! If any of this were wrong, it would print a panic of the library, or "listed".

use shmstate::processes::{Liveness, Place, SegmentInfo, segment, segments};
use shmstate::{HeaderError, OpenError, remove};

use super::forge::{self, Entry};
use super::os;
use super::support::{amount, name, watchdog};
use super::{leave, look};

fn listed(name: &str) -> Option<SegmentInfo> {
    let all = segments().expect("/proc is mounted");
    let place = Place::Named {
        name: name.to_owned(),
    };
    all.into_iter().find(|segment| segment.place == place)
}

/// What is wrong with it. It is listed as unreadable, and can be removed.
#[track_caller]
fn damage(name: &str) -> HeaderError {
    let found = look(name);
    assert_eq!(found.liveness, Liveness::Unreadable);
    assert_eq!(found.token(), None);
    found.description.expect_err("it is damaged")
}

pub(crate) fn every_damaged_header_field_is_told() {
    let name = name("field");
    leave(&name);
    let whole = forge::bytes(&name).expect("it is there");
    let checksum = ("checksum", forge::CHECKSUM);
    for (field, place) in forge::FIELDS.into_iter().chain([checksum]) {
        if field == "magic" {
            continue;
        }
        for byte in place {
            let mut bytes = whole.clone();
            bytes[byte] ^= 0xff;
            forge::put(&name, &bytes);
            let damage = segment(&name).expect("it is there").description;
            let text = damage.expect_err(field).to_string();
            assert!(!text.is_empty());
        }
    }
    // By name, one of them as it is listed.
    let mut bytes = whole.clone();
    forge::set(&mut bytes, "slots_len", u64::MAX);
    forge::put(&name, &bytes);
    match damage(&name) {
        HeaderError::Field { field, .. } => assert_eq!(field, "slots_len"),
        other => panic!("{other:?}"),
    }
    let mut bytes = whole.clone();
    forge::set(&mut bytes, "version", 99);
    forge::put(&name, &bytes);
    match damage(&name) {
        HeaderError::NewerFormat { found, .. } => assert_eq!(found, 99),
        other => panic!("{other:?}"),
    }
    look(&name).remove_unused().expect("nobody has it");
    assert!(listed(&name).is_none());
}

pub(crate) fn a_truncated_segment_is_told_as_long_as_it_begins_as_one() {
    let name = name("truncated");
    leave(&name);
    let whole = forge::bytes(&name).expect("it is there");
    for length in [8, 9, 100, 191, 192, 200, whole.len() - 1] {
        forge::put(&name, &whole[..length]);
        assert!(
            matches!(damage(&name), HeaderError::TooShort { .. }),
            "{length} bytes"
        );
    }
    for length in [0, 1, 7] {
        forge::put(&name, &whole[..length]);
        assert!(listed(&name).is_none(), "listed, of {length} bytes");
        let error = segment(&name).expect_err("that is none");
        assert!(matches!(error, OpenError::Header { .. }), "{error}");
    }
    forge::unlink(&name);
}

pub(crate) fn what_is_no_segment_is_not_listed() {
    let name = name("foreign");
    let path = forge::path(&name);
    let check = |what| {
        assert!(listed(&name).is_none(), "listed: {what}");
        match segment(&name) {
            Err(error @ OpenError::Header { .. }) => {
                assert!(error.to_string().contains("choose another name"), "{error}");
            }
            other => panic!("{what}: {other:?}"),
        }
    };
    forge::put(&name, &[b'x'; 4096]);
    check("another program's file");
    forge::unlink(&name);
    std::fs::create_dir(&path).expect("the name is free");
    check("a folder");
    std::fs::remove_dir(&path).expect("it is empty");
    os::make_fifo(&path);
    check("a named pipe");
    forge::unlink(&name);
    let target = name.clone() + "-target";
    leave(&target);
    std::os::unix::fs::symlink(forge::path(&target), &path).expect("the name is free");
    check("a link");
    forge::unlink(&name);
    remove(&target).expect("it is there");
    match segment(&name) {
        Err(OpenError::NotFound { name: told, .. }) => assert_eq!(told, name),
        other => panic!("{other:?}"),
    }
    for bad in ["", "a/b", "..", ".shmstate-1-1-1-1-1"] {
        assert!(matches!(segment(bad), Err(OpenError::Name(_))), "{bad}");
    }
}

pub(crate) fn a_damaged_field_table_is_told() {
    let name = name("table");
    let root = || Entry::new(forge::STRUCT, 0);
    let deep = Entry::new(forge::U8, 7);
    let long = Entry {
        name_len: 1 << 20,
        ..Entry::new(forge::U8, 1)
    };
    for entries in [vec![root(), deep], vec![root(), long], vec![deep]] {
        forge::put(&name, &forge::segment(&entries, b""));
        assert!(matches!(damage(&name), HeaderError::Table { .. }));
    }
    // More than is read of one.
    let many = vec![Entry::new(forge::U8, 1); (1 << 16) + 1];
    forge::put(&name, &forge::segment(&many, b""));
    assert!(matches!(damage(&name), HeaderError::Table { .. }));
    // A name of a length that no type has is cut, and one that no program reads is an error.
    let strings = vec![b'x'; 1 << 11];
    let named = |name_len| Entry { name_len, ..root() };
    forge::put(&name, &forge::segment(&[named(1 << 11)], &strings));
    assert!(matches!(damage(&name), HeaderError::Table { .. }));
    let root = named(1 << 10);
    forge::put(&name, &forge::segment(&[root], &strings));
    let found = look(&name).description.expect("it is whole");
    assert_eq!((found.type_name.len(), found.fields), (256, 0));
    forge::unlink(&name);
}

pub(crate) fn any_bytes_are_looked_at_without_a_panic() {
    watchdog(300);
    let name = name("any");
    let mut random = forge::Random::new(20);
    let mut whole = 0;
    let rounds = amount(120, 400);
    for round in 0..rounds {
        let length = 64 * (1 + random.below(20));
        let table = random.bytes(length);
        let strings = random.bytes(64);
        let mut bytes = forge::segment_of_bytes(table, &strings);
        match round % 4 {
            // A header that is right, and a table of anything.
            0 => {}
            // A tree of anything.
            1 => {
                for entry in 0..length / 64 {
                    let at = forge::HEADER_LEN + entry * 64;
                    bytes[at..at + 8].fill(0);
                    let depth = u8::from(entry > 0);
                    bytes[at + 12..at + 16].copy_from_slice(&[depth, 0, 0, 0]);
                }
            }
            // A header that is nearly right, and says so.
            2 => {
                let at = 8 + random.below(forge::CHECKSUM.start - 8);
                bytes[at] = random.bytes(1)[0];
                forge::seal(&mut bytes);
            }
            _ => {
                let rest = random.bytes(bytes.len() - 8);
                bytes[8..].copy_from_slice(&rest);
            }
        }
        forge::put(&name, &bytes);
        let found = segment(&name).expect("it begins as one");
        whole += usize::from(found.description.is_ok());
        let _ = format!("{found:?} {} {}", found.place, found.liveness);
        assert!(found.processes.found.is_empty());
    }
    assert!(whole >= rounds / 4, "too few were read: {whole}");
    assert!(listed(&name).is_some());
    forge::unlink(&name);
}
