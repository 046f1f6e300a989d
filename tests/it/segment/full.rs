//! A full `/dev/shm`, in a mount namespace of the test's own.

use shared_testkit::{self as support, Test, forge, os, tests};

use std::fs;

use shmstate::{CreateError, Shared, SharedState, Zeroed};
use support::name;

pub(crate) const TESTS: &[Test] = tests![
    a_segment_larger_than_the_room_is_refused_and_leaves_nothing,
    a_segment_that_was_created_has_its_memory_however_full_it_becomes,
    room_that_is_given_back_can_be_had_again,
];

const ROOM: usize = 64 << 10;

/// Gives this process a `/dev/shm` of 64 KiB.
fn small_room() {
    let data = format!("size={ROOM},mode=1777");
    if let Err(error) =
        os::private_mounts().and_then(|()| os::mount("none", "/dev/shm", "tmpfs", 0, &data))
    {
        support::skip(&format!(
            "mounting a small /dev/shm is not permitted here: {error}"
        ));
    }
}

/// All that lies in `/dev/shm`, which is this process's own.
fn everything() -> Vec<String> {
    let entries = fs::read_dir("/dev/shm").expect("it is mounted");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
    entries
        .map(|entry| name(entry).to_string_lossy().into_owned())
        .collect()
}

/// Writes a file until nothing more fits.
fn fill_up() {
    let path = forge::path("filler");
    for len in (0..=ROOM).rev().step_by(512) {
        let _ = fs::write(&path, vec![1; len]);
        if fs::metadata(&path).is_ok_and(|m| m.len() == len as u64) {
            break;
        }
    }
    let more = fs::write(forge::path("more"), [1; 4096]);
    assert!(more.is_err(), "it is not full");
    let _ = fs::remove_file(forge::path("more"));
}

#[track_caller]
fn no_space<T: SharedState + Zeroed>(name: &str) {
    let look = || {
        let descriptors = support::our_descriptors();
        (everything(), support::mappings(), descriptors)
    };
    let before = look();
    let needs = size_of::<T::Slots>() as u64;
    match Shared::<T>::create_zeroed(name) {
        Err(error @ CreateError::NoSpace { .. }) => {
            let CreateError::NoSpace { segment, needed } = &error else {
                unreachable!()
            };
            assert_eq!(*segment, format!("segment `{name}`"));
            assert!((needs..needs + 1024).contains(needed), "{needed}");
            let text = format!("segment `{name}`: no room for {needed} bytes of shared memory");
            assert!(error.to_string().starts_with(&text), "{error}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(look(), before, "something was left");
}

// If wrong: "Ok(...)", or "something was left".
fn a_segment_larger_than_the_room_is_refused_and_leaves_nothing() {
    small_room();
    let name = name("large");
    no_space::<[u8; ROOM]>(&name);
    no_space::<[u64; ROOM]>(&name);
    no_space::<[u64; 1 << 30]>(&name);
    // It was not for good: what fits can be had.
    let state = Shared::<[u8; ROOM / 2]>::create_zeroed(&name).expect("there is room");
    no_space::<[u8; ROOM / 2]>(&format!("{name}-2"));
    state[ROOM / 2 - 1].set(1);
    drop(state);
    assert!(everything().is_empty());
}

// If wrong: "the test's process ended with signal: 7 (SIGBUS)".
fn a_segment_that_was_created_has_its_memory_however_full_it_becomes() {
    small_room();
    let name = name("reserved");
    let state = Shared::<[u64; 4096]>::create_zeroed(&name).expect("there is room");
    fill_up();
    no_space::<[u8; 4096]>(&format!("{name}-2"));
    for (slot, value) in state.iter().zip(1..) {
        slot.set(value);
    }
    let opened = Shared::<[u64; 4096]>::open(&name).expect("opening takes no room");
    assert!(
        opened
            .iter()
            .zip(1..)
            .all(|(slot, value)| slot.get() == value)
    );
    let view = opened.read_only();
    assert_eq!(view[4095].get(), 4096);
    drop(state);
    assert_eq!(everything(), ["filler"]);
}

/// More than half of the room.
type More = [u8; ROOM / 2 + 4096];

fn room_that_is_given_back_can_be_had_again() {
    small_room();
    let name = name("again");
    for _ in 0..50 {
        let state = Shared::<More>::create_zeroed(&name).expect("there is room");
        state[7].set(1);
    }
    // Freed with the last handle, not with the name.
    let state = Shared::<More>::create_zeroed(&name).expect("there is room");
    let opened = Shared::<[u8; ROOM / 2 + 4096]>::open(&name).expect("open");
    drop(state);
    assert!(everything().is_empty());
    no_space_at_all(&name);
    drop(opened);
    drop(Shared::<More>::create_zeroed(&name).expect("there is room"));
}

fn no_space_at_all(name: &str) {
    let created = Shared::<More>::create_zeroed(name).map(drop);
    assert!(
        matches!(created, Err(CreateError::NoSpace { .. })),
        "{created:?}"
    );
}
