//! What runs the tasks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::task::{Wake, Waker};

use shmstate::Shared;

use super::drive::{Bell, block_on, once_it_waits, poll, poll_by, runtime, watchers};
use super::endless::sleep_without_end;
use super::fields::{Field, board};
use super::slot::serve;
use super::support::watchdog;

/// If the wait kept the thread, the others would never order the change.
pub(crate) fn a_task_that_waits_leaves_its_thread_to_others() {
    const YIELDS: u32 = 1_000;
    watchdog(100);
    sleep_without_end();
    let board = board();
    let writer = serve(|number| board.watched.set(u32::try_from(number).expect("small")));
    let polls = AtomicU32::new(0);
    runtime().block_on(async {
        let reached = board.watched.wait_until_async(|now| {
            polls.fetch_add(1, Relaxed);
            *now == YIELDS
        });
        let others = async {
            for number in 1..=YIELDS {
                tokio::task::yield_now().await;
                assert_eq!(board.watched.get(), 0);
                if number == YIELDS {
                    writer.order(YIELDS.into());
                }
            }
        };
        let (found, ()) = tokio::join!(reached, others);
        assert_eq!(found, YIELDS);
    });
    writer.done();
    writer.kill();
    let polls = polls.into_inner();
    println!("looked {polls} times");
    assert!(polls > YIELDS, "`join!` polls both each time");
}

pub(crate) fn a_runtime_of_several_threads_waits_as_well() {
    const TASKS: u32 = 16;
    watchdog(100);
    sleep_without_end();
    let board = board();
    let done = Shared::new([0_u64; 1]).expect("create");
    let writer = serve(|_| {
        for number in 1..=100 {
            board.watched.set(number);
            while done[0].get() < u64::from(number * TASKS) {
                std::thread::yield_now();
            }
        }
    });
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(4).build().expect("a runtime");
    runtime.block_on(async {
        let tasks = (0..TASKS).map(|_| {
            let (board, done) = (board.clone(), done.clone());
            tokio::spawn(async move {
                for number in 1..=100 {
                    board.watched.wait_until_async(|now| *now == number).await;
                    done[0].fetch_add(1);
                }
            })
        });
        let tasks: Vec<_> = tasks.collect();
        writer.order(0);
        for task in tasks {
            task.await.expect("no panic");
        }
    });
    writer.done();
    writer.kill();
    assert_eq!(watchers(), 1);
}

/// Nothing of `tokio` is needed.
pub(crate) fn an_executor_of_a_few_lines_will_do() {
    watchdog(100);
    sleep_without_end();
    let board = board();
    let writer = serve(|number| board.row[3].set(u32::try_from(number).expect("small")));
    for number in 1..100 {
        let reached = board.row[3].wait_until_async(|now| *now == number);
        let found = block_on(once_it_waits(reached, || writer.order(number.into())));
        assert_eq!(found, number);
        writer.done();
    }
    writer.kill();
}

/// If it were wrong, it would hang: the first waker was woken, which nobody listens to any more.
pub(crate) fn the_last_waker_is_the_one_that_is_woken() {
    watchdog(100);
    sleep_without_end();
    let board = board();
    let writer = serve(|number| board.watched.set(u32::try_from(number).expect("small")));
    let (first, last) = (Bell::new(), Bell::new());
    let mut changed = board.watched.changed();
    assert!(poll(&mut changed, &first).is_pending());
    assert!(poll(&mut changed, &last).is_pending());
    writer.order(1);
    writer.done();
    last.wait_for(1);
    assert!(poll(&mut changed, &last).is_ready());
    assert_eq!((first.rings(), last.rings()), (0, 1));
    writer.kill();
}

struct Panics;

impl Wake for Panics {
    fn wake(self: Arc<Self>) {
        panic!("a waker that panics");
    }
}

/// If it were wrong, it would hang: the thread has ended, for which the others wait.
pub(crate) fn a_waker_that_panics_stops_nobody() {
    watchdog(100);
    sleep_without_end();
    let board = board();
    let writer = serve(|number| {
        board.watched.set(u32::try_from(number).expect("small"));
        board.row[0].set(u32::try_from(number).expect("small"));
    });
    for number in 1..20 {
        let panics = Waker::from(Arc::new(Panics));
        let mut both = [board.watched.changed(), board.watched.changed()];
        let [first, second] = &mut both;
        let bell = Bell::new();
        assert!(poll_by(first, &panics).is_pending());
        assert!(poll(second, &bell).is_pending());
        let changed = board.row[0].changed();
        block_on(once_it_waits(changed, || writer.order(number)));
        writer.done();
        bell.wait_for(1);
        assert!(poll(second, &bell).is_ready());
    }
    assert_eq!(watchers(), 1);
    writer.kill();
}
