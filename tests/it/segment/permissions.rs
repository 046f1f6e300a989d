//! Segments of other users, and permission bits.

use shared_testkit::{self as support, Test, forge, os, tests};

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

use shmstate::{CreateError, OpenError, ReadOnly, RemoveError, Shared, remove};
use support::{assert_success, in_child, name, skip};

pub(crate) const TESTS: &[Test] = tests![
    a_segment_of_another_user_is_refused_unless_asked_for,
    the_mode_says_what_other_users_may_do,
    the_mode_is_exact_whatever_the_umask,
    a_strange_umask_does_not_stop_a_user,
    root_too_must_ask_for_a_segment_of_another_user,
    another_user_can_neither_remove_nor_replace_a_segment,
    a_drop_after_a_change_of_user_fails_in_silence,
    a_live_creator_that_cannot_be_looked_into_is_not_swept,
];

/// The user `nobody`.
const OTHER: u32 = 65534;

fn need_root() {
    if !os::is_root() {
        skip("only root can become another user");
    }
}

/// Runs `f` in a child of another user.
#[track_caller]
fn as_other(f: impl FnOnce()) {
    assert_success(in_child(|| {
        os::become_user(OTHER);
        os::set_dumpable(true);
        f();
    }));
}

fn foreign(result: Result<(), OpenError>, name: &str, owner: u32) {
    match result {
        Err(error @ OpenError::ForeignOwner { .. }) => {
            let begins = format!("segment `{name}` belongs to user {owner}");
            assert!(error.to_string().starts_with(&begins), "{error}");
        }
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn denied(result: Result<(), OpenError>, to_write: bool) {
    match result {
        Err(OpenError::PermissionDenied { writable, .. }) => assert_eq!(writable, to_write),
        other => panic!("{other:?}"),
    }
}

fn write_trusting(name: &str) -> Result<Shared<u64>, OpenError> {
    Shared::<u64>::opening().foreign_owner().open(name)
}

fn read_trusting(name: &str) -> Result<ReadOnly<u64>, OpenError> {
    ReadOnly::<u64>::opening().foreign_owner().open(name)
}

// If wrong: "Ok(())": another user's segment is taken for one's own.
fn a_segment_of_another_user_is_refused_unless_asked_for() {
    need_root();
    let name = name("foreign");
    // Even if its mode would allow all.
    let state = Shared::<u64>::creating()
        .mode(0o666)
        .create(&name, 7)
        .expect("create");
    let token = state.token();
    as_other(|| {
        foreign(Shared::<u64>::open(&name).map(drop), &name, 0);
        foreign(ReadOnly::<u64>::open(&name).map(drop), &name, 0);
        foreign(Shared::<u64>::from_token(&token).map(drop), &name, 0);
        match Shared::<u64>::open_or_create(&name, || 8) {
            Err(CreateError::Open(error)) => foreign(Err(error), &name, 0),
            other => panic!("{other:?}"),
        }
        write_trusting(&name)
            .expect("asked for, and allowed")
            .set(8);
    });
    assert_eq!(state.get(), 8);
    drop(state);
    // Nor if it allows nothing, whichever of the two is found first.
    let state = Shared::create(&name, 7_u64).expect("create");
    let token = state.token();
    as_other(|| {
        for result in [
            Shared::<u64>::open(&name).map(drop),
            ReadOnly::<u64>::open(&name).map(drop),
            Shared::<u64>::from_token(&token).map(drop),
        ] {
            match result {
                Err(OpenError::ForeignOwner { .. } | OpenError::PermissionDenied { .. }) => {}
                other => panic!("{other:?}"),
            }
        }
    });
}

fn the_mode_says_what_other_users_may_do() {
    need_root();
    let name = name("mode");
    for (mode, readable, writable) in [
        (0o600, false, false),
        (0o640, false, false),
        (0o660, false, false),
        (0o644, true, false),
        (0o666, true, true),
        (0o604, true, false),
    ] {
        let state = Shared::<u64>::creating()
            .mode(mode)
            .create(&name, 7)
            .expect("create");
        as_other(|| {
            println!("{mode:o}");
            if readable {
                assert_eq!(read_trusting(&name).expect("0o4 allows it").get(), 7);
            } else {
                denied(read_trusting(&name).map(drop), false);
            }
            if writable {
                write_trusting(&name).expect("0o6 allows it").set(8);
            } else {
                denied(write_trusting(&name).map(drop), true);
            }
        });
        assert_eq!(state.get(), if writable { 8 } else { 7 }, "{mode:o}");
    }
}

#[track_caller]
fn check_mode(name: &str, mode: u32) {
    let state = Shared::<u64>::creating()
        .mode(mode)
        .create(name, 7)
        .expect("create");
    let found = fs::metadata(forge::path(name)).expect("it is there");
    assert_eq!(found.permissions().mode() & 0o7777, mode, "{mode:o}");
    drop(state);
}

// If wrong: "left: 0o600 …": the umask took bits away, or none were added.
fn the_mode_is_exact_whatever_the_umask() {
    let name = name("exact");
    for umask in [0o022, 0, 0o777, 0o077] {
        os::umask(umask);
        for mode in [0o600, 0o644, 0o660, 0o666, 0o640, 0o777, 0o400] {
            check_mode(&name, mode);
        }
        let state = Shared::create(&name, 7_u64).expect("create");
        let found = fs::metadata(forge::path(&name)).expect("it is there");
        assert_eq!(
            found.permissions().mode() & 0o7777,
            0o600,
            "umask {umask:o}"
        );
        drop(state);
    }
}

// If wrong: "could not create the shared memory: Permission denied".
fn a_strange_umask_does_not_stop_a_user() {
    need_root();
    let name = name("strange");
    as_other(|| {
        for umask in [0o777, 0o400, 0o200, 0o600] {
            os::umask(umask);
            check_mode(&name, 0o600);
            check_mode(&name, 0o644);
            check_mode(&name, 0o400);
            assert_eq!(forge::inode(&name), None);
        }
    });
}

fn root_too_must_ask_for_a_segment_of_another_user() {
    need_root();
    let name = name("theirs");
    let options = Shared::<u64>::creating().lifetime(shmstate::Lifetime::Kept);
    as_other(|| drop(options.create(&name, 7).expect("create")));
    let owner = fs::metadata(forge::path(&name)).expect("it is there").uid();
    assert_eq!(owner, OTHER);
    foreign(Shared::<u64>::open(&name).map(drop), &name, OTHER);
    foreign(ReadOnly::<u64>::open(&name).map(drop), &name, OTHER);
    assert_eq!(write_trusting(&name).expect("root may").get(), 7);
    remove(&name).expect("root may");
}

// If wrong: "Ok(())", or the segment is gone.
fn another_user_can_neither_remove_nor_replace_a_segment() {
    need_root();
    let name = name("sticky");
    for mode in [0o600, 0o644, 0o666] {
        let stale = in_child(|| {
            let state = Shared::<u64>::creating().mode(mode).create(&name, 7);
            core::mem::forget(state.expect("create"));
        });
        assert_success(stale);
        let before = forge::inode(&name);
        as_other(|| {
            match remove(&name) {
                Err(error @ RemoveError::PermissionDenied { .. }) => {
                    let text = format!("segment `{name}` belongs to another user");
                    assert!(error.to_string().starts_with(&text), "{error}");
                }
                other => panic!("{other:?}"),
            }
            let replaced = Shared::<u64>::creating().fresh().create(&name, 8);
            let taken = matches!(replaced, Err(CreateError::AlreadyExists { .. }));
            assert!(taken, "{replaced:?}");
        });
        assert_eq!(forge::inode(&name), before);
        remove(&name).expect("its owner may");
    }
}

fn a_drop_after_a_change_of_user_fails_in_silence() {
    need_root();
    let name = name("changed");
    let state = Shared::create(&name, 7_u64).expect("create");
    drop(state.clone());
    assert_success(in_child(|| {
        let state = Shared::create(&format!("{name}-2"), 8_u64).expect("create");
        os::become_user(OTHER);
        drop(state);
    }));
    // Left for its owner: nobody else may remove it.
    remove(&format!("{name}-2")).expect("it is there");
    chown(forge::path(&name), Some(OTHER), None).expect("root may");
    drop(state);
    assert_eq!(
        forge::inode(&name),
        None,
        "root may remove what was given away"
    );
}

// If wrong: "could not publish the segment: No such file or directory": it was taken for dead.
fn a_live_creator_that_cannot_be_looked_into_is_not_swept() {
    need_root();
    let name = name("hidden");
    let (filling, tell_filling) = support::pipe();
    let (go_on, tell_go_on) = support::pipe();
    let creator = support::start(|| {
        // Without this right even processes of the same user are kept from looking.
        os::become_user(OTHER);
        os::set_dumpable(false);
        let state = Shared::<u64>::create_with(&name, |slots| {
            tell_filling.tell();
            go_on.wait();
            slots.set(7);
        });
        assert_eq!(state.expect("it lives").get(), 7);
    });
    filling.wait();
    let sweeper = in_child(|| {
        let mounted =
            os::private_mounts().and_then(|()| os::mount("proc", "/proc", "proc", 0, "hidepid=2"));
        if let Err(error) = mounted {
            println!("not permitted here: mounting /proc with hidepid: {error}");
            std::process::exit(3);
        }
        os::become_user(OTHER);
        os::set_dumpable(true);
        let hidden = !fs::exists(format!("/proc/{}", creator.id())).expect("/proc is mounted");
        assert!(hidden, "hidepid hides nothing");
        drop(Shared::create(&format!("{name}-2"), 1_u64).expect("create"));
    });
    tell_go_on.tell();
    if sweeper.code() == Some(3) {
        creator.wait();
        skip("mounting /proc with hidepid is not permitted here");
    }
    assert_success(sweeper);
    assert_success(creator.wait());
}
