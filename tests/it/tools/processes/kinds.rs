//! The places where segments are found, and what they say of themselves.

#![allow(unsafe_code)]

use std::fs::{self, File};
use std::io::Write;
use std::os::fd::{AsRawFd, FromRawFd};
use std::time::{Duration, UNIX_EPOCH};

use shmstate::processes::{Liveness, Place, segments};
use shmstate::{Shared, SharedState, remove};

use super::has::map;
use super::support::{name, skip};
use super::{Words, create, forge, holder, instance, instances, leave, look, os, pids};

#[derive(SharedState, Default)]
struct Progress {
    done: u64,
    limits: Limits,
    per_worker: [u32; 8],
    #[shared(capacity = 16)]
    label: String,
}

#[derive(SharedState, Default)]
struct Limits {
    low: u32,
    high: u32,
}

#[derive(SharedState, Default)]
#[shared(lock)]
struct Account {
    cents: i64,
    open: bool,
}

#[derive(SharedState)]
struct Nothing;

// If wrong: one of the fields, as it is and as it should be.
pub(crate) fn a_segment_says_what_it_is() {
    let name = name("described");
    let options = Shared::<Progress>::creating().mode(0o640);
    let state = options.create(&name, Progress::default()).expect("create");
    let bytes = forge::bytes(&name).expect("it is there");
    let found = look(&name);
    assert_eq!(found.size, bytes.len() as u64);
    assert_eq!(found.mode, Some(0o640));
    // SAFETY: the call takes nothing and cannot fail.
    assert_eq!(found.uid, Some(unsafe { libc::geteuid() }));
    assert_eq!(found.liveness, Liveness::Live);
    assert_eq!(found.token(), Some(state.token()));
    let description = found.description.expect("it is whole");
    assert_eq!(description.id, Shared::id(&state));
    assert_eq!(description.type_name, "Progress");
    assert_eq!(description.fields, 4);
    assert_eq!(
        description.fingerprint,
        Shared::<Progress>::schema().fingerprint()
    );
    let created = Duration::from_nanos(forge::get(&bytes, "created"));
    assert_eq!(description.created, UNIX_EPOCH + created);
    assert_eq!(description.creator, std::process::id());
    assert_eq!(description.creator_lives, Some(true));
    assert!(!description.keeps_name);
    drop(state);
    assert!(instances(description.id).is_empty());
}

pub(crate) fn a_single_value_is_one_field() {
    let state = (
        Shared::new(7_u64).expect("new"),
        Shared::new([[1_u8; 3]; 3]).expect("new"),
        Shared::new(Account::default()).expect("new"),
    );
    let of = |id| instance(id).description.expect("it is whole");
    assert_eq!(of(Shared::id(&state.0)).fields, 1);
    assert_eq!(of(Shared::id(&state.0)).type_name, "");
    assert_eq!(of(Shared::id(&state.1)).fields, 1);
    assert_eq!(of(Shared::id(&state.2)).fields, 1);
}

pub(crate) fn a_state_without_bytes_has_processes() {
    let name = name("nothing");
    let state = Shared::create(&name, Nothing).expect("create");
    let found = look(&name);
    let description = found.description.expect("it is whole");
    assert_eq!(
        (description.fields, &*description.type_name),
        (0, "Nothing")
    );
    let found = Shared::processes(&state).expect("/proc is mounted");
    assert_eq!(pids(&found), [std::process::id()]);
}

// If wrong: "listed 0 times": by names alone it cannot be found.
pub(crate) fn a_removed_segment_is_listed_while_a_process_has_it() {
    let name = name("removed");
    let state = create(&name);
    let child = holder(|| ());
    remove(&name).expect("it is there");
    let found = instance(Shared::id(&state));
    assert_eq!(found.place, Place::Removed { name: name.clone() });
    assert_eq!(pids(&found.processes), [std::process::id(), child.id()]);
    assert_eq!(found.liveness, Liveness::Live);
    assert_eq!(found.token(), None);
    let of_handle = Shared::processes(&state).expect("/proc is mounted");
    assert_eq!(pids(&of_handle), pids(&found.processes));
    let error = found.remove_unused().expect_err("it has no name");
    assert!(error.to_string().contains("in use"), "{error}");
    child.kill();
    let id = Shared::id(&state);
    drop(state);
    assert!(instances(id).is_empty());
}

// If wrong: "listed 2 times", or one has the other's processes.
pub(crate) fn a_name_that_means_another_segment_by_now_is_told_apart() {
    let name = name("reused");
    let first = holder(|| create(&name));
    let before = look(&name).description.expect("it is whole").id;
    remove(&name).expect("it is there");
    let second = create(&name);
    let found = look(&name);
    assert_eq!(pids(&found.processes), [std::process::id()]);
    assert_eq!(
        found.description.expect("it is whole").id,
        Shared::id(&second)
    );
    let old = instance(before);
    assert_eq!(old.place, Place::Removed { name: name.clone() });
    assert_eq!(pids(&old.processes), [first.id()]);
    let of_handle = Shared::processes(&second).expect("/proc is mounted");
    assert_eq!(pids(&of_handle), [std::process::id()]);
    first.kill();
    assert!(instances(before).is_empty());
}

pub(crate) fn an_anonymous_segment_is_found_and_opened_by_its_descriptor() {
    let state = Shared::new([7_u64; 8]).expect("new");
    let child = holder(|| ());
    let found = instance(Shared::id(&state));
    let me = std::process::id();
    assert_eq!(pids(&found.processes), [me, child.id()]);
    match found.place {
        Place::Anonymous {
            pid,
            descriptor: Some(descriptor),
        } => {
            assert_eq!(pid, me);
            let link = fs::read_link(format!("/proc/{pid}/fd/{descriptor}"));
            let link = link.expect("it is open");
            assert!(link.to_string_lossy().contains("memfd:shmstate"));
        }
        ref other => panic!("{other:?}"),
    }
    let token = found.token().expect("it has a descriptor");
    let same = Shared::<Words>::from_token(&token).expect("open");
    same[0].set(8);
    assert_eq!(state[0].get(), 8);
    assert_eq!(found.liveness, Liveness::Live);
}

// If wrong: "listed 1 times" after the last kill.
pub(crate) fn an_anonymous_segment_ends_with_its_last_process() {
    let state = Shared::new([7_u64; 8]).expect("new");
    let id = Shared::id(&state);
    let children = [0; 2].map(|_| holder(|| ()));
    drop(state);
    let [a, b] = children;
    assert_eq!(pids(&instance(id).processes), [a.id(), b.id()]);
    a.kill();
    assert_eq!(pids(&instance(id).processes), [b.id()]);
    b.kill();
    assert!(instances(id).is_empty());
}

fn memory_file(name: &core::ffi::CStr, bytes: &[u8]) -> File {
    // SAFETY: the name is a C string.
    let fd = unsafe { libc::memfd_create(name.as_ptr(), libc::MFD_CLOEXEC) };
    assert!(fd >= 0, "memfd_create: {}", std::io::Error::last_os_error());
    // SAFETY: just opened, and nobody else's.
    let mut file = unsafe { File::from_raw_fd(fd) };
    file.write_all(bytes).expect("a memory file can be written");
    file
}

pub(crate) fn memory_files_of_other_programs_are_not_listed() {
    let files = [
        memory_file(c"shmstate", b"not what the name says"),
        memory_file(c"shmstate", b""),
        memory_file(c"other", b"SHMSTATE"),
        memory_file(c"shmstate", b"SHMSTATE"),
    ];
    let me = std::process::id();
    let all = segments().expect("/proc is mounted");
    let ours: Vec<_> = all
        .iter()
        .filter_map(|segment| match segment.place {
            Place::Anonymous { pid, descriptor } if pid == me => descriptor,
            _ => None,
        })
        .collect();
    // The last is one of ours that was cut off, for all that can be told.
    assert_eq!(ours, [files[3].as_raw_fd().cast_unsigned()]);
}

// If wrong: "listed 0 times".
pub(crate) fn a_segment_of_which_only_a_mapping_is_left_is_listed() {
    let state = Shared::new([7_u64; 8]).expect("new");
    let (id, token) = (Shared::id(&state), state.token());
    let mapped = holder(|| {
        let fd = token.rsplit(':').next().expect("a token");
        let file = File::open(format!("/proc/self/fd/{fd}")).expect("open");
        map(&file, libc::MAP_SHARED);
        // What was inherited goes with this.
        drop(file);
        drop(state);
    });
    let check = || {
        let found = instance(id);
        assert_eq!(pids(&found.processes), [mapped.id()]);
        let place = Place::Anonymous {
            pid: mapped.id(),
            descriptor: None,
        };
        assert_eq!(found.place, place);
        assert_eq!(found.token(), None);
        // Who may follow the links of mappings is told whose the file is.
        let mappings = fs::read_dir("/proc/self/map_files").expect("/proc is mounted");
        let may = mappings
            .flatten()
            .any(|link| fs::read_link(link.path()).is_ok());
        assert_eq!((found.uid.is_some(), found.mode.is_some()), (may, may));
        assert_eq!(found.description.expect("it is whole").fields, 1);
    };
    check();
    mapped.kill();
    if !os::is_root() {
        skip("only root can become another user");
    }
    // For others than root there is only the memory of the process to look at.
    super::seen::as_other(|| {
        let name = name("other's");
        let state = create(&name);
        remove(&name).expect("it is there");
        let found = instance(Shared::id(&state));
        assert_eq!(found.place, Place::Removed { name });
        assert_eq!((found.uid, found.mode), (None, None));
        assert_eq!(found.description.expect("it is whole").fields, 1);
    });
}

pub(crate) fn a_file_with_two_names_is_listed_once() {
    let (name, other) = (name("a"), name("b"));
    leave(&name);
    fs::hard_link(forge::path(&name), forge::path(&other)).expect("one file system");
    let id = look(&name).description.expect("it is whole").id;
    assert_eq!(instance(id).place, Place::Named { name: name.clone() });
    remove(&name).expect("it is there");
    assert_eq!(
        instance(id).place,
        Place::Named {
            name: other.clone()
        }
    );
    remove(&other).expect("it is there");
}
