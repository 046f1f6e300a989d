//! What can be the name of a segment.

use shared_testkit::{self as support, Test, forge, tests};

use std::time::Duration;

use shmstate::{CreateError, NameError, OpenError, ReadOnly, RemoveError, Shared, remove};
use support::name;

pub(crate) const TESTS: &[Test] = tests![
    an_impossible_name_is_refused_by_every_call,
    the_longest_name_works,
    names_with_odd_characters_are_names,
];

/// Every call that takes a name, one after the other.
#[track_caller]
fn refuse(text: &str, expected: &NameError) {
    let refused = Some(expected.clone());
    let created = |result: Result<Shared<u64>, CreateError>| match result {
        // `open_or_create` looks for the name first.
        Err(CreateError::Name(error) | CreateError::Open(OpenError::Name(error))) => Some(error),
        _ => None,
    };
    let opened = |result: Result<(), OpenError>| match result {
        Err(OpenError::Name(error)) => Some(error),
        _ => None,
    };
    let options = Shared::<u64>::creating()
        .fresh()
        .lifetime(shmstate::Lifetime::Kept);
    assert_eq!(created(Shared::create(text, 1)), refused);
    assert_eq!(created(Shared::create_zeroed(text)), refused);
    assert_eq!(created(Shared::create_with(text, |_| {})), refused);
    assert_eq!(created(Shared::open_or_create(text, || 1)), refused);
    assert_eq!(created(Shared::open_or_create_with(text, |_| {})), refused);
    assert_eq!(created(options.create(text, 1)), refused);
    assert_eq!(opened(Shared::<u64>::open(text).map(drop)), refused);
    assert_eq!(opened(ReadOnly::<u64>::open(text).map(drop)), refused);
    // At once: there is nothing to wait for.
    let patient = Shared::<u64>::opening().wait(Duration::MAX);
    assert_eq!(opened(patient.open(text).map(drop)), refused);
    let token = format!("shmstate:name:{:032x}:{text}", 1);
    assert_eq!(opened(Shared::<u64>::from_token(&token).map(drop)), refused);
    match remove(text) {
        Err(RemoveError::Name(error)) => assert_eq!(&error, expected),
        other => panic!("{text:?} was removed: {other:?}"),
    }
}

// If wrong: "left: None", since the call went on to the system with the name.
fn an_impossible_name_is_refused_by_every_call() {
    let text = |text: &str| text.to_owned();
    refuse("", &NameError::Empty);
    for name in ["/", "/progress", "a/b", "progress/", "../shm/a"] {
        refuse(name, &NameError::Slash { name: text(name) });
    }
    for name in ["\0", "a\0b", "progress\0"] {
        refuse(name, &NameError::Nul { name: text(name) });
    }
    for name in [".", "..", ".shmstate-", ".shmstate-1-2-3-4"] {
        refuse(name, &NameError::Reserved { name: text(name) });
    }
    for length in [254, 255, 256, 4096, 1 << 20] {
        let limit = 253;
        refuse(&"n".repeat(length), &NameError::TooLong { length, limit });
    }
    // Counted in bytes.
    let (length, limit) = (254, 253);
    refuse(&"é".repeat(127), &NameError::TooLong { length, limit });
}

fn the_longest_name_works() {
    let short = name("");
    let longest = format!("{short}{}", "n".repeat(253 - short.len()));
    let ours = Shared::create(&longest, 1_u64).expect("253 bytes are allowed");
    assert_eq!(Shared::name(&ours), Some(longest.as_str()));
    assert_eq!(Shared::<u64>::open(&longest).expect("open").get(), 1);
    assert_eq!(ReadOnly::<u64>::open(&longest).expect("open").get(), 1);
    let theirs = Shared::<u64>::from_token(&ours.token()).expect("from_token");
    assert_eq!(theirs.get(), 1);
    remove(&longest).expect("remove");
    assert_eq!(forge::inode(&longest), None);
}

fn names_with_odd_characters_are_names() {
    for odd in [
        "with space",
        "näme",
        "a:b",
        "new\nline",
        "%s%n",
        "-rf",
        ".x",
        "...",
        "\\",
        "*",
    ] {
        let name = name(odd);
        let ours = Shared::create(&name, 1_u64).expect(odd);
        let theirs = Shared::<u64>::from_token(&ours.token()).expect(odd);
        assert_eq!(Shared::name(&theirs), Some(name.as_str()));
        drop(ours);
        assert_eq!(forge::inode(&name), None, "{odd:?}");
    }
}
