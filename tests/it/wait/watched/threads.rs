//! Threads that wait, beside others of the same process.
//!
//! If any of this were wrong, it would print the watchdog's "somebody hangs".

use super::support::{assert_success, in_child, start, watchdog};
use super::{slot, stage};

const ROUNDS: u32 = 2_000;

pub(crate) fn threads_of_one_process_wait_for_one_another() {
    watchdog(60);
    let (state, segment) = stage();
    let (step, field) = (&state.step, segment.field("step"));
    state.step.set(0);
    let outside = start(|| _ = field.wait_until(|step| step >= (3 * ROUNDS).into()));
    assert_success(in_child(|| {
        std::thread::scope(|scope| {
            for turn in 0..3 {
                scope.spawn(move || {
                    for round in 0..ROUNDS {
                        let mine = 3 * round + turn;
                        assert_eq!(step.wait_until(|step| *step == mine), mine);
                        step.fetch_add(1);
                    }
                });
            }
        });
    }));
    assert_eq!(state.step.get(), 3 * ROUNDS);
    assert_success(outside.wait());
}

pub(crate) fn a_fork_while_another_thread_waits_leaves_both_sides_waiting_and_writing() {
    watchdog(60);
    let (state, segment) = stage();
    let (state, field) = (&state, segment.field("step"));
    for round in 0..20 {
        state.step.set(0);
        state.port.set(0);
        assert_success(in_child(|| {
            std::thread::scope(|scope| {
                let waits = scope.spawn(|| state.step.wait_until(|step| *step == 1));
                while field.event() & 1 == 0 {
                    std::thread::yield_now();
                }
                // The fork has this thread alone; it waits for this process, and writes what that waits for.
                let forked = start(|| {
                    assert_eq!(state.step.get(), 0);
                    assert_eq!(state.port.wait_until(|port| *port == 7), 7);
                    state.step.set(1);
                });
                if round % 2 == 0 {
                    slot::until_state(forked.id(), "S");
                }
                state.port.set(7);
                assert_eq!(waits.join().expect("no panic"), 1);
                assert_success(forked.wait());
            });
        }));
    }
}
