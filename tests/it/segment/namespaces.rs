//! Processes in other PID, time and mount namespaces, as in containers.

use shared_testkit::{self as support, Test, forge, os, tests};

use std::fs;
use std::process::ExitStatus;

use shmstate::{CreateError, OpenError, ReadOnly, Shared};
use support::{assert_success, in_child, name, pipe, skip, start};

pub(crate) const TESTS: &[Test] = tests![
    another_pid_namespace_may_read_and_not_write,
    another_time_namespace_may_read_and_not_write,
    a_segment_made_within_a_namespace_works_there_and_is_read_outside,
    proc_of_the_outer_namespace_is_no_hindrance,
    without_proc_there_is_an_error_that_says_so,
    a_name_that_leads_to_a_removed_file_is_an_error,
    a_live_creator_in_another_pid_namespace_is_not_swept,
    a_live_creator_in_another_time_namespace_is_not_swept,
    a_live_creator_whose_first_thread_has_ended_is_not_swept,
];

/// How a child says that the system does not let it do what the test needs.
const NOT_PERMITTED: i32 = 77;

#[track_caller]
fn check(status: ExitStatus, what: &str) {
    if status.code() == Some(NOT_PERMITTED) {
        skip(&format!("{what} is not permitted here"));
    }
    assert_success(status);
}

fn permitted(result: std::io::Result<()>) {
    if let Err(error) = result {
        println!("not permitted here: {error}");
        std::process::exit(NOT_PERMITTED);
    }
}

/// Runs `f` in a process of a new PID namespace, with a `/proc` of its own if `mounted`.
fn in_pid_namespace(mounted: bool, f: impl FnOnce()) -> ExitStatus {
    in_child(|| {
        permitted(os::unshare(libc::CLONE_NEWPID));
        // The namespace is that of the children from now on.
        let inner = in_child(|| {
            assert_eq!(std::process::id(), 1);
            if mounted {
                permitted(os::private_mounts());
                permitted(os::mount("proc", "/proc", "proc", 0, ""));
            }
            f();
        });
        std::process::exit(inner.code().unwrap_or(1));
    })
}

/// Runs `f` in a process of a new time namespace, whose clocks since boot show another time.
fn in_time_namespace(f: impl FnOnce()) -> ExitStatus {
    in_child(|| {
        permitted(os::unshare(libc::CLONE_NEWTIME));
        permitted(fs::write("/proc/self/timens_offsets", "boottime 100000 0"));
        let inner = in_child(f);
        std::process::exit(inner.code().unwrap_or(1));
    })
}

/// Opens the segment, made outside, within a namespace: to read is all that works.
fn read_and_not_write(name: &str, token: &str, expected_kind: &str) {
    for result in [Shared::<u64>::open(name), Shared::from_token(token)] {
        match result {
            Err(error @ OpenError::Namespace { .. }) => {
                let text = format!("was created in another {expected_kind} namespace");
                assert!(error.to_string().contains(&text), "{error}");
                assert!(
                    error.to_string().contains("open it as `ReadOnly`"),
                    "{error}"
                );
            }
            other => panic!("{other:?}"),
        }
    }
    let created = Shared::<u64>::open_or_create(name, || 8).map(drop);
    let refused = matches!(created, Err(CreateError::Open(OpenError::Namespace { .. })));
    assert!(refused, "{created:?}");
    assert_eq!(ReadOnly::<u64>::open(name).expect("to read").get(), 7);
    assert_eq!(
        ReadOnly::<u64>::from_token(token).expect("to read").get(),
        7
    );
}

// If wrong: "Ok(7)": ids that mean other processes there would be compared.
fn another_pid_namespace_may_read_and_not_write() {
    let name = name("pid");
    let state = Shared::create(&name, 7_u64).expect("create");
    let token = state.token();
    let status = in_pid_namespace(true, || {
        read_and_not_write(&name, &token, "PID");
        // An inherited handle is as it was.
        assert_eq!(state.get(), 7);
        assert_eq!(state.read_only().get(), 7);
    });
    check(status, "a PID namespace");
    assert!(forge::inode(&name).is_some());
}

// If wrong: "Ok(7)": start times that are shown differently there would be compared.
fn another_time_namespace_may_read_and_not_write() {
    let name = name("time");
    let state = Shared::create(&name, 7_u64).expect("create");
    let token = state.token();
    let status = in_time_namespace(|| read_and_not_write(&name, &token, "time"));
    check(status, "a time namespace");
}

fn a_segment_made_within_a_namespace_works_there_and_is_read_outside() {
    let name = name("within");
    let status = in_pid_namespace(true, || {
        let state = Shared::create(&name, 7_u64).expect("create");
        let token = state.token();
        Shared::<u64>::open(&name).expect("open").set(7);
        assert_success(in_child(|| {
            assert_eq!(Shared::<u64>::from_token(&token).expect("open").get(), 7);
        }));
        core::mem::forget(state);
    });
    check(status, "a PID namespace");
    let opened = Shared::<u64>::open(&name).map(drop);
    assert!(
        matches!(opened, Err(OpenError::Namespace { .. })),
        "{opened:?}"
    );
    assert_eq!(ReadOnly::<u64>::open(&name).expect("to read").get(), 7);
    // Whether it is used is asked of the kernel, not of the ids in it.
    let options = Shared::<u64>::creating().fresh();
    assert_eq!(options.create(&name, 8).expect("nobody has it").get(), 8);
}

// If wrong: "header field `creator_start` is 0", or "No such file or directory" at publication.
fn proc_of_the_outer_namespace_is_no_hindrance() {
    let name = name("outer");
    let status = in_pid_namespace(false, || {
        // While one here builds a segment, another that sweeps does not take it for dead: the process
        // of that id in this `/proc` is another one, or none. Each is the first creation of its process.
        let (filling, tell_filling) = pipe();
        let (go_on, tell_go_on) = pipe();
        let creator = start(|| {
            let state = Shared::<u64>::create_with(&format!("{name}-2"), |_| {
                tell_filling.tell();
                go_on.wait();
            });
            drop(state.expect("it lives"));
        });
        filling.wait();
        let sweep = || drop(Shared::create(&format!("{name}-3"), 1_u64).expect("create"));
        assert_success(in_child(sweep));
        tell_go_on.tell();
        assert_success(creator.wait());

        let state = Shared::create(&name, 7_u64).expect("create");
        assert_eq!(Shared::<u64>::open(&name).expect("open").get(), 7);
        assert_success(in_child(|| {
            assert_eq!(Shared::<u64>::open(&name).expect("open").get(), 7);
        }));
        drop(state);
    });
    check(status, "a PID namespace");
    assert_eq!(forge::inode(&name), None);
}

fn without_proc_there_is_an_error_that_says_so() {
    let name = name("no-proc");
    let made = name.clone() + "-2";
    let state = Shared::create(&name, 7_u64).expect("create");
    let status = in_child(|| {
        permitted(os::private_mounts());
        permitted(os::unmount("/proc"));
        assert!(!fs::exists("/proc/self").expect("a folder"));
        for result in [
            Shared::create(&made, 1_u64),
            Shared::new(1),
            Shared::open_or_create(&made, || 1),
        ] {
            match result {
                Err(error @ CreateError::System { .. }) => {
                    assert!(error.to_string().contains("/proc"), "{error}");
                }
                other => panic!("{other:?}"),
            }
        }
        match Shared::<u64>::open(&name) {
            Err(error @ OpenError::System { .. }) => {
                assert!(error.to_string().contains("/proc"), "{error}");
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(ReadOnly::<u64>::open(&name).expect("to read").get(), 7);
        assert_eq!(state.get(), 7);
        assert_eq!(forge::inode(&made), None);
        assert!(forge::half_built(std::process::id()).is_empty());
    });
    check(status, "unmounting /proc");
}

/// As where a container has a file of its host mounted there. If it were wrong, it would hang: such a file looks as if
/// it had been replaced just now.
fn a_name_that_leads_to_a_removed_file_is_an_error() {
    support::watchdog(100);
    let (place, source) = (name("place"), name("source"));
    let [place_path, source_path] = [&place, &source].map(|name| format!("/dev/shm/{name}"));
    let state = Shared::<u64>::creating()
        .lifetime(shmstate::Lifetime::Kept)
        .create(&source, 7)
        .expect("create");
    fs::write(&place_path, "").expect("a file to mount upon");
    let status = in_child(|| {
        permitted(os::private_mounts());
        permitted(os::mount(&source_path, &place_path, "", libc::MS_BIND, ""));
        assert_eq!(
            Shared::<u64>::open(&place)
                .expect("a file as any other")
                .get(),
            7
        );
        shmstate::remove(&source).expect("remove");
        let error = Shared::<u64>::open(&place).map(drop).expect_err("opened");
        assert!(
            error.to_string().contains("a file that was removed"),
            "{error}"
        );
        assert_eq!(state.get(), 7);
    });
    let _ = fs::remove_file(&source_path);
    fs::remove_file(&place_path).expect("remove");
    check(status, "mounting a file");
}

/// A creator that `run` runs is building a segment when another process, here, creates its first one.
fn sweep_while_one_builds(run: impl FnOnce(&(dyn Fn() + Sync)) -> ExitStatus, what: &str) {
    let name = name("building");
    let (filling, tell_filling) = pipe();
    let (go_on, tell_go_on) = pipe();
    let runner = start(move || {
        let status = run(&|| {
            let state = Shared::<u64>::create_with(&name, |slots| {
                tell_filling.send(b"filling\n");
                go_on.wait();
                slots.set(7);
            });
            assert_eq!(state.expect("it lives").get(), 7);
        });
        std::process::exit(status.code().unwrap_or(1));
    });
    // If it could not start, it has ended, and so has the pipe.
    if filling.line() == "filling" {
        let sweep = || drop(Shared::create(&support::name("sweeper"), 1_u64).expect("create"));
        assert_success(in_child(sweep));
        tell_go_on.tell();
    }
    check(runner.wait(), what);
}

// If wrong: "could not publish the segment: No such file or directory".
fn a_live_creator_in_another_pid_namespace_is_not_swept() {
    sweep_while_one_builds(|f| in_pid_namespace(true, f), "a PID namespace");
}

// If wrong: as above: its start is another number there.
fn a_live_creator_in_another_time_namespace_is_not_swept() {
    sweep_while_one_builds(|f| in_time_namespace(f), "a time namespace");
}

// If wrong: as above: the kernel shows such a process as a zombie.
fn a_live_creator_whose_first_thread_has_ended_is_not_swept() {
    sweep_while_one_builds(|f| in_child(|| os::go_on_in_another_thread(f)), "");
}
