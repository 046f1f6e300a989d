//! One who writes, and several who wait: on fields of every kind, on elements of arrays, and two on each.

use shmstate::{Shared, SharedState};

use super::ball::{Ball, lock_is_waited_for};
use super::endless::{self, sleep_without_end};
use super::forge::Random;
use super::ring::{Court, court, keep_busy};
use super::support::{amount, assert_success, seed, start, watchdog};

type Slots = <Court as SharedState>::Slots;

const FIELDS: usize = 6;
const WAITERS_A_FIELD: u32 = 2;

fn field(slots: &Slots, index: usize) -> &dyn Ball {
    match index {
        0 => &slots.watched[0],
        1 => &slots.watched[3],
        2 => &slots.locked[0],
        3 => &slots.locked[2],
        4 => &slots.texts[1],
        _ => &slots.lists[1],
    }
}

pub(crate) fn each_of_several_waiters_of_several_fields_is_woken() {
    watchdog(100);
    sleep_without_end();
    let rounds = amount(1_000, 5_000);
    let court = court();
    let seen = Shared::new(Seen::default()).expect("create");
    let waiters = (0..FIELDS * WAITERS_A_FIELD as usize).map(|who| {
        let (court, seen) = (&court, &seen);
        start(move || {
            for round in 1..=rounds {
                field(court, who % FIELDS).take(round);
                seen.count.fetch_add(1);
            }
        })
    });
    let waiters: Vec<_> = waiters.collect();
    let mut random = Random::new(seed());
    for round in 1..=rounds {
        let first = random.below(FIELDS);
        for index in 0..FIELDS {
            field(&court, (first + index) % FIELDS).put(round);
        }
        let all = round * WAITERS_A_FIELD * u32::try_from(FIELDS).expect("a few");
        seen.count.wait_until(|count| *count == all);
    }
    for waiter in waiters {
        assert_success(waiter.wait());
    }
}

/// The lock goes from one to the next, most of whom sleep.
pub(crate) fn each_of_several_who_want_a_lock_is_woken() {
    const PROCESSES: u32 = 4;
    watchdog(100);
    sleep_without_end();
    let changes = amount(1_000, 5_000);
    let court = court();
    let done = Shared::new(0_u32).expect("create");
    let processes = (0..PROCESSES).map(|who| {
        let (court, done) = (&court, &done);
        start(move || {
            let mut random = Random::new(seed() + u64::from(who));
            for _ in 0..changes {
                court.locked[0].modify(|sum| {
                    // Now and then, until somebody is about to sleep; those who are done want it no more.
                    if random.below(4) == 0 {
                        while !lock_is_waited_for(&court.locked[0]) && done.get() < PROCESSES - 1 {
                            std::thread::yield_now();
                        }
                        keep_busy(random.below(2_000));
                    }
                    *sum += 1;
                });
            }
            done.fetch_add(1);
            court.sleeps.fetch_add(endless::count());
        })
    });
    for process in processes.collect::<Vec<_>>() {
        assert_success(process.wait());
    }
    assert_eq!(court.locked[0].get(), PROCESSES * changes);
    let sleeps = court.sleeps.get();
    println!("{sleeps} sleeps");
    assert!(sleeps > 0, "nobody has slept");
}

#[derive(SharedState, Default)]
struct Seen {
    #[shared(watch)]
    count: u32,
}
