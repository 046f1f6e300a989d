//! Holders that are dead, one way or another.
//!
//! If any of this were wrong, it would print the watchdog's "somebody hangs", or "taken over so often".

use super::slot::{Servant, hold, serve};
use super::support::{watchdog, without_notes};
use super::{add, check, stage};

const WAITERS: usize = 4;

fn order_all(servants: &[Servant]) {
    for servant in servants {
        servant.order(0);
    }
}

#[track_caller]
fn all_done(servants: &[Servant]) {
    for servant in servants {
        servant.done();
    }
}

pub(crate) fn a_killed_holder_stops_none_of_many_waiters_a_thousand_times() {
    kill_holders(1_000);
}

pub(crate) fn a_killed_holder_stops_nobody_without_a_note_either() {
    without_notes();
    kill_holders(300);
}

fn kill_holders(rounds: u64) {
    watchdog(500);
    let (pair, file) = stage();
    let waiters: Vec<_> = (0..WAITERS).map(|_| serve(|_| pair.modify(add))).collect();
    for round in 0..rounds {
        let holder = hold(|inside| {
            pair.modify(|pair| {
                add(pair);
                inside();
            });
        });
        assert_eq!(file.holder(), holder.id());
        order_all(&waiters);
        file.until_lock_is_waited_for();
        holder.kill();
        all_done(&waiters);
        check(&pair, (round + 1) * WAITERS as u64, round + 1);
    }
    waiters.into_iter().for_each(Servant::kill);
    assert!(!file.is_held());
}

/// Leaves by each way out that runs no destructors, or not those of the closure.
pub(crate) fn a_holder_that_ends_in_its_update_is_taken_over_from() {
    watchdog(100);
    let (pair, file) = stage();
    let ways: [fn(); 4] = [
        || std::process::exit(3),
        || std::process::abort(),
        || super::support::kill_self(libc::SIGTERM),
        || super::support::kill_self(libc::SIGILL),
    ];
    for (done, way) in (0..).zip(ways) {
        let ended = super::support::in_child(|| {
            pair.modify(|pair| {
                add(pair);
                way();
            });
        });
        assert!(!ended.success(), "it has come back");
        assert!(file.is_held());
        check(&pair, done, done);
        pair.modify(add);
        check(&pair, done + 1, done + 1);
    }
}

pub(crate) fn a_zombie_is_dead() {
    watchdog(100);
    let (pair, _) = stage();
    let holder = hold(|inside| pair.modify(|_| inside()));
    let zombie = holder.make_zombie();
    // Without any wait: this is the first look.
    pair.try_modify(add).expect("the holder is dead");
    check(&pair, 1, 1);
    zombie.wait();
}

pub(crate) fn a_zombie_that_has_left_no_note_is_dead() {
    without_notes();
    a_zombie_is_dead();
}

pub(crate) fn of_many_who_find_a_holder_dead_without_a_note_one_takes_over() {
    without_notes();
    of_many_who_find_a_holder_dead_one_takes_over();
}

pub(crate) fn of_many_who_find_a_holder_dead_one_takes_over() {
    watchdog(200);
    let (pair, _) = stage();
    let crowd: Vec<_> = (0..8).map(|_| serve(|_| pair.modify(add))).collect();
    for round in 0..50 {
        hold(|inside| pair.modify(|_| inside())).kill();
        order_all(&crowd);
        all_done(&crowd);
        check(&pair, (round + 1) * 8, round + 1);
    }
    crowd.into_iter().for_each(Servant::kill);
}
