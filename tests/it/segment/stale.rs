//! Creators and attachers that end, in whatever way, after a segment has its name.

use shared_testkit::{self as support, Test, forge, os, tests};

use std::fs::File;
use std::os::fd::AsRawFd;
use std::time::Duration;

use shmstate::{CreateError, OpenError, ReadOnly, Shared};
use support::{Process, assert_success, in_child, name, pipe, start};

pub(crate) const TESTS: &[Test] = tests![
    a_killed_creator_leaves_a_segment_that_works,
    a_segment_is_not_replaced_while_a_process_has_it,
    a_segment_is_not_replaced_while_only_a_read_only_handle_is_left,
    a_segment_is_not_replaced_while_only_a_forked_child_has_it,
    a_segment_is_not_replaced_while_a_foreign_program_maps_it,
    a_segment_is_not_replaced_while_its_creator_lives,
    a_segment_is_not_replaced_by_the_process_that_has_it,
    a_segment_that_is_about_to_be_replaced_is_not_opened,
    a_stale_segment_is_only_replaced_on_request,
    a_stale_segment_of_other_fields_is_replaced,
    replacing_needs_nothing_to_be_there,
    an_attacher_that_ends_in_any_way_leaves_the_segment,
    what_no_process_has_is_not_live,
    an_option_that_means_nothing_to_the_verb_is_an_error,
];

type Words = [u64; 8];

/// A process that has created the segment `name` and then lives until it is killed.
fn creator(name: &str) -> Process {
    let (created, tell) = pipe();
    let process = start(move || {
        let _state = Shared::create(name, [7_u64; 8]).expect("create");
        tell.tell();
        wait_for_the_end();
    });
    created.wait();
    process
}

/// A process that has done `f` and keeps what that returns until it is killed.
fn holder<R>(f: impl FnOnce() -> R) -> Process {
    let (ready, tell) = pipe();
    let process = start(move || {
        let _held = f();
        tell.tell();
        wait_for_the_end();
    });
    ready.wait();
    process
}

fn wait_for_the_end() -> ! {
    loop {
        std::thread::park();
    }
}

fn replace(name: &str) -> Result<Shared<Words>, CreateError> {
    let options = Shared::<Words>::creating().fresh();
    options.create(name, [8; 8])
}

/// It cannot be replaced, and afterwards it is as it was.
#[track_caller]
fn in_use(name: &str) {
    let before = forge::inode(name);
    match replace(name) {
        Err(CreateError::AlreadyExists { name: told }) => assert_eq!(told, name),
        other => panic!("it was replaced, in use: {other:?}"),
    }
    assert!(before.is_some());
    assert_eq!(forge::inode(name), before);
    let state = ReadOnly::<Words>::open(name).expect("it is there");
    assert_eq!(state.snapshot(), [7; 8]);
}

/// It is replaced, and the new one goes with its creator.
#[track_caller]
fn stale(name: &str) {
    let before = forge::inode(name).expect("it is there");
    let state = replace(name).expect("nobody has it");
    assert_ne!(forge::inode(name), Some(before));
    let found = Shared::<Words>::open(name).expect("it is there");
    assert_eq!(
        (found.snapshot(), Shared::id(&found)),
        ([8; 8], Shared::id(&state))
    );
    drop(state);
    assert_eq!(forge::inode(name), None);
}

// If wrong: "NotFound", or a process that ends with SIGBUS.
fn a_killed_creator_leaves_a_segment_that_works() {
    let name = name("killed");
    for signal in [libc::SIGKILL, libc::SIGTERM] {
        let creator = creator(&name);
        let before = Shared::<Words>::open(&name).expect("open");
        creator.signal(signal);
        creator.wait();
        let after = Shared::<Words>::open(&name).expect("the name stays");
        before[0].set(9);
        assert_eq!(after[0].get(), 9);
        after[0].set(7);
        assert_eq!(before.snapshot(), [7; 8]);
        in_use(&name);
        drop(before);
        in_use(&name);
        drop(after);
        stale(&name);
    }
}

// If wrong: "it was replaced, in use".
fn a_segment_is_not_replaced_while_a_process_has_it() {
    let name = name("attached");
    creator(&name).kill();
    let holders = [0; 3].map(|_| holder(|| Shared::<Words>::open(&name).expect("open")));
    for holder in holders {
        in_use(&name);
        holder.kill();
    }
    stale(&name);
}

// If wrong: "it was replaced, in use": only writers were counted.
fn a_segment_is_not_replaced_while_only_a_read_only_handle_is_left() {
    let name = name("read-only");
    creator(&name).kill();
    let opened = holder(|| ReadOnly::<Words>::open(&name).expect("open"));
    in_use(&name);
    opened.kill();
    // Made from a writable one, which is gone: it has no descriptor.
    let made = holder(|| Shared::<Words>::open(&name).expect("open").read_only());
    in_use(&name);
    made.kill();
    stale(&name);
}

// If wrong: "it was replaced, in use": the creator's process id was looked at.
fn a_segment_is_not_replaced_while_only_a_forked_child_has_it() {
    let name = name("forked");
    let (ready, tell) = pipe();
    let (end, tell_end) = pipe();
    os::adopt_orphans();
    let parent = start(|| {
        let state = Shared::create(&name, [7_u64; 8]).expect("create");
        let child = start(|| {
            tell.tell();
            end.wait();
            assert_eq!(state.snapshot(), [7; 8]);
        });
        core::mem::forget(child);
        wait_for_the_end();
    });
    ready.wait();
    parent.kill();
    in_use(&name);
    tell_end.tell();
    assert_success(os::wait_for_orphan());
    stale(&name);
}

// If wrong: "it was replaced, in use": only this library's processes were counted.
fn a_segment_is_not_replaced_while_a_foreign_program_maps_it() {
    let name = name("foreign");
    creator(&name).kill();
    let open = holder(|| File::open(forge::path(&name)).expect("open"));
    in_use(&name);
    open.kill();
    let mapped = holder(|| {
        let file = File::open(forge::path(&name)).expect("open");
        map(&file);
        drop(file);
        assert_eq!(support::our_descriptors().len(), 0);
        assert_eq!(support::mappings().len(), 1);
    });
    in_use(&name);
    mapped.kill();
    stale(&name);
}

/// Maps the first page of the file, until the process ends.
#[allow(unsafe_code)]
fn map(file: &File) {
    let (access, kind) = (libc::PROT_READ, libc::MAP_SHARED);
    // SAFETY: no address is asked for, so nothing that exists is replaced.
    let base = unsafe {
        libc::mmap(
            core::ptr::null_mut(),
            4096,
            access,
            kind,
            file.as_raw_fd(),
            0,
        )
    };
    assert_ne!(base, libc::MAP_FAILED);
}

fn a_segment_is_not_replaced_while_its_creator_lives() {
    let name = name("alive");
    let creator = creator(&name);
    in_use(&name);
    creator.signal(libc::SIGSTOP);
    in_use(&name);
    creator.kill();
    stale(&name);
}

fn a_segment_is_not_replaced_by_the_process_that_has_it() {
    let name = name("own");
    let state = Shared::create(&name, [7_u64; 8]).expect("create");
    in_use(&name);
    let view = state.read_only();
    // What is left of it is read-only, and no longer has a name to replace.
    drop(state);
    assert!(
        forge::inode(&name).is_some(),
        "a view of the creator's counts as its handle"
    );
    in_use(&name);
    drop(view);
    assert_eq!(forge::inode(&name), None);
}

fn a_stale_segment_is_only_replaced_on_request() {
    let name = name("request");
    creator(&name).kill();
    let before = forge::inode(&name);
    let options = Shared::<Words>::creating()
        .lifetime(shmstate::Lifetime::Kept)
        .mode(0o666);
    for result in [
        Shared::create(&name, [8_u64; 8]),
        options.create(&name, [8; 8]),
    ] {
        let taken = matches!(result, Err(CreateError::AlreadyExists { .. }));
        assert!(taken, "{result:?}");
    }
    // It is somebody's result, for all that is known.
    let state = Shared::<Words>::open_or_create(&name, || [8; 8]).expect("open");
    assert_eq!(state.snapshot(), [7; 8]);
    assert_eq!(forge::inode(&name), before);
    drop(state);
    assert_eq!(
        forge::inode(&name),
        before,
        "who opened it does not remove it"
    );
    stale(&name);
}

fn a_stale_segment_of_other_fields_is_replaced() {
    let name = name("fields");
    creator(&name).kill();
    let opened = Shared::<u8>::open(&name).map(drop);
    assert!(
        matches!(opened, Err(OpenError::Mismatch { .. })),
        "{opened:?}"
    );
    let options = Shared::<u8>::creating().fresh();
    let state = options.create(&name, 1).expect("nobody has it");
    assert_eq!(state.get(), 1);
}

fn replacing_needs_nothing_to_be_there() {
    let name = name("nothing");
    let state = replace(&name).expect("the name is free");
    assert_eq!(state.snapshot(), [8; 8]);
    drop(state);
    assert_eq!(forge::inode(&name), None);
}

// If wrong: "gone after …".
fn an_attacher_that_ends_in_any_way_leaves_the_segment() {
    let name = name("attacher");
    let state = Shared::create(&name, [7_u64; 8]).expect("create");
    let before = (forge::inode(&name), forge::bytes(&name));
    let open = || Shared::<Words>::open(&name).expect("open");
    let unchanged = |what| {
        assert_eq!(
            (forge::inode(&name), forge::bytes(&name)),
            before,
            "gone after {what}"
        );
    };
    assert_success(in_child(|| drop(open())));
    unchanged("a drop");
    assert_success(in_child(|| core::mem::forget(open())));
    unchanged("an end without a drop");
    let panicked = in_child(|| {
        let _state = open();
        panic!("with a handle");
    });
    assert_eq!(panicked.code(), Some(101));
    unchanged("a panic");
    let exited = in_child(|| {
        let _state = open();
        std::process::exit(3);
    });
    assert_eq!(exited.code(), Some(3));
    unchanged("an exit");
    for signal in [libc::SIGKILL, libc::SIGTERM, libc::SIGABRT] {
        let killed = holder(open);
        killed.signal(signal);
        killed.wait();
        unchanged("a signal");
    }
    // A copy of the creator's own handle, in a fork.
    assert_success(in_child(|| drop(state.clone())));
    unchanged("the drop of an inherited handle");
    let panicked = in_child(|| {
        let _state = state.clone();
        panic!("with an inherited handle");
    });
    assert_eq!(panicked.code(), Some(101));
    unchanged("a panic with an inherited handle");
    // The last one there: what is dropped with it is the child's copy of the duty to remove the name.
    match support::fork() {
        support::Fork::Child => {
            drop(state);
            std::process::exit(0);
        }
        support::Fork::Parent(child) => assert_success(child.wait()),
    }
    unchanged("the drop of all inherited handles");
    assert_eq!(state.snapshot(), [7; 8]);
}

/// Whoever replaces a segment has a record lock on its file from before its look until after the removal, and may be
/// stopped in between for longer than the kernel lets its lease stand. If it were wrong, it would print "opened": and the
/// name would then be taken away from that process.
fn a_segment_that_is_about_to_be_replaced_is_not_opened() {
    let name = &name("about");
    creator(name).kill();
    // As the one that is stopped.
    let file = File::open(format!("/dev/shm/{name}")).expect("it is there");
    lock_as_a_reader(&file);
    let error = Shared::<Words>::open(name).map(drop).expect_err("opened");
    assert!(matches!(error, OpenError::System { .. }), "{error}");
    assert!(error.to_string().contains("about to remove it"), "{error}");
    let error = ReadOnly::<Words>::open(name).map(drop);
    assert!(error.is_err(), "opened");
    // It has seen in the meantime that the segment is used, or is killed.
    drop(file);
    let state = Shared::<Words>::open(name).expect("nobody is about to replace it");
    assert_eq!(state[0].get(), 7);
    drop(state);
    shmstate::remove(name).expect("remove");
}

#[allow(unsafe_code)]
fn lock_as_a_reader(file: &File) {
    // SAFETY: zeros are a value: the whole file, and no process.
    let mut lock: libc::flock = unsafe { std::mem::zeroed() };
    lock.l_type = libc::F_RDLCK.try_into().expect("a small number");
    // SAFETY: the descriptor is open, and `lock` lives.
    let locked = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_OFD_SETLK, &raw const lock) };
    assert_eq!(locked, 0, "fcntl: {}", std::io::Error::last_os_error());
}

#[track_caller]
fn not_live(result: Result<(), OpenError>, name: &str) {
    match result {
        Err(OpenError::NotLive { segment }) => assert_eq!(segment, format!("segment `{name}`")),
        other => panic!("{other:?}"),
    }
}

// If wrong: "Ok(())": what a killed process has left is taken for the state of a living one.
fn what_no_process_has_is_not_live() {
    let name = name("live");
    let live = || Shared::<Words>::opening().live();
    let reader = || ReadOnly::<Words>::opening().live();
    let missing = live().open(&name).map(drop);
    assert!(
        matches!(missing, Err(OpenError::NotFound { .. })),
        "{missing:?}"
    );

    let creator = creator(&name);
    let state = live().open(&name).expect("its creator has it");
    let token = state.token();
    drop(state);
    drop(reader().open(&name).expect("its creator has it"));
    drop(live().from_token(&token).expect("its creator has it"));
    creator.signal(libc::SIGSTOP);
    drop(live().open(&name).expect("stopped is not dead"));
    creator.kill();
    not_live(live().open(&name).map(drop), &name);
    not_live(reader().open(&name).map(drop), &name);
    not_live(live().from_token(&token).map(drop), &name);
    let limit = Duration::from_millis(30);
    not_live(live().wait(limit).open(&name).map(drop), &name);
    let left = Shared::<Words>::open(&name).expect("without the option");
    assert_eq!(left.snapshot(), [7; 8]);
    drop(left);

    // Whoever opens it makes it live again; nobody needs to have created it.
    let (go, tell_go) = pipe();
    let opener = start(|| {
        go.wait();
        let _state = ReadOnly::<Words>::open(&name).expect("it is there");
        wait_for_the_end();
    });
    let waiting = start(|| {
        tell_go.tell();
        let state = live().wait(Duration::MAX).open(&name);
        assert_eq!(state.expect("it becomes live").snapshot(), [7; 8]);
    });
    assert_success(waiting.wait());
    opener.kill();
    shmstate::remove(&name).expect("it is there");

    // A token of a descriptor leads to a process that has it, or nowhere.
    let anonymous = Shared::new([9_u64; 8]).expect("new");
    let token = anonymous.token();
    assert_success(in_child(|| {
        let state = live().from_token(&token).expect("its parent has it");
        assert_eq!(state.snapshot(), [9; 8]);
    }));
}

fn an_option_that_means_nothing_to_the_verb_is_an_error() {
    let state = Shared::new([7_u64; 8]).expect("new");
    let options = Shared::<Words>::opening();
    let wait = options.wait(Duration::ZERO);
    for (result, expected) in [
        (wait.from_token(&state.token()), ("wait", "from_token")),
        (wait.inherit("key"), ("wait", "inherit")),
        (options.live().inherit("key"), ("live", "inherit")),
    ] {
        match result.map(drop) {
            Err(error @ OpenError::UselessOption { option, verb, .. }) => {
                assert_eq!((option, verb), expected);
                let text = error.to_string();
                let begins = format!("the option `{option}` means nothing for `{verb}`; ");
                assert!(text.starts_with(&begins), "{text}");
            }
            other => panic!("{other:?}"),
        }
    }
}
