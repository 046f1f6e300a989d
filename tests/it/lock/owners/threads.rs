//! The holder is a thread.
//!
//! If any of this were wrong, it would print "robbed a living holder", or "who holds it".

#![allow(unsafe_code)]

use std::fs;
use std::thread;

use super::slot::until_state;
use super::support::{assert_success, forget_list, pipe, start, watchdog, without_notes};
use super::{LONG, SHORT, add, check, held_by, stage};

/// Ends the calling thread, and nothing else: no destructors, no word to who joins it.
fn end_thread() -> ! {
    // SAFETY: ends the thread, whatever its state; nobody joins it.
    unsafe { libc::syscall(libc::SYS_exit, 0) };
    unreachable!("the thread has ended");
}

fn this_thread() -> u32 {
    // SAFETY: asks for a number.
    unsafe { libc::gettid() }.unsigned_abs()
}

fn sleep_for_ever() -> ! {
    loop {
        thread::park();
    }
}

fn lives(id: u32) -> bool {
    fs::exists(format!("/proc/{id}")).expect("/proc is mounted")
}

/// Ends a thread within its update, and looks at the lock then.
fn end_with_the_lock(noted: bool) {
    watchdog(100);
    let (pair, file) = stage();
    let (ends, tell) = pipe();
    let theirs = pair.clone();
    let process = start(move || {
        thread::spawn(move || {
            if !noted {
                forget_list();
            }
            theirs.modify(|pair| {
                add(pair);
                tell.send(&u64::from(this_thread()).to_le_bytes());
                end_thread();
            });
        });
        sleep_for_ever();
    });
    let thread = u32::try_from(ends.number()).expect("an id");
    assert_ne!(thread, process.id());
    while lives(thread) {
        thread::yield_now();
    }
    assert_eq!(file.holder() == thread, !noted);
    pair.try_modify(add).expect("the holder is dead");
    check(&pair, 1, 1);
    assert!(lives(process.id()));
    process.kill();
}

pub(crate) fn a_thread_that_ends_with_the_lock_is_dead_though_its_process_lives() {
    end_with_the_lock(true);
}

pub(crate) fn a_thread_that_ends_with_the_lock_and_no_note_is_dead() {
    end_with_the_lock(false);
}

fn end_as_the_leader(noted: bool) {
    watchdog(100);
    let (pair, file) = stage();
    let theirs = pair.clone();
    let process = start(move || {
        thread::spawn(|| sleep_for_ever());
        theirs.modify(|pair| {
            add(pair);
            end_thread();
        });
    });
    until_state(process.id(), "Z");
    assert_eq!(file.is_left(), noted);
    let tasks = fs::read_dir(format!("/proc/{}/task", process.id())).expect("it lives");
    assert_eq!(tasks.count(), 2);
    pair.try_modify(add).expect("the holder is dead");
    check(&pair, 1, 1);
    process.kill();
}

pub(crate) fn a_leader_that_ends_with_the_lock_is_dead_though_its_threads_live() {
    end_as_the_leader(true);
}

pub(crate) fn a_leader_that_ends_with_the_lock_and_no_note_is_dead() {
    without_notes();
    end_as_the_leader(false);
}

pub(crate) fn a_thread_is_alive_though_its_leader_has_ended() {
    watchdog(100);
    let (pair, file) = stage();
    let (holds, tell) = pipe();
    let (wait, go_on) = pipe();
    let theirs = pair.clone();
    let process = start(move || {
        thread::spawn(move || {
            theirs.modify(|pair| {
                add(pair);
                tell.tell();
                wait.wait();
            });
            std::process::exit(0);
        });
        end_thread();
    });
    holds.wait();
    until_state(process.id(), "Z");
    assert_ne!(file.holder(), process.id());
    held_by(&pair, SHORT, process.id());
    held_by(&pair, LONG, process.id());
    go_on.tell();
    assert_success(process.wait());
    check(&pair, 1, 0);
}

pub(crate) fn a_process_that_exits_in_another_thread_is_dead() {
    watchdog(100);
    let (pair, file) = stage();
    let (holds, tell) = pipe();
    let theirs = pair.clone();
    let process = start(move || {
        thread::spawn(move || {
            theirs.modify(|pair| {
                add(pair);
                tell.tell();
                sleep_for_ever();
            });
        });
        holds.wait();
        std::process::exit(0);
    });
    assert_success(process.wait());
    assert!(file.is_held());
    pair.try_modify(add).expect("the holder is dead");
    check(&pair, 1, 1);
}

pub(crate) fn one_thread_cannot_take_the_lock_from_another() {
    watchdog(100);
    let (pair, _) = stage();
    let (holds, tell) = pipe();
    let (wait, go_on) = pipe();
    thread::scope(|scope| {
        scope.spawn(|| {
            pair.modify(|pair| {
                add(pair);
                tell.tell();
                wait.wait();
            });
        });
        holds.wait();
        held_by(&pair, SHORT, std::process::id());
        held_by(&pair, LONG, std::process::id());
        go_on.tell();
    });
    check(&pair, 1, 0);
    pair.modify(add);
    check(&pair, 2, 0);
}
