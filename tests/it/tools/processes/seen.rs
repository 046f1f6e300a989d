//! Who may see what: other users, hidden processes, namespaces, and a system without `/proc`.

use std::fs;
use std::os::unix::fs::chown;
use std::process::ExitStatus;

use shmstate::processes::{Liveness, Place, segment, segments};
use shmstate::{OpenError, ReadOnly, RemoveError, Shared};

use super::support::{assert_success, in_child, name, pipe, skip, start};
use super::{Words, create, forge, holder, instance, instances, leave, liveness, look, os, pids};

const NOBODY: u32 = 65_534;
/// How a child says that the system does not let it do what the test needs.
const NOT_PERMITTED: i32 = 77;

/// Runs `f` in a child of another user.
#[track_caller]
pub(crate) fn as_other(f: impl FnOnce()) {
    assert_success(in_child(|| {
        os::become_user(NOBODY);
        os::set_dumpable(true);
        f();
    }));
}

fn need_root() {
    if !os::is_root() {
        skip("only root can become another user");
    }
}

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

// If wrong: a segment that may not be read is listed, or "Stale": root's processes are not seen, so
// there seem to be none.
pub(crate) fn another_user_sees_what_the_permission_bits_allow() {
    need_root();
    let (closed, open) = (name("closed"), name("open"));
    let (anonymous, other) = (Shared::new([7_u64; 8]).expect("new"), name("left"));
    let options = Shared::<Words>::creating().mode(0o644);
    let id = Shared::id(&anonymous);
    let open_to_all = options.create(&open, [7; 8]).expect("create");
    let mut states = Some((create(&closed), open_to_all, anonymous));
    holder(|| options.create(&other, [7; 8])).kill();
    as_other(|| {
        // This process has what it inherited.
        states = None;
        for name in [&open, &other] {
            let found = look(name);
            assert!(pids(&found.processes).is_empty());
            assert!(!found.processes.complete, "root's processes were not seen");
            assert_eq!((found.uid, found.mode), (Some(0), Some(0o644)));
            let Liveness::Unknown { why } = found.liveness else {
                panic!("{:?}", found.liveness);
            };
            assert!(why.contains("another user"), "{why}");
            match found.remove_unused() {
                Err(RemoveError::PermissionDenied { .. }) => {}
                other => panic!("{other:?}"),
            }
            let options = ReadOnly::<Words>::opening().foreign_owner();
            let mine = options.open(name).expect("others may read it");
            assert_eq!(liveness(name), Liveness::Live);
            drop(mine);
        }
        match segment(&closed) {
            Err(OpenError::PermissionDenied { writable, .. }) => assert!(!writable),
            other => panic!("{other:?}"),
        }
        let all = segments().expect("/proc is mounted");
        assert!(!all.iter().any(|s| s.place.to_string().contains(&closed)));
        assert!(instances(id).is_empty());
    });
    shmstate::remove(&other).expect("it is there");
    assert!(states.is_some());
}

pub(crate) fn a_user_is_told_of_its_own_segments_whoever_else_is_there() {
    need_root();
    let name = name("own");
    as_other(|| leave(&name));
    let root = holder(|| fs::File::open(forge::path(&name)).expect("root may"));
    // The process is root's, and not seen; the kernel says that there is one.
    as_other(|| {
        let found = look(&name);
        assert_eq!(
            (pids(&found.processes), found.liveness),
            (vec![], Liveness::Unseen)
        );
    });
    root.kill();
    as_other(|| {
        let found = look(&name);
        assert_eq!(
            (pids(&found.processes), found.liveness),
            (vec![], Liveness::Stale)
        );
        let description = found.description.as_ref().expect("it is whole");
        assert_eq!(description.creator_lives, Some(false));
        chown(forge::path(&name), Some(NOBODY), None).expect("it is its own");
        found.remove_unused().expect("nobody has it");
    });
}

pub(crate) fn hidden_processes_make_a_picture_incomplete() {
    need_root();
    let name = name("hidden");
    let status = in_child(|| {
        permitted(os::private_mounts());
        permitted(os::mount("proc", "/proc", "proc", 0, "hidepid=2"));
        os::become_user(NOBODY);
        os::set_dumpable(true);
        let state = create(&name);
        // All that it shows may be looked into: it is this process's own.
        let found = look(&name).processes;
        assert_eq!(pids(&found), [std::process::id()]);
        assert!(!found.complete, "those that are hidden were not seen");
        drop(state);
    });
    check(status, "mounting /proc with hidepid");
}

// If wrong: "those that are hidden were not seen".
pub(crate) fn root_of_a_user_namespace_is_not_told_that_it_sees_all() {
    need_root();
    let status = in_child(|| {
        permitted(os::private_mounts());
        permitted(os::mount("proc", "/proc", "proc", 0, "hidepid=2"));
        os::become_user(NOBODY);
        os::set_dumpable(true);
        permitted(os::unshare(libc::CLONE_NEWUSER));
        permitted(fs::write("/proc/self/uid_map", format!("0 {NOBODY} 1")));
        assert!(os::is_root());
        let state = Shared::new([7_u64; 8]).expect("new");
        let found = Shared::processes(&state).expect("/proc is mounted");
        assert_eq!(pids(&found), [std::process::id()]);
        assert!(!found.complete, "those that are hidden were not seen");
    });
    check(status, "a user namespace");
}

/// Runs `f` in a process of a new PID namespace, with a `/proc` of its own.
fn in_pid_namespace(f: impl FnOnce()) -> ExitStatus {
    in_child(|| {
        permitted(os::unshare(libc::CLONE_NEWPID));
        // The namespace is that of the children from now on.
        let inner = in_child(|| {
            permitted(os::private_mounts());
            permitted(os::mount("proc", "/proc", "proc", 0, ""));
            f();
        });
        std::process::exit(inner.code().unwrap_or(1));
    })
}

// If wrong: "Stale" within, though a process outside has it; or none is seen from outside.
pub(crate) fn processes_of_inner_namespaces_are_seen_and_of_outer_ones_not() {
    let (outer, inner) = (name("outer"), name("inner"));
    let outside = holder(|| create(&outer));
    let (created, tell) = pipe();
    let (end, tell_end) = pipe();
    let (seen_from, seen_in) = (outer.clone(), inner.clone());
    let runner = start(move || {
        let status = in_pid_namespace(|| {
            let found = look(&seen_from);
            assert_eq!(
                (pids(&found.processes), found.liveness),
                (vec![], Liveness::Unseen)
            );
            let description = found.description.expect("it is whole");
            assert_eq!(description.creator_lives, None);
            let state = create(&seen_in);
            let found = look(&seen_in).processes;
            assert_eq!(pids(&found), [1]);
            // All that this `/proc` has are its own.
            assert!(found.complete);
            tell.send(b"created\n");
            end.wait();
            drop(state);
        });
        std::process::exit(status.code().unwrap_or(1));
    });
    if created.line() == "created" {
        let found = look(&inner);
        assert_eq!(pids(&found.processes).len(), 1);
        assert_ne!(pids(&found.processes), [1]);
        let description = found.description.expect("it is whole");
        assert_eq!((description.creator, description.creator_lives), (1, None));
        tell_end.tell();
    }
    check(runner.wait(), "a PID namespace");
    outside.kill();
    assert_eq!(liveness(&outer), Liveness::Stale);
    shmstate::remove(&outer).expect("it is there");
}

pub(crate) fn without_proc_there_is_an_error_that_says_so() {
    let name = name("no-proc");
    let state = create(&name);
    let status = in_child(|| {
        permitted(os::private_mounts());
        permitted(os::unmount("/proc"));
        let errors = [
            segments().map(drop).map_err(|error| error.to_string()),
            segment(&name).map(drop).map_err(|error| error.to_string()),
            Shared::processes(&state)
                .map(drop)
                .map_err(|error| error.to_string()),
        ];
        for error in errors {
            let error = error.expect_err("there is no /proc");
            assert!(error.contains("/proc"), "{error}");
        }
    });
    check(status, "unmounting /proc");
}

// If wrong: a list without the segments that could not be opened.
pub(crate) fn without_descriptors_there_is_an_error_and_no_short_list() {
    let name = name("descriptors");
    let _state = create(&name);
    let (mut errors, mut lists) = (0, 0);
    assert_success(in_child(|| {
        let used = fs::read_dir("/proc/self/fd").expect("/proc").count() as u64;
        for most in (3..used + 6).rev() {
            os::limit(libc::RLIMIT_NOFILE, most);
            match segments() {
                Ok(all) => {
                    lists += 1;
                    let there = all.iter().any(|s| s.place.to_string().contains(&name));
                    assert!(there, "a list without it");
                }
                Err(error) => {
                    errors += 1;
                    assert_eq!(error.source.raw_os_error(), Some(libc::EMFILE), "{error}");
                }
            }
        }
        assert!(errors > 0 && lists > 0, "{errors} errors, {lists} lists");
    }));
}

/// Runs `f` in a child with a folder of segments of its own, which ends with it.
fn in_folder_of_its_own(f: impl FnOnce()) {
    let status = in_child(|| {
        permitted(os::private_mounts());
        permitted(os::mount("tmpfs", "/dev/shm", "tmpfs", 0, ""));
        f();
    });
    check(status, "mounting a tmpfs");
}

// If wrong: "a list without it".
pub(crate) fn without_descriptors_anonymous_segments_are_not_left_out() {
    // Where there is a file, its opening needs as many.
    in_folder_of_its_own(|| {
        let state = Shared::new([7_u64; 8]).expect("new");
        let (id, token) = (Shared::id(&state), state.token());
        let fd = token.rsplit(':').next().expect("a token");
        let _file = fs::File::open(format!("/proc/self/fd/{fd}")).expect("open");
        // By its memory it would be found with fewer.
        drop(state);
        let used = fs::read_dir("/proc/self/fd").expect("/proc").count() as u64;
        let (mut errors, mut lists) = (0, 0);
        for most in (3..used + 6).rev() {
            os::limit(libc::RLIMIT_NOFILE, most);
            match instances_or_error(id) {
                Ok(found) => {
                    lists += 1;
                    assert_eq!(found, 1, "a list without it");
                }
                Err(error) => {
                    errors += 1;
                    assert_eq!(error, Some(libc::EMFILE));
                }
            }
        }
        assert!(errors > 0 && lists > 0, "{errors} errors, {lists} lists");
    });
}

fn instances_or_error(id: u128) -> Result<usize, Option<i32>> {
    let mut all = segments().map_err(|error| error.source.raw_os_error())?;
    all.retain(|segment| segment.description.as_ref().is_ok_and(|d| d.id == id));
    Ok(all.len())
}

// If wrong: "Anonymous".
pub(crate) fn a_removed_segment_is_known_from_an_anonymous_one_by_its_folder() {
    // The name is not one that the runner clears up after.
    in_folder_of_its_own(|| {
        let name = "memfd:shmstate";
        let state = create(name);
        shmstate::remove(name).expect("it is there");
        let found = instance(Shared::id(&state));
        let name = name.to_owned();
        assert_eq!(found.place, Place::Removed { name });
    });
}
