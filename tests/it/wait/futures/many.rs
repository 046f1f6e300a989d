//! Many that wait at once.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use shmstate::{Shared, Watched};

use super::cancelled::{Elements, cancel_waits, elements};
use super::drive::{Bell, block_on, once_it_waits, poll, runtime, watchers};
use super::endless::sleep_without_end;
use super::fields::Field;
use super::slot::serve;
use super::support::watchdog;

/// A thousand tasks, each of which waits for an element twice, which one process writes.
fn wait_for(state: &Shared<Elements>, element: fn(usize) -> usize, expected_watchers: usize) {
    const TASKS: usize = 1_000;
    let writer = serve(|number| {
        let number = u32::try_from(number).expect("small");
        state.all.iter().for_each(|element| element.set(number));
    });
    let runtime = runtime();
    for number in [1, 2] {
        runtime.block_on(async {
            let asleep = Shared::new([0_u32; 1]).expect("create");
            let tasks = (0..TASKS).map(|task| {
                let (state, asleep) = (state.clone(), asleep.clone());
                tokio::spawn(async move {
                    let element: &Watched<u32> = &state.all[element(task)];
                    let reached = element.wait_until_async(|now| *now == number);
                    let found = once_it_waits(reached, || {
                        asleep[0].fetch_add(1);
                    });
                    assert_eq!(found.await, number);
                })
            });
            let tasks: Vec<_> = tasks.collect();
            while (asleep[0].get() as usize) < TASKS {
                tokio::task::yield_now().await;
            }
            assert_eq!(watchers(), expected_watchers);
            writer.order(number.into());
            for task in tasks {
                task.await.expect("no panic");
            }
        });
        writer.done();
    }
    assert_eq!(watchers(), expected_watchers);
    writer.kill();
}

pub(crate) fn a_thousand_elements_are_waited_for_by_eight_threads() {
    watchdog(100);
    sleep_without_end();
    wait_for(&elements(), |task| task, 8);
}

pub(crate) fn a_thousand_tasks_wait_for_one_element_by_one_thread() {
    watchdog(100);
    sleep_without_end();
    wait_for(&elements(), |_| 500, 1);
}

pub(crate) fn a_thread_sleeps_on_a_hundred_and_twenty_seven_words() {
    watchdog(100);
    sleep_without_end();
    let state = elements();
    let bell = Bell::new();
    let mut waits = Vec::new();
    for element in &state.all[..254] {
        let mut changed = element.changed();
        assert!(poll(&mut changed, &bell).is_pending());
        waits.push(changed);
        assert_eq!(watchers(), waits.len().div_ceil(127));
    }
    for (element, rings) in state.all.iter().zip(1..=254) {
        element.set(1);
        bell.wait_for(rings);
    }
}

/// The thread has hardly slept when another word is added.
pub(crate) fn a_word_that_changes_is_seen_among_words_that_come_and_go() {
    watchdog(100);
    sleep_without_end();
    let state = elements();
    let writer = serve(|number| state.all[0].set(u32::try_from(number).expect("small")));
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for half in [&state.all[1..500], &state.all[500..]] {
            let stop = &stop;
            scope.spawn(move || {
                while !stop.load(SeqCst) {
                    cancel_waits(half, 100);
                }
            });
        }
        for number in 1..1_000_u32 {
            let reached = state.all[0].wait_until_async(|now| *now == number);
            block_on(once_it_waits(reached, || writer.order(number.into())));
            writer.done();
        }
        stop.store(true, SeqCst);
    });
    writer.kill();
}
