//! Holders that live, and look otherwise.
//!
//! If any of this were wrong, it would print "robbed a living holder".

use shmstate::UpdateError;

use super::slot::{hold, until_state};
use super::support::{assert_success, in_child, pipe, start, watchdog};
use super::{LONG, SHORT, add, check, held_by, os, stage};

pub(crate) fn a_stopped_holder_is_not_dead() {
    watchdog(100);
    let (pair, _) = stage();
    let holder = hold(|inside| {
        pair.modify(|pair| {
            pair.0 += 1;
            inside();
            pair.1 += 1;
        });
    });
    holder.signal(libc::SIGSTOP);
    until_state(holder.id(), "T");
    held_by(&pair, SHORT, holder.id());
    held_by(&pair, LONG, holder.id());
    check(&pair, 0, 0);
    holder.go_on();
    holder.signal(libc::SIGCONT);
    holder.finish();
    check(&pair, 1, 0);
    pair.modify(add);
    check(&pair, 2, 0);
}

pub(crate) fn without_a_free_descriptor_the_living_are_not_robbed_and_the_dead_are_found() {
    watchdog(100);
    let (pair, _) = stage();
    let holder = hold(|inside| {
        pair.modify(|pair| {
            add(pair);
            inside();
        });
    });
    let id = holder.id();
    // Who has never locked cannot, without `/proc`.
    let status = in_child(|| {
        os::limit(libc::RLIMIT_NOFILE, 0);
        let error = pair.try_modify(add).expect_err("it cannot tell who it is");
        assert!(matches!(error, UpdateError::System(_)), "{error}");
        check(&pair, 0, 0);
    });
    assert_success(status);

    let (waited, tell) = pipe();
    let (wait, go_on) = pipe();
    let theirs = pair.clone();
    let other = start(move || {
        held_by(&theirs, SHORT, id);
        os::limit(libc::RLIMIT_NOFILE, 0);
        std::fs::File::open("/dev/null").expect_err("no descriptor is free");
        held_by(&theirs, LONG, id);
        tell.tell();
        wait.wait();
        theirs.try_modify(add).expect("the holder is dead");
    });
    waited.wait();
    holder.kill();
    go_on.tell();
    assert_success(other.wait());
    check(&pair, 1, 1);
}
