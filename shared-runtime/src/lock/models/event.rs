//! The event: a waiter for a change is woken by it.

use super::machine::{die, me};
use super::platform::{All, NoBarrierInNotify, NoBarrierInWait, Rules, SilentTakeover};
use super::{Explored, Slot, each_step, explore, join, must_fail};
use crate::access::Write;
use crate::lock::word::Attempt;

impl<R: Rules> Slot<R> {
    /// Waits for a value of `least` or more.
    fn wait_for(&self, least: u64) {
        let seen = || self.try_read::<Write>().filter(|value| *value >= least);
        self.head.event.wait(None, seen).expect("there is no time");
    }
}

/// Each committer commits `commits` times, and each watcher waits for all of them.
fn watch<R: Rules>(
    watchers: usize,
    committers: usize,
    commits: u64,
    preemptions: Option<usize>,
) -> Explored {
    explore(preemptions, move |machine| {
        let slot = Slot::<R>::new();
        join((0..watchers + committers).map(|actor| {
            let slot = slot.clone();
            machine.spawn(actor, move || {
                if actor < watchers {
                    slot.wait_for(commits * committers as u64);
                } else {
                    for _ in 0..commits {
                        slot.update(me(actor), |value| value + 1);
                    }
                }
            })
        }));
    })
}

#[test]
fn a_watcher_misses_no_commit() {
    watch::<All>(1, 1, 1, None).at_least(200);
}

#[test]
fn a_watcher_misses_neither_of_two_commits() {
    watch::<All>(1, 1, 2, Some(4)).at_least(700);
}

#[test]
fn a_watcher_misses_no_commit_of_two_committers() {
    watch::<All>(1, 2, 1, Some(2)).at_least(900);
}

#[test]
fn two_watchers_miss_no_commit() {
    watch::<All>(2, 1, 1, Some(3)).at_least(2_500);
}

#[test]
fn two_watchers_miss_neither_of_two_commits() {
    watch::<All>(2, 1, 2, Some(2)).at_least(2_500);
}

#[test]
fn without_a_barrier_the_committer_overlooks_the_watcher() {
    must_fail("deadlock", || {
        watch::<NoBarrierInNotify>(1, 1, 1, None);
    });
}

#[test]
fn without_a_barrier_the_watcher_overlooks_the_commit() {
    must_fail("deadlock", || {
        watch::<NoBarrierInWait>(1, 1, 1, None);
    });
}

/// A committer is killed at any step, another commits beside it and after it, and one watches.
#[test]
fn a_watcher_of_a_killed_committer_sees_the_next_commit() {
    let explored = each_step(|kill| {
        explore(Some(2), move |machine| {
            let slot = Slot::<All>::new();
            machine.kill(0, kill);
            join((0..3).map(|actor| {
                let slot = slot.clone();
                machine.spawn(actor, move || {
                    if actor == 2 {
                        slot.wait_for(1);
                    } else {
                        slot.update(me(actor), |value| value + 1);
                    }
                })
            }));
        })
    });
    explored.at_least(12_000);
    assert!(explored.deaths > 4_000);
}

/// A committer is killed between its commit and the release. Another takes over and commits nothing. No
/// sleep ends by itself.
fn commit_of_the_dead<R: Rules>() -> Explored {
    explore(None, move |machine| {
        let slot = Slot::<R>::new();
        machine.without_timeouts();
        let committer = {
            let slot = slot.clone();
            machine.spawn(0, move || {
                slot.lock(me(0));
                slot.change(|value| value + 1);
                die();
            })
        };
        let next = {
            let slot = slot.clone();
            machine.spawn(1, move || {
                join([committer].into_iter());
                assert_eq!(slot.lock(me(1)), Attempt::TakenOver);
                slot.unlock(me(1));
            })
        };
        let watcher = {
            let slot = slot.clone();
            machine.spawn(2, move || slot.wait_for(1))
        };
        join([next, watcher].into_iter());
    })
}

#[test]
fn a_takeover_announces_the_commit_of_the_dead() {
    commit_of_the_dead::<All>().at_least(900);
}

#[test]
fn without_a_notification_after_a_takeover_the_commit_of_the_dead_is_missed() {
    must_fail("deadlock", || {
        commit_of_the_dead::<SilentTakeover>();
    });
}
