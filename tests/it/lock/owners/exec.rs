//! Holders that execute another program.
//!
//! If any of this were wrong, it would print the watchdog's "somebody hangs", or "robbed a living holder".

use std::io::{Read, Write, stdin, stdout};
use std::os::unix::process::CommandExt;
use std::process::{ChildStdout, Command};

use shmstate::Shared;

use super::support::{
    Listener, Process, Teller, arguments, assert_success, pipe, start, watchdog, without_notes,
};
use super::{LONG, Pair, SHORT, add, check, held_by, stage};

/// The role of a program that has nothing to do with it.
pub(crate) fn bystander() {
    say_so_and_wait();
}

/// The role of a program that opens the segment in which its former self holds the lock.
pub(crate) fn heir() {
    let pair = Shared::<Pair>::open(&arguments()[0]).expect("open");
    say_so_and_wait();
    pair.try_modify(add).expect("I do not hold it any more");
}

fn say_so_and_wait() {
    stdout().write_all(b"!").expect("somebody listens");
    stdout().flush().expect("somebody listens");
    let _ = stdin().read(&mut [0]);
}

pub(crate) fn until_it_is_there(mut output: ChildStdout) {
    output.read_exact(&mut [0]).expect("it says so");
}

/// Forks a process that becomes another program within its update, and waits until that is there.
fn become_another(role: &str, pair: &Shared<Pair>) -> (Process, Teller) {
    let (there, tell): (Listener, Teller) = pipe();
    let (wait, go_on) = pipe();
    let process = start(move || {
        pair.modify(|value| {
            add(value);
            let mut command = Command::new("/proc/self/exe");
            command.env("SHMSTATE_TEST_ROLE", role);
            command.args(Shared::name(pair)).stdin(wait).stdout(tell);
            panic!("exec: {}", command.exec());
        });
    });
    there.wait();
    (process, go_on)
}

pub(crate) fn a_holder_that_became_another_program_is_no_holder() {
    watchdog(100);
    let (pair, file) = stage();
    let (process, _) = become_another("bystander", &pair);
    assert!(file.is_left());
    // The kernel has seen it; nobody waits.
    pair.try_modify(add).expect("it is another program");
    check(&pair, 1, 1);
    process.kill();
}

pub(crate) fn a_holder_that_became_another_program_and_left_no_note_is_no_holder() {
    watchdog(100);
    without_notes();
    let (pair, file) = stage();
    let (process, _) = become_another("bystander", &pair);
    assert_eq!(file.holder(), process.id());
    pair.modify(add); // waits for a second
    check(&pair, 1, 1);
    process.kill();
}

pub(crate) fn a_program_takes_over_from_its_former_self() {
    watchdog(100);
    without_notes();
    let (pair, file) = stage();
    let (process, go_on) = become_another("heir", &pair);
    assert_eq!(file.holder(), process.id());
    // It has the segment mapped and lives, so for all that others can tell it is inside.
    held_by(&pair, SHORT, process.id());
    held_by(&pair, LONG, process.id());
    go_on.tell();
    assert_success(process.wait());
    check(&pair, 1, 1);
}
