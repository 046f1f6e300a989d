//! What looking does to those who look too, and to other programs.

#![allow(unsafe_code)]

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{env, thread};

use shmstate::processes::{Liveness, Place, segment, segments};
use shmstate::{HeaderError, RemoveError, remove};

use super::crowd::Crowd;
use super::forge::Entry;
use super::support::{amount, assert_success, in_child, name, pipe, start, watchdog};
use super::{forge, holder, leave, liveness, look, os, pids, slot};

/// Takes a lease on the file, as somebody does for a moment who looks whether it is used. Dropping what this returns
/// gives it back.
pub(crate) fn lease(path: &str) -> io::Result<File> {
    const F_SETSIG: i32 = 10; // not among the constants of `libc`
    let mut options = File::options();
    let file = options
        .read(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(path)?;
    // SAFETY: the descriptor is open, and the call takes a number. The usual signal would end the process.
    unsafe { libc::fcntl(file.as_raw_fd(), F_SETSIG, libc::SIGURG) };
    // SAFETY: as above.
    match unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETLEASE, libc::F_WRLCK) } {
        0 => Ok(file),
        _ => Err(io::Error::last_os_error()),
    }
}

/// A stale segment in which there is much to read, and more to understand.
fn leave_large(name: &str) {
    let mut entries = vec![Entry::new(forge::U8, 1); 20_000];
    entries.insert(0, Entry::new(forge::STRUCT, 0));
    forge::put(name, &forge::segment(&entries, b""));
}

/// How many of so many looks took somebody for a user of the stale segment.
fn mistaken(name: &str, looks: u32) -> u32 {
    let mut wrong = 0;
    for _ in 0..looks {
        let found = segment(name).expect("it is there");
        let right = found.liveness == Liveness::Stale && found.processes.found.is_empty();
        wrong += u32::from(!right);
    }
    wrong
}

// If wrong: "150 looks took the others for users" or so.
pub(crate) fn threads_that_look_do_not_take_each_other_for_users() {
    watchdog(300);
    let name = name("threads");
    leave_large(&name);
    let looks = amount(3, 10);
    let barrier = Barrier::new(16);
    let wrong: u32 = thread::scope(|scope| {
        let look = || {
            barrier.wait();
            mistaken(&name, looks)
        };
        let threads = [(); 16].map(|()| scope.spawn(look));
        let wrong = threads.map(|thread| thread.join().expect("no panic"));
        wrong.iter().sum()
    });
    assert_eq!(wrong, 0, "{wrong} looks took the others for users");
    remove(&name).expect("it is there");
}

// If wrong: "the others were taken for users", with how often each was wrong.
pub(crate) fn processes_that_look_do_not_take_each_other_for_users() {
    watchdog(300);
    let name = name("processes");
    leave(&name);
    let crowd = Crowd::new(8, |member| member.report(mistaken(&name, amount(6, 20))));
    crowd.go();
    let wrong = crowd.reports();
    crowd.end();
    assert!(
        wrong.iter().all(|wrong| wrong == "0"),
        "the others were taken for users: {wrong:?}"
    );
    remove(&name).expect("it is there");
}

// If wrong: "somebody hangs".
pub(crate) fn a_fork_while_other_threads_look_can_look() {
    watchdog(300);
    let name = name("forks");
    leave_large(&name);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let look = || {
            while !done.load(Ordering::Relaxed) {
                segment(&name).expect("it is there");
            }
        };
        let _threads = [(); 4].map(|()| scope.spawn(look));
        for _ in 0..amount(10, 40) {
            assert_success(in_child(|| {
                segment(&name).expect("it is there");
            }));
        }
        done.store(true, Ordering::Relaxed);
    });
    // The copies of the other threads' descriptors have ended with the children.
    assert_eq!(liveness(&name), Liveness::Stale);
    remove(&name).expect("it is there");
}

// If wrong: "it is listed", with 0 for how often.
pub(crate) fn a_segment_whose_looker_is_stopped_is_listed() {
    let name = name("leased");
    leave(&name);
    let looker = holder(|| lease(&forge::path(&name)).expect("nobody has it"));
    looker.signal(libc::SIGSTOP);
    slot::until_state(looker.id(), "T");
    let mut all = segments().expect("nothing is wrong");
    let place = Place::Named { name: name.clone() };
    all.retain(|segment| segment.place == place);
    assert_eq!(all.len(), 1, "it is listed");
    all.push(segment(&name).expect("it is there"));
    for found in all {
        assert_eq!(found.description, Err(HeaderError::Leased));
        let Liveness::Unknown { why } = found.liveness else {
            panic!("{:?}", found.liveness);
        };
        assert!(why.contains("lease"), "{why}");
        assert_eq!(pids(&found.processes), [looker.id()]);
        assert_eq!(found.token(), None);
    }
    looker.kill();
    let found = look(&name);
    assert_eq!(found.liveness, Liveness::Stale);
    found.remove_unused().expect("nobody has it");
    let again = found.remove_unused();
    assert!(matches!(again, Err(RemoveError::NotFound { .. })));
}

// If wrong: "somebody hangs", because the one who waits to write was woken and has written to nobody; it says "Broken
// pipe" then.
pub(crate) fn a_named_pipe_is_not_opened() {
    watchdog(300);
    let name = name("pipe");
    let path = forge::path(&name);
    os::make_fifo(&path);
    let mut options = File::options();
    options.read(true);
    // What `/proc` shows of it once its name is gone.
    let here = options
        .clone()
        .custom_flags(libc::O_PATH)
        .open(&path)
        .expect("it is there");
    let (ready, tell) = pipe();
    let writer = start(|| {
        tell.tell();
        let file = File::options().write(true).open(&path);
        let mut file = file.expect("somebody reads");
        file.write_all(b"!").expect("somebody reads");
    });
    ready.wait();
    slot::until_state(writer.id(), "S");
    segments().expect("nothing is wrong");
    segment(&name).expect_err("that is none");
    forge::unlink(&name);
    segments().expect("nothing is wrong");
    let link = format!("/proc/self/fd/{}", here.as_raw_fd());
    let mut text = String::new();
    let mut file = options.open(link).expect("it is open");
    file.read_to_string(&mut text).expect("it is written");
    assert_eq!(text, "!");
    assert_success(writer.wait());
}

// If wrong: "File name too long", for every process that looks.
pub(crate) fn a_path_of_any_length_spoils_no_picture_but_its_own() {
    let (name, deep) = (name("path"), name("deep"));
    leave(&name);
    // A folder among the segments is in nobody's way, and is cleared away in any case.
    let folder = forge::path(&deep);
    let holder = holder(|| {
        fs::create_dir(&folder).expect("the name is free");
        env::set_current_dir(&folder).expect("it is there");
        for _ in 0..30 {
            let inner = "d".repeat(200);
            fs::create_dir(&inner).expect("the name is free");
            env::set_current_dir(&inner).expect("it is there");
        }
        File::create("file").expect("the name is free")
    });
    let found = look(&name);
    assert_eq!(found.liveness, Liveness::Stale);
    assert!(!found.processes.complete, "a descriptor was not seen");
    holder.kill();
    fs::remove_dir_all(&folder).expect("it is there");
    remove(&name).expect("it is there");
}
