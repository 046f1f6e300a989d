//! Taking the lock from the dead, and from nobody else.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;

use super::machine::{Kill, die, me};
use super::platform::{All, HideWaiters, Rules, UnlockBySwap};
use super::{Explored, Slot, each_step, explore, join, must_fail};
use crate::lock::word::Attempt;
use crate::sync::Word;

/// How far a holder that may be killed has come.
#[derive(Clone, Copy)]
enum Came {
    Nowhere,
    Locked,
    Committed,
    Released,
}

/// A holder is killed, and `takers` update beside it and after it: with the last committed value, once one
/// of them, and one only, has taken over. If the kernel reads notes, no sleep ends by itself.
fn killed_holder<R: Rules>(
    takers: usize,
    preemptions: Option<usize>,
    notes: bool,
    kill: Kill,
) -> Explored {
    explore(preemptions, move |machine| {
        let slot = Slot::<R>::new();
        machine.kill(0, kill);
        if notes {
            machine.read_notes();
            machine.without_timeouts();
        }
        let came = Rc::new(Cell::new(Came::Nowhere));
        let taken_over = Rc::new(Cell::new(0));
        let holder = {
            let (slot, came) = (slot.clone(), came.clone());
            machine.spawn(0, move || {
                slot.lock(me(0));
                came.set(Came::Locked);
                slot.change(|value| value + 1);
                came.set(Came::Committed);
                slot.unlock(me(0));
                came.set(Came::Released);
                slot.head.event.notify();
            })
        };
        let others = (1..=takers).map(|taker| {
            let (slot, taken_over) = (slot.clone(), taken_over.clone());
            machine.spawn(taker, move || {
                if slot.update(me(taker), |value| value + 1) == Attempt::TakenOver {
                    taken_over.set(taken_over.get() + 1);
                }
            })
        });
        join(std::iter::once(holder).chain(others));

        // Whatever has happened, the lock is free, or a dead holder's.
        let last = slot.lock(me(3));
        let taken_over = taken_over.get() + u32::from(last == Attempt::TakenOver);
        let from_the_holder = slot.value() - takers as u64;
        slot.unlock(me(3));

        match came.get() {
            Came::Nowhere => assert_eq!((from_the_holder, taken_over), (0, 0)),
            Came::Locked => assert!(from_the_holder <= 1 && taken_over == 1),
            Came::Committed => assert!(from_the_holder == 1 && taken_over <= 1),
            Came::Released => assert_eq!((from_the_holder, taken_over), (1, 0)),
        }
        assert_eq!(slot.head.recoveries(), taken_over);
        assert_eq!(slot.lock_word(), 0);
    })
}

#[test]
fn after_a_kill_at_any_step_the_next_goes_on_from_the_last_commit() {
    let explored = each_step(|kill| killed_holder::<All>(1, None, false, kill));
    explored.at_least(3_000);
    assert!(explored.deaths > 1_000);
}

#[test]
fn after_a_kill_at_any_step_one_of_two_takes_over() {
    let explored = each_step(|kill| killed_holder::<All>(2, Some(2), false, kill));
    explored.at_least(4_000);
    assert!(explored.deaths > 3_000);
}

#[test]
fn after_a_kill_at_any_step_the_kernel_wakes_the_next() {
    let explored = each_step(|kill| killed_holder::<All>(1, None, true, kill));
    explored.at_least(3_000);
    assert!(explored.deaths > 1_000);
}

#[test]
fn after_a_kill_at_any_step_the_kernel_wakes_one_of_two() {
    let explored = each_step(|kill| killed_holder::<All>(2, Some(2), true, kill));
    explored.at_least(4_000);
    assert!(explored.deaths > 3_000);
}

#[test]
fn without_its_own_bit_the_kernel_wakes_nobody() {
    must_fail("deadlock", || {
        each_step(|kill| killed_holder::<HideWaiters>(1, None, true, kill));
    });
}

/// The first holder is dead from the start, and the one that takes over is killed before each of its steps.
#[test]
fn a_thread_that_takes_over_may_be_killed_as_well() {
    let explored = each_step(|kill| {
        explore(Some(3), move |machine| {
            let slot = Slot::<All>::new();
            slot.lock(me(0));
            machine.bury(0);
            machine.kill(1, kill);
            join([1, 2].into_iter().map(|taker| {
                let slot = slot.clone();
                machine.spawn(taker, move || {
                    slot.update(me(taker), |value| value + 1);
                })
            }));
            slot.lock(me(3));
            assert!((1..=2).contains(&slot.value()));
            slot.unlock(me(3));
            // One that dies before it has counted its takeover leaves one uncounted.
            let recoveries = slot.head.recoveries() as usize;
            assert!((1..=1 + machine.deaths()).contains(&recoveries));
            assert_eq!(slot.lock_word(), 0);
        })
    });
    explored.at_least(7_000);
    assert!(explored.deaths > 5_000);
}

/// One waits already, perhaps asleep, and another comes after the death. No sleep ends by itself.
#[test]
fn a_thread_that_comes_after_the_death_takes_over_without_a_timer() {
    explore(Some(3), |machine| {
        let slot = Slot::<All>::new();
        machine.without_timeouts();
        let holder = {
            let slot = slot.clone();
            machine.spawn(0, move || {
                slot.lock(me(0));
                die();
            })
        };
        let waiter = {
            let slot = slot.clone();
            machine.spawn(1, move || {
                slot.update(me(1), |value| value + 1);
            })
        };
        let newcomer = {
            let slot = slot.clone();
            machine.spawn(2, move || {
                join([holder].into_iter());
                slot.update(me(2), |value| value + 1);
            })
        };
        join([waiter, newcomer].into_iter());
        assert_eq!(slot.value(), 2, "lost update");
        assert_eq!(slot.head.recoveries(), 1);
    })
    .at_least(1_500);
}

/// A word of this very thread although it holds nothing: the thread was another program before.
#[test]
fn a_relic_is_taken_over_by_its_own_thread_only() {
    explore(Some(3), |machine| {
        let slot = Slot::<All>::new();
        slot.lock.store(me(0), Relaxed);
        join([0, 1].into_iter().map(|actor| {
            let slot = slot.clone();
            machine.spawn(actor, move || {
                let acquired = slot.update(me(actor), |value| value + 1);
                assert_eq!(acquired == Attempt::TakenOver, actor == 0);
            })
        }));
        assert_eq!(slot.value(), 2, "lost update");
    })
    .at_least(300);
}

/// Without the lie this is `lock::two_threads_lose_no_update`.
#[test]
fn a_thread_that_takes_the_unknown_for_dead_steals_from_the_living() {
    must_fail("Causality violation", || {
        explore(Some(3), |machine| {
            let slot = Slot::<All>::new();
            machine.take_for_dead(Some(0));
            join((0..2).map(|actor| {
                let slot = slot.clone();
                machine.spawn(actor, move || {
                    slot.update(me(actor), |value| value + 1);
                })
            }));
        });
    });
}

/// A live holder, which changes nothing, is taken for dead; it releases while two others update.
fn false_takeover<R: Rules>() -> Explored {
    explore(Some(2), |machine| {
        let slot = Slot::<R>::new();
        slot.lock(me(0));
        machine.take_for_dead(Some(0));
        join((0..3).map(|actor| {
            let slot = slot.clone();
            machine.spawn(actor, move || {
                if actor == 0 {
                    slot.unlock(me(0));
                } else {
                    slot.update(me(actor), |value| value + 1);
                }
            })
        }));
        assert_eq!(slot.value(), 2, "lost update");
    })
}

#[test]
fn a_thread_wrongly_taken_for_dead_releases_nothing() {
    false_takeover::<All>().at_least(900);
}

#[test]
fn a_release_by_swap_frees_the_lock_of_the_new_holder() {
    must_fail("Causality violation", || {
        false_takeover::<UnlockBySwap>();
    });
}

/// With a word for each thread this is `lock::two_threads_lose_no_update`.
#[test]
fn with_one_word_for_a_process_its_threads_take_each_other_for_a_relic() {
    must_fail("Causality violation", || {
        explore(Some(3), |machine| {
            let slot = Slot::<All>::new();
            join((0..2).map(|thread| {
                let slot = slot.clone();
                machine.spawn(thread, move || {
                    slot.update(me(0), |value| value + 1);
                })
            }));
        });
    });
}

/// One thread was wrongly taken for dead, and releases while a sibling and another process update.
fn sibling_of_a_false_dead(sibling: u64) -> Explored {
    explore(Some(3), move |machine| {
        let slot = Slot::<All>::new();
        slot.lock(me(0));
        machine.take_for_dead(Some(0));
        slot.lock(me(2));
        slot.unlock(me(2));
        machine.take_for_dead(None);
        join([0, 1, 2].into_iter().map(|actor| {
            let slot = slot.clone();
            machine.spawn(actor, move || match actor {
                0 => slot.unlock(me(0)),
                1 => {
                    slot.update(sibling, |value| value + 1);
                }
                _ => {
                    slot.update(me(2), |value| value + 1);
                }
            })
        }));
        assert_eq!(slot.value(), 2, "lost update");
    })
}

#[test]
fn a_late_release_leaves_the_lock_of_a_sibling() {
    sibling_of_a_false_dead(me(1)).at_least(1_500);
}

#[test]
fn with_one_word_for_a_process_a_late_release_frees_the_lock_of_a_sibling() {
    must_fail("Causality violation", || {
        sibling_of_a_false_dead(me(0));
    });
}
