//! The lock: every thread that wants it gets it, one at a time, also if a waiter dies.

use std::sync::atomic::Ordering::Relaxed;

use super::machine::{Kill, me};
use super::platform::{All, ForgetWaiters, RelaxedHandOver, Rules, UnlockToZero};
use super::{Explored, Slot, explore, join, must_fail};
use crate::sync::Word;

/// Each of `actors` adds 1 that many `times`.
fn updates<R: Rules>(actors: usize, times: u64, preemptions: Option<usize>) -> Explored {
    explore(preemptions, move |machine| {
        let slot = Slot::<R>::new();
        join((0..actors).map(|actor| {
            let slot = slot.clone();
            machine.spawn(actor, move || {
                for _ in 0..times {
                    slot.update(me(actor), |value| value + 1);
                }
            })
        }));
        assert_eq!(slot.value(), times * actors as u64, "lost update");
        assert_eq!(slot.lock_word(), 0);
        assert_eq!(slot.head.recoveries(), 0, "taken from the living");
    })
}

#[test]
fn two_threads_lose_no_update() {
    updates::<All>(2, 1, None).at_least(300);
    updates::<All>(2, 2, Some(3)).at_least(250);
}

#[test]
fn three_threads_lose_no_update() {
    updates::<All>(3, 1, Some(3)).at_least(3_000);
}

#[test]
fn a_relaxed_hand_over_hides_the_last_update() {
    must_fail("Causality violation", || {
        updates::<RelaxedHandOver>(2, 1, None);
    });
}

/// A thread has released, found nobody to wake, and is about to clear the bit, but is late: by then another
/// has the lock, and two sleep.
fn late_clearing<R: Rules>() -> Explored {
    explore(Some(1), |machine| {
        let slot = Slot::<R>::new();
        slot.lock.store(1, Relaxed);
        slot.lock(me(0));
        join((0..4).map(|actor| {
            let slot = slot.clone();
            machine.spawn(actor, move || match actor {
                0 => slot.unlock(me(0)),
                1 => {
                    let _ = slot.lock.compare_exchange(1, 0, Relaxed, Relaxed);
                }
                _ => {
                    slot.lock(me(actor));
                    slot.unlock(me(actor));
                }
            })
        }));
    })
}

#[test]
fn a_thread_that_has_slept_keeps_the_bit_for_the_others() {
    late_clearing::<All>().at_least(700);
}

#[test]
fn a_thread_that_forgets_the_bit_after_a_sleep_strands_the_others() {
    must_fail("deadlock", || {
        late_clearing::<ForgetWaiters>();
    });
}

/// Two actors wait, and one of them is killed as it is woken.
///
/// With a newcomer, the thread that has released comes again after that death. Without `timers`, no sleep
/// ends by itself.
fn killed_waiter<R: Rules>(newcomer: bool, timers: bool, notes: bool) -> Explored {
    explore(Some(2), move |machine| {
        let slot = Slot::<R>::new();
        slot.lock(me(0));
        machine.kill(1, Kill::Woken);
        if !timers {
            machine.without_timeouts();
        }
        if notes {
            machine.read_notes();
        }
        let waiter = |actor| {
            let slot = slot.clone();
            machine.spawn(actor, move || {
                slot.lock(me(actor));
                slot.unlock(me(actor));
            })
        };
        let (killed, other) = (waiter(1), waiter(2));
        let holder = {
            let slot = slot.clone();
            machine.spawn(0, move || {
                slot.unlock(me(0));
                join([killed].into_iter());
                if newcomer {
                    slot.lock(me(0));
                    slot.unlock(me(0));
                }
            })
        };
        join([other, holder].into_iter());
        assert!(slot.lock_word() <= 1);
        assert_eq!(slot.head.recoveries(), 0, "taken from the living");
    })
}

#[test]
fn a_waiter_killed_as_it_wakes_strands_nobody() {
    let explored = killed_waiter::<All>(false, true, false);
    explored.at_least(1_000);
    assert!(explored.deaths > 250);
}

#[test]
fn the_next_release_wakes_in_place_of_a_killed_waiter() {
    let explored = killed_waiter::<All>(true, false, false);
    explored.at_least(2_000);
    assert!(explored.deaths > 500);
}

#[test]
fn a_release_to_zero_strands_a_waiter_behind_a_killed_one() {
    must_fail("deadlock", || {
        killed_waiter::<UnlockToZero>(true, false, false);
    });
}

#[test]
fn the_kernel_wakes_another_in_place_of_a_killed_waiter() {
    let explored = killed_waiter::<All>(false, false, true);
    explored.at_least(1_000);
    assert!(explored.deaths > 250);
}

#[test]
fn without_a_timer_or_a_note_nobody_is_woken_in_place_of_a_killed_waiter() {
    must_fail("deadlock", || {
        killed_waiter::<All>(false, false, false);
    });
}
