//! Who has a segment.
//!
//! If any of this were wrong, it would print "who has it", with other processes than there are.

#![allow(unsafe_code)]

use std::fs::File;
use std::io::{Read, Write, stdin, stdout};
use std::os::fd::AsRawFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, Stdio};

use shmstate::processes::{Process, segments};
use shmstate::{ReadOnly, ShareCommand, Shared, remove};

use super::support::{self, arguments, assert_success, name, pipe, start};
use super::{Words, check, create, forge, holder, instance, leave, look, os, ours, pids, slot};

/// The role of a program that opens by name.
pub(crate) fn opener() {
    let state = Shared::<Words>::open(&arguments()[0]).expect("open");
    say_so_and_wait();
    drop(state);
}

/// The role of a program that is given a descriptor.
pub(crate) fn heir() {
    let state = Shared::<Words>::inherit("state").expect("it was shared");
    say_so_and_wait();
    drop(state);
}

/// The role of a program that has nothing to do with it.
pub(crate) fn bystander() {
    say_so_and_wait();
}

fn say_so_and_wait() {
    stdout().write_all(b"!").expect("somebody listens");
    stdout().flush().expect("somebody listens");
    let _ = stdin().read(&mut [0]);
}

fn until_it_is_there(output: &mut ChildStdout) {
    output.read_exact(&mut [0]).expect("it says so");
}

/// Starts a program that plays that role, and waits until it has what it is to have.
fn spawn(role: &str, configure: impl FnOnce(&mut Command)) -> Child {
    let mut child = support::spawn_self(role, |command| {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        configure(command);
    });
    until_it_is_there(child.stdout.as_mut().expect("a pipe"));
    child
}

fn end(mut child: Child) {
    drop(child.stdin.take());
    assert_success(child.wait().expect("it is a child"));
}

fn me() -> u32 {
    std::process::id()
}

/// That no process has the segment any more. Removes it.
#[track_caller]
fn nobody(name: &str) {
    check(name, &[]);
    remove(name).expect("it is there");
}

/// The one process that has the segment.
#[track_caller]
fn only(name: &str) -> Process {
    let mut found = ours(look(name).processes);
    assert_eq!(found.len(), 1, "who has it: {found:?}");
    found.remove(0)
}

pub(crate) fn a_creator_has_its_segment() {
    let name = name("created");
    let state = create(&name);
    let process = only(&name);
    assert_eq!(process.pid, me());
    assert!(process.mapped && process.writable);
    assert!(process.descriptors.is_empty(), "{process:?}");
    let command = std::fs::read_to_string("/proc/self/comm").expect("/proc is mounted");
    assert_eq!(process.command, command.trim_end());
    // A second attach, and a view, are the same process's.
    let more = (
        Shared::<Words>::open(&name).expect("open"),
        state.read_only(),
    );
    check(&name, &[me()]);
    assert_eq!(pids(&Shared::processes(&state).expect("/proc")), [me()]);
    assert_eq!(pids(&Shared::processes(&more.1).expect("/proc")), [me()]);
}

pub(crate) fn forked_children_have_it_each() {
    let name = name("forked");
    let state = create(&name);
    let children = [0; 3].map(|_| holder(|| ()));
    let [a, b, c] = [0, 1, 2].map(|i| children[i].id());
    check(&name, &[me(), a, b, c]);
    let found = Shared::processes(&state).expect("/proc is mounted");
    assert_eq!(pids(&found).len(), 4);
    for child in children {
        child.kill();
    }
    check(&name, &[me()]);
}

pub(crate) fn programs_that_were_started_have_it() {
    let name = name("spawned");
    let (named, anonymous) = (create(&name), Shared::new([7_u64; 8]).expect("new"));
    let opener = spawn("opener", |command| {
        command.arg(&name);
    });
    let heir = spawn("has_heir", |command| {
        command.share("state", &anonymous);
    });
    check(&name, &[me(), opener.id()]);
    let found = instance(Shared::id(&anonymous)).processes;
    assert_eq!(pids(&found), [me(), heir.id()], "who has it");
    let found = ours(found);
    assert!(found.iter().all(|p| p.mapped && p.writable));
    assert!(found.iter().all(|p| p.descriptors.len() == 1));
    let found = Shared::processes(&anonymous).expect("/proc is mounted");
    assert_eq!(pids(&found), [me(), heir.id()], "who has it");
    end(opener);
    end(heir);
    check(&name, &[me()]);
    drop(named);
}

pub(crate) fn who_can_only_read_does_not_write() {
    let name = name("read-only");
    leave(&name);
    let opened = holder(|| ReadOnly::<Words>::open(&name).expect("open"));
    let process = only(&name);
    assert_eq!(process.pid, opened.id());
    assert!(process.mapped && !process.writable, "{process:?}");
    opened.kill();
    let made = holder(|| Shared::<Words>::open(&name).expect("open").read_only());
    assert!(!only(&name).writable, "{:?}", only(&name));
    made.kill();
    nobody(&name);
}

pub(crate) fn an_open_descriptor_counts() {
    let name = name("descriptor");
    leave(&name);
    let reads = holder(|| File::open(forge::path(&name)).expect("open"));
    let process = only(&name);
    assert_eq!(process.pid, reads.id());
    assert!(!process.mapped && !process.writable, "{process:?}");
    assert_eq!(process.descriptors.len(), 1);
    reads.kill();
    let options = File::options().write(true).to_owned();
    let writes = holder(|| [0; 2].map(|_| options.open(forge::path(&name)).expect("open")));
    let process = only(&name);
    assert!(!process.mapped && process.writable, "{process:?}");
    assert_eq!(process.descriptors.len(), 2);
    writes.kill();
    nobody(&name);
}

/// Maps the first page of the file, until the process ends.
pub(crate) fn map(file: &File, kind: i32) {
    let access = libc::PROT_READ
        | if kind == libc::MAP_PRIVATE {
            libc::PROT_WRITE
        } else {
            0
        };
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

pub(crate) fn a_private_mapping_counts_and_does_not_write() {
    let name = name("private");
    leave(&name);
    let maps = holder(|| {
        map(
            &File::open(forge::path(&name)).expect("open"),
            libc::MAP_PRIVATE,
        );
    });
    let process = only(&name);
    assert_eq!(process.pid, maps.id());
    assert!(process.mapped && !process.writable, "{process:?}");
    maps.kill();
    nobody(&name);
}

pub(crate) fn a_stopped_process_has_it() {
    let name = name("stopped");
    let stopped = holder(|| create(&name));
    stopped.signal(libc::SIGSTOP);
    slot::until_state(stopped.id(), "T");
    check(&name, &[stopped.id()]);
    stopped.kill();
    nobody(&name);
}

pub(crate) fn a_dead_process_that_is_not_reaped_has_nothing() {
    let name = name("zombie");
    let zombie = holder(|| create(&name));
    zombie.signal(libc::SIGKILL);
    slot::until_state(zombie.id(), "Z");
    check(&name, &[]);
    let found = look(&name);
    assert_eq!(
        found.description.expect("it is whole").creator_lives,
        Some(false)
    );
    nobody(&name);
    zombie.wait();
}

pub(crate) fn a_process_that_became_another_program_has_nothing() {
    let name = name("exec");
    let (there, tell) = pipe();
    let (wait, go_on) = pipe();
    let process = start(|| {
        let _state = create(&name);
        let _anonymous = Shared::new([7_u64; 8]).expect("new");
        let mut command = Command::new("/proc/self/exe");
        command.env("SHMSTATE_TEST_ROLE", "has_bystander");
        command.stdin(wait).stdout(tell);
        panic!("exec: {}", command.exec());
    });
    there.wait();
    check(&name, &[]);
    // It lives, and is the process that has created the segment, though it has forgotten that.
    let description = look(&name).description.expect("it is whole");
    assert_eq!(description.creator, process.id());
    assert_eq!(description.creator_lives, Some(true));
    go_on.tell();
    assert_success(process.wait());
    nobody(&name);
}

pub(crate) fn a_process_whose_first_thread_has_ended_has_it() {
    let name = name("threads");
    let (ready, tell) = pipe();
    let process = start(|| {
        let named = create(&name);
        let anonymous = Shared::new([7_u64; 8]).expect("new");
        os::go_on_in_another_thread(&|| {
            tell.send(format!("{}\n", anonymous.token()).as_bytes());
            assert_eq!(named[0].get(), 7);
            super::wait_for_the_end();
        });
    });
    let token = ready.line();
    slot::until_state(process.id(), "Z");
    check(&name, &[process.id()]);
    let id = token.split(':').nth(2).expect("a token");
    let found = instance(u128::from_str_radix(id, 16).expect("an id"));
    assert_eq!(pids(&found.processes), [process.id()], "who has it");
    // That of the first thread, which shows nothing, would not do.
    let token = found.token().expect("it has a descriptor");
    let opened = Shared::<Words>::from_token(&token).expect("open");
    assert_eq!(opened.snapshot(), [7; 8]);
    process.kill();
    nobody(&name);
}

// If wrong: "No such process" or such.
pub(crate) fn a_process_that_comes_or_goes_meanwhile_is_no_error() {
    let name = name("passing");
    let _state = create(&name);
    let done = format!("{name}-done");
    let restless = start(|| {
        while forge::inode(&done).is_none() {
            assert_success(support::in_child(|| ()));
        }
    });
    for _ in 0..100 {
        let found = segments().expect("nothing is wrong");
        let found = found.iter().find(|s| s.place.to_string().contains(&name));
        let found = found.expect("it is there");
        assert!(
            pids(&found.processes).contains(&me()),
            "who has it: {found:?}"
        );
    }
    forge::put(&done, b"");
    assert_success(restless.wait());
    forge::unlink(&done);
}
