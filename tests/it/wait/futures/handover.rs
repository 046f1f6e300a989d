//! Hand-overs between a task and somebody in another process.

use shmstate::Shared;

use super::drive::{block_on, runtime, watchers};
use super::endless::{self, sleep_without_end};
use super::fields::{Board, Field, Slots, board};
use super::os;
use super::support::{assert_success, start, watchdog};

/// Two fields: who waits for a number in the one puts the next into the other.
type Court = fn(&Slots, u32) -> &dyn Field;

const WATCHED: Court = |slots, number| &slots.row[number as usize % 2];
const LOCKED: Court = |slots, number| &slots.pairs[number as usize % 2];
const TEXT_AND_LIST: Court = |slots, number| match number % 2 {
    0 => &slots.text,
    _ => &slots.list,
};

/// Plays on from a number that this side puts.
async fn serve(slots: &Slots, court: Court, count: u32) {
    for number in (1..=count).step_by(2) {
        court(slots, number).put(number);
        court(slots, number + 1).reach(number + 1).await;
    }
}

async fn reply(slots: &Slots, court: Court, count: u32) {
    for number in (1..=count).step_by(2) {
        court(slots, number).reach(number).await;
        court(slots, number + 1).put(number + 1);
    }
}

/// A task here, and a process there that sleeps in its thread.
fn hand_over(court: Court, count: u32) {
    watchdog(200);
    sleep_without_end();
    let board = board();
    let other = start(|| {
        for number in (1..=count).step_by(2) {
            court(&board, number).wait(number);
            court(&board, number + 1).put(number + 1);
        }
    });
    runtime().block_on(serve(&board, court, count));
    assert_success(other.wait());
    let sleeps = endless::count();
    println!("{count} hand-overs, {sleeps} sleeps");
    assert!(sleeps > u64::from(count) / 10, "{sleeps} sleeps");
    assert_eq!(watchers(), 1);
}

pub(crate) fn a_hundred_thousand_hand_overs_of_a_watched_field() {
    hand_over(WATCHED, 100_000);
}

pub(crate) fn a_hundred_thousand_hand_overs_of_a_locked_field() {
    hand_over(LOCKED, 100_000);
}

pub(crate) fn texts_and_lists_are_handed_over() {
    hand_over(TEXT_AND_LIST, 20_000);
}

pub(crate) fn a_task_and_a_process_on_one_processor_hand_over() {
    os::stay_on_one_processor();
    hand_over(WATCHED, 50_000);
}

pub(crate) fn tasks_of_two_processes_hand_over() {
    watchdog(200);
    sleep_without_end();
    let board = board();
    let other = start(|| block_on(reply(&board, WATCHED, 30_000)));
    runtime().block_on(serve(&board, WATCHED, 30_000));
    assert_success(other.wait());
}

/// Each of several tasks has an opponent of its own there, and a pair of elements.
pub(crate) fn tasks_of_a_runtime_of_several_threads_hand_over() {
    const COUNT: u32 = 10_000;
    watchdog(200);
    sleep_without_end();
    let boards: Vec<Shared<Board>> = (0..4).map(|_| board()).collect();
    let others = boards.iter().map(|board| {
        start(|| {
            for number in (1..=COUNT).step_by(2) {
                WATCHED(board, number).wait(number);
                WATCHED(board, number + 1).put(number + 1);
            }
        })
    });
    let others: Vec<_> = others.collect();
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(3).build().expect("a runtime");
    runtime.block_on(async {
        let tasks = boards.iter().map(|board| {
            let board = board.clone();
            tokio::spawn(async move {
                // As `serve`, which borrows what cannot be sent.
                for number in (1..=COUNT).step_by(2) {
                    board.row[1].set(number);
                    let back = board.row[0].wait_until_async(|now| *now == number + 1);
                    back.await;
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.expect("no panic");
        }
    });
    for other in others {
        assert_success(other.wait());
    }
}
