//! An atomic with an event: a waiter for a write is woken by it.

use std::rc::Rc;
use std::sync::atomic::Ordering::{Acquire, SeqCst};

use loom::sync::atomic::AtomicU64;

use super::platform::{All, Model, NoBarrierInNotify, NoBarrierInWait, Rules, Step};
use super::{Explored, each_step, explore, join, must_fail};
use crate::lock::event::Event;
use crate::sync::Word;

/// As `Watched`: its writes are a read-modify-write and a notification.
struct Watched<R: Rules> {
    value: Step<AtomicU64, R>,
    event: Event<Model<R>>,
}

impl<R: Rules> Watched<R> {
    fn new() -> Rc<Self> {
        Rc::new(Watched {
            value: Step::u64(0),
            // It wraps around during the first wait.
            event: Event::new(Step::u32(u32::MAX - 1)),
        })
    }

    fn fetch_add(&self) {
        self.value.fetch_add(1, SeqCst);
        self.event.notify();
    }

    fn wait_for(&self, least: u64) {
        let seen = || Some(self.value.load(Acquire)).filter(|value| *value >= least);
        self.event.wait(None, seen).expect("there is no time");
    }
}

/// Each writer writes `writes` times, and each waiter waits for all of them.
fn watch<R: Rules>(
    waiters: usize,
    writers: usize,
    writes: u64,
    preemptions: Option<usize>,
) -> Explored {
    explore(preemptions, move |machine| {
        let slot = Watched::<R>::new();
        join((0..waiters + writers).map(|actor| {
            let slot = slot.clone();
            machine.spawn(actor, move || {
                if actor < waiters {
                    slot.wait_for(writes * writers as u64);
                } else {
                    (0..writes).for_each(|_| slot.fetch_add());
                }
            })
        }));
    })
}

#[test]
fn a_waiter_misses_no_write() {
    watch::<All>(1, 1, 1, None).at_least(250);
}

#[test]
fn a_waiter_misses_neither_of_two_writes() {
    watch::<All>(1, 1, 2, None).at_least(18_000);
}

#[test]
fn a_waiter_misses_no_write_of_two_writers() {
    watch::<All>(1, 2, 1, Some(3)).at_least(8_000);
}

#[test]
fn two_waiters_miss_no_write() {
    watch::<All>(2, 1, 1, Some(3)).at_least(6_000);
}

#[test]
fn two_waiters_miss_neither_of_two_writes() {
    watch::<All>(2, 1, 2, Some(2)).at_least(2_400);
}

#[test]
fn without_a_barrier_the_writer_overlooks_the_waiter() {
    must_fail("deadlock", || {
        watch::<NoBarrierInNotify>(1, 1, 1, None);
    });
}

#[test]
fn without_a_barrier_the_waiter_overlooks_the_write() {
    must_fail("deadlock", || {
        watch::<NoBarrierInWait>(1, 1, 1, None);
    });
}

/// A writer, or another waiter, is killed at any step; a second writer writes after that. One waits for it.
fn beside_the_dead(victim_writes: bool) -> Explored {
    each_step(|kill| {
        explore(Some(2), move |machine| {
            let slot = Watched::<All>::new();
            machine.kill(0, kill);
            join((0..3).map(|actor| {
                let slot = slot.clone();
                machine.spawn(actor, move || match actor {
                    0 if !victim_writes => slot.wait_for(1),
                    2 => slot.wait_for(1),
                    _ => slot.fetch_add(),
                })
            }));
        })
    })
}

#[test]
fn a_waiter_beside_a_killed_writer_sees_the_next_write() {
    let explored = beside_the_dead(true);
    explored.at_least(1_700);
    assert!(explored.deaths > 600);
}

#[test]
fn a_waiter_beside_a_killed_waiter_sees_the_write() {
    let explored = beside_the_dead(false);
    explored.at_least(4_000);
    assert!(explored.deaths > 2_000);
}
