//! Segments and their files: what creating, opening and removing do.

use shared_testkit::{self as support, Test, forge, os, tests};

use std::fs;
use std::num::NonZero;
use std::os::unix::net::UnixListener;
use std::time::Duration;

use shmstate::{CreateError, OpenError, ReadOnly, RemoveError, Shared, SharedState, remove};
use support::name;

pub(crate) const TESTS: &[Test] = tests![
    the_file_is_as_long_as_the_layout_needs,
    a_second_attach_in_the_same_process_sees_every_write,
    creating_an_existing_name_fails_and_leaves_it_untouched,
    whatever_has_the_name_is_left_alone_by_every_call,
    a_link_to_a_segment_is_not_followed,
    opening_a_missing_name_is_not_found,
    waiting_for_a_name_that_never_comes_times_out,
    removing_twice_is_not_found_the_second_time,
    creating_again_after_removal_makes_another_instance,
    the_old_creators_drop_leaves_the_new_segment_of_the_name,
    a_failed_create_leaves_nothing_behind,
    a_kept_name_outlives_its_creator,
];

#[derive(SharedState, Clone, Debug, PartialEq)]
struct Door {
    open: bool,
    visits: u64,
    limit: NonZero<u32>,
    log: [u16; 5],
}

fn door() -> Door {
    Door {
        open: true,
        visits: 7,
        limit: NonZero::new(9).expect("9 is not 0"),
        log: [1, 2, 3, 4, 5],
    }
}

fn check_length<T: SharedState>(value: T) {
    let name = name("length");
    let state = Shared::create(&name, value).expect("create");
    let bytes = forge::bytes(&name).expect("the file is there");
    let needed = forge::get(&bytes, "slots_offset") + forge::get(&bytes, "slots_len");
    let schema = Shared::<T>::schema();
    let len = bytes.len() as u64;
    assert_eq!(
        forge::get(&bytes, "slots_len"),
        size_of::<T::Slots>() as u64
    );
    assert_eq!(schema.size(), size_of::<T::Slots>());
    assert!(needed <= forge::get(&bytes, "total_len"), "{schema}");
    assert_eq!(forge::get(&bytes, "total_len"), len, "{schema}");
    assert_eq!(forge::get(&bytes, "fingerprint"), schema.fingerprint());
    // The kernel's word for it, and where the slots lie within.
    let maps = fs::read_to_string("/proc/self/maps").expect("/proc is mounted");
    let line = maps.lines().find(|line| line.ends_with(name.as_str()));
    let (range, _) = line.expect("mapped").split_once(' ').expect("a range");
    let (start, end) = range.split_once('-').expect("a range");
    let address = |text| u64::from_str_radix(text, 16).expect("hexadecimal");
    let slots = (&raw const *state).addr() as u64;
    assert_eq!(slots, address(start) + forge::get(&bytes, "slots_offset"));
    assert!(slots + schema.size() as u64 <= address(end));
}

fn the_file_is_as_long_as_the_layout_needs() {
    check_length(1_u8);
    check_length(());
    check_length([1_u8; 64]);
    check_length([1_u8; 65]);
    check_length([[1_u32; 7]; 500]);
    check_length(door());
}

fn a_second_attach_in_the_same_process_sees_every_write() {
    let name = name("twice");
    let first = Shared::create(&name, [0_u32; 64]).expect("create");
    let second = Shared::<[u32; 64]>::open(&name).expect("open");
    let third = ReadOnly::<[u32; 64]>::open(&name).expect("open");
    assert_ne!((&raw const *first).addr(), (&raw const *second).addr());
    assert_eq!(Shared::id(&first), Shared::id(&second));
    for (i, value) in (0..64).zip(1..) {
        let (writer, reader) = if i % 2 == 0 {
            (&first, &second)
        } else {
            (&second, &first)
        };
        writer[i].set(value);
        assert_eq!((reader[i].get(), third[i].get()), (value, value));
        reader[i].fetch_add(100);
        assert_eq!(
            (writer[i].get(), third[i].get()),
            (value + 100, value + 100)
        );
    }
    // Each has a mapping of its own: the others stay when one goes, whichever made the segment.
    drop(first);
    second[0].set(5);
    assert_eq!(third[0].get(), 5);
    assert_eq!(forge::inode(&name), None, "the creator's handle is gone");
}

fn creating_an_existing_name_fails_and_leaves_it_untouched() {
    let name = name("taken");
    let ours = Shared::create(&name, door()).expect("create");
    let before = (forge::bytes(&name), forge::inode(&name));
    let options = Shared::<u64>::creating();
    let attempts: [(&str, Result<Shared<u64>, CreateError>); 6] = [
        ("create", Shared::create(&name, 1)),
        ("create_zeroed", Shared::create_zeroed(&name)),
        ("create_with", options.create_with(&name, |s| s.set(1))),
        ("mode", options.mode(0o666).create(&name, 1)),
        (
            "lifetime",
            options.lifetime(shmstate::Lifetime::Kept).create(&name, 1),
        ),
        ("fresh", options.fresh().create(&name, 1)),
    ];
    for (call, result) in attempts {
        match result {
            Err(CreateError::AlreadyExists { name: told }) => assert_eq!(told, name, "{call}"),
            other => panic!("{call}: {other:?}"),
        }
    }
    match Shared::<u64>::open_or_create(&name, || panic!("there is one")) {
        Err(CreateError::Open(OpenError::Mismatch { .. })) => {}
        other => panic!("a segment of other fields was opened or replaced: {other:?}"),
    }
    assert_eq!((forge::bytes(&name), forge::inode(&name)), before);
    assert_eq!(ours.snapshot(), door());
    assert!(forge::half_built(std::process::id()).is_empty());
}

// If wrong: "a socket: changed", or the test hangs at the named pipe.
fn whatever_has_the_name_is_left_alone_by_every_call() {
    let name = name("foreign");
    let path = forge::path(&name);
    let make: [(&str, &dyn Fn()); 7] = [
        ("an empty file", &|| forge::put(&name, b"")),
        ("a short file", &|| forge::put(&name, b"SHM")),
        ("a foreign file", &|| forge::put(&name, &[b'x'; 4096])),
        ("a directory", &|| fs::create_dir(&path).expect("mkdir")),
        ("a symlink", &|| {
            std::os::unix::fs::symlink("/dev/zero", &path).expect("symlink");
        }),
        ("a named pipe", &|| os::make_fifo(&path)),
        ("a socket", &|| {
            drop(UnixListener::bind(&path).expect("bind"));
        }),
    ];
    for (what, make) in make {
        make();
        let look = || {
            let seen = fs::symlink_metadata(&path).expect(what);
            let bytes = seen.is_file().then(|| forge::bytes(&name));
            (seen.file_type(), seen.len(), forge::inode(&name), bytes)
        };
        let before = look();
        let options = Shared::<u64>::creating().fresh();
        for result in [
            Shared::create(&name, 1_u64),
            options.create(&name, 1),
            options.create_with(&name, |_| {}),
        ] {
            let taken = matches!(result, Err(CreateError::AlreadyExists { .. }));
            assert!(taken, "{what}: {result:?}");
        }
        let opened = Shared::<u64>::open(&name).map(drop);
        assert!(
            matches!(opened, Err(OpenError::Header { .. })),
            "{what}: {opened:?}"
        );
        let opened = ReadOnly::<u64>::open(&name).map(drop);
        assert!(
            matches!(opened, Err(OpenError::Header { .. })),
            "{what}: {opened:?}"
        );
        let opened = Shared::<u64>::open_or_create(&name, || 1).map(drop);
        assert!(
            matches!(opened, Err(CreateError::Open(_))),
            "{what}: {opened:?}"
        );
        let removed = remove(&name);
        assert!(
            matches!(removed, Err(RemoveError::Foreign { .. })),
            "{what}: {removed:?}"
        );
        assert_eq!(look(), before, "{what}: changed");
        if fs::remove_file(&path).is_err() {
            fs::remove_dir(&path).expect(what);
        }
    }
}

// If wrong: "Ok(())": what another user links to is opened, or removed.
fn a_link_to_a_segment_is_not_followed() {
    let (target, link) = (name("target"), name("link"));
    let ours = Shared::create(&target, 1_u64).expect("create");
    for to in [&target, &link] {
        std::os::unix::fs::symlink(forge::path(to), forge::path(&link)).expect("symlink");
        for opened in [
            Shared::<u64>::open(&link).map(drop),
            ReadOnly::<u64>::open(&link).map(drop),
        ] {
            let refused = matches!(opened, Err(OpenError::Header { .. }));
            assert!(refused, "{opened:?}");
        }
        let removed = remove(&link);
        assert!(
            matches!(removed, Err(RemoveError::Foreign { .. })),
            "{removed:?}"
        );
        forge::unlink(&link);
    }
    assert_eq!(Shared::<u64>::open(&target).expect("it stays").get(), 1);
    drop(ours);
}

fn opening_a_missing_name_is_not_found() {
    let missing = name("missing");
    match Shared::<u64>::open(&missing) {
        Err(OpenError::NotFound { name, .. }) => assert_eq!(name, missing),
        other => panic!("{other:?}"),
    }
    match ReadOnly::<u64>::open(&missing) {
        Err(error @ OpenError::NotFound { .. }) => {
            let begins = format!("no segment named `{missing}`");
            assert!(error.to_string().starts_with(&begins), "{error}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(forge::inode(&missing), None, "opening creates nothing");
}

fn waiting_for_a_name_that_never_comes_times_out() {
    let missing = name("never");
    let limit = Duration::from_millis(30);
    for limit in [Duration::ZERO, limit] {
        match Shared::<u64>::opening().wait(limit).open(&missing) {
            Err(OpenError::TimedOut { name, waited, .. }) => {
                assert_eq!(name, missing);
                assert!(waited >= limit, "{waited:?}");
            }
            other => panic!("{other:?}"),
        }
    }
}

fn removing_twice_is_not_found_the_second_time() {
    let name = name("removed");
    let ours = Shared::create(&name, 1_u64).expect("create");
    remove(&name).expect("it is there");
    for _ in 0..2 {
        match remove(&name) {
            Err(RemoveError::NotFound { name: told, .. }) => assert_eq!(told, name),
            other => panic!("{other:?}"),
        }
    }
    // Those who have it keep it; nobody else gets it.
    ours.set(2);
    assert_eq!(ours.get(), 2);
    let opened = Shared::<u64>::open(&name).map(drop);
    assert!(
        matches!(opened, Err(OpenError::NotFound { .. })),
        "{opened:?}"
    );
    let opened = Shared::<u64>::from_token(&ours.token()).map(drop);
    assert!(
        matches!(opened, Err(OpenError::NotFound { .. })),
        "{opened:?}"
    );
}

fn creating_again_after_removal_makes_another_instance() {
    let name = name("again");
    let first = Shared::create(&name, [1_u64; 4]).expect("create");
    remove(&name).expect("it is there");
    let second = Shared::<[u64; 4]>::create_zeroed(&name).expect("the name is free");
    assert_ne!(Shared::id(&first), Shared::id(&second));
    assert_eq!(second.snapshot(), [0; 4], "nothing of the first is left");
    second[0].set(9);
    assert_eq!(first.snapshot(), [1; 4], "each has memory of its own");
    match Shared::<[u64; 4]>::from_token(&first.token()) {
        Err(OpenError::WrongInstance {
            expected, found, ..
        }) => {
            assert_eq!((expected, found), (Shared::id(&first), Shared::id(&second)));
        }
        other => panic!("a stale token was accepted: {other:?}"),
    }
}

// If wrong: "the first creator's drop removed it", since it unlinks by name alone.
fn the_old_creators_drop_leaves_the_new_segment_of_the_name() {
    let name = name("reused");
    let first = Shared::create(&name, 1_u64).expect("create");
    remove(&name).expect("it is there");
    let second = Shared::create(&name, 2_u64).expect("the name is free");
    drop(first);
    let third = Shared::<u64>::open(&name).expect("the first creator's drop removed it");
    assert_eq!(Shared::id(&second), Shared::id(&third));
    // Nor does it remove what is no segment.
    drop(third);
    forge::unlink(&name);
    forge::put(&name, b"another program's");
    drop(second);
    assert_eq!(
        forge::bytes(&name).as_deref(),
        Some(&b"another program's"[..])
    );
    forge::unlink(&name);
}

fn a_failed_create_leaves_nothing_behind() {
    let name = name("failed");
    let nothing_left = |what: &str| {
        assert_eq!(forge::inode(&name), None, "{what}");
        let half_built = forge::half_built(std::process::id());
        assert!(half_built.is_empty(), "{what}: {half_built:?}");
        assert!(support::mappings().is_empty(), "{what}");
        assert!(support::our_descriptors().is_empty(), "{what}");
    };
    match Shared::<Door>::create_with(&name, |slots| slots.visits.set(1)) {
        Err(CreateError::Invalid { source, .. }) => assert_eq!(source.field(), "limit"),
        other => panic!("{other:?}"),
    }
    nothing_left("a field without a value");
    let message = support::panic_of(|| {
        Shared::<Door>::create_with(&name, |_| {
            assert_eq!(forge::half_built(std::process::id()).len(), 1);
            panic!("in the initialiser");
        })
    });
    assert_eq!(message, "in the initialiser");
    nothing_left("a panic");
    // A terabyte, of which there is none.
    match Shared::<[u64; 1 << 37]>::create_zeroed(&name) {
        Err(CreateError::NoSpace { needed, .. }) => assert!(needed > 1 << 40),
        other => panic!("{other:?}"),
    }
    nothing_left("no space");
    let message = support::panic_of(|| Shared::<u64>::open_or_create(&name, || panic!("no value")));
    assert_eq!(message, "no value");
    nothing_left("a panic for want of a value");
}

fn a_kept_name_outlives_its_creator() {
    let name = name("kept");
    let options = Shared::<Door>::creating().lifetime(shmstate::Lifetime::Kept);
    let status = support::in_child(|| drop(options.create(&name, door()).expect("create")));
    support::assert_success(status);
    let theirs = Shared::<Door>::open(&name).expect("the name stays");
    assert_eq!(theirs.snapshot(), door());
    drop(theirs);
    let created = Shared::create(&name, door()).map(drop);
    assert!(
        matches!(created, Err(CreateError::AlreadyExists { .. })),
        "{created:?}"
    );
    // What a process has stays, and what none has is replaced if that is asked for, kept or not.
    let fresh = Shared::<Door>::creating().fresh();
    let theirs = Shared::<Door>::open(&name).expect("it is there");
    let same = fresh.open_or_create(&name, || panic!("it is in use"));
    assert_eq!(Shared::id(&same.expect("open")), Shared::id(&theirs));
    drop(theirs);
    let anew = fresh.open_or_create(&name, door).expect("nobody has it");
    assert_eq!(anew.snapshot(), door());
    drop(anew);
    assert_eq!(forge::inode(&name), None, "a creator that drops it");
}
