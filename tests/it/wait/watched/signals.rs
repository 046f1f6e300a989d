//! Signals to those who wait and those who write.

#![allow(unsafe_code)]

use std::sync::OnceLock;
use std::time::Duration;

use shmstate::Shared;

use super::support::{assert_success, kill_self, start, watchdog};
use super::{asleep, slot, stage};

/// How many signals the handler has seen.
static HANDLED: OnceLock<Shared<u32>> = OnceLock::new();

extern "C" fn count(_: i32) {
    if let Some(handled) = HANDLED.get() {
        handled.fetch_add(1);
    }
}

/// Installs a handler after which calls of the system are not begun again.
fn handle(signal: i32) {
    // SAFETY: zeros are a value.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = count as *const () as libc::sighandler_t;
    // SAFETY: the handler does one atomic addition.
    let set = unsafe { libc::sigaction(signal, &raw const action, std::ptr::null_mut()) };
    assert_eq!(set, 0);
}

/// If a signal ended a wait, this would print "ended early".
pub(crate) fn a_signal_handler_does_not_end_a_wait() {
    watchdog(60);
    let (state, segment) = stage();
    let handled = HANDLED.get_or_init(|| Shared::new(0).expect("create"));
    handle(libc::SIGUSR1);
    let field = segment.field("step");
    let waiters = [
        asleep(field, || {
            let seen = state.step.wait_until(|step| *step == 2);
            assert_eq!(seen, 2, "ended early");
        }),
        asleep(field, || {
            let limit = Duration::from_hours(1);
            let seen = state.step.wait_until_for(limit, |step| *step == 2);
            assert_eq!(seen.expect("ended early"), 2, "ended early");
        }),
    ];
    for waiter in &waiters {
        for _ in 0..100 {
            slot::until_state(waiter.id(), "S");
            let before = handled.get();
            waiter.signal(libc::SIGUSR1);
            while handled.get() == before {
                std::thread::yield_now();
            }
        }
    }
    state.step.set(2);
    for waiter in waiters {
        assert_success(waiter.wait());
    }
    assert_eq!(handled.get(), 200);
}

/// If it slept on a value that has gone, this would print the watchdog's "somebody hangs".
pub(crate) fn a_stopped_waiter_sees_the_last_value_when_it_goes_on() {
    watchdog(60);
    let (state, segment) = stage();
    let field = segment.field("step");
    for _ in 0..20 {
        state.step.set(1);
        let stopped = [
            asleep(field, || {
                assert_eq!(state.step.wait_until(|step| *step > 1), 9);
            }),
            asleep(field, || assert_eq!(field.wait_until(|step| step > 1), 9)),
        ];
        for waiter in &stopped {
            waiter.signal(libc::SIGSTOP);
            slot::until_state(waiter.id(), "T");
        }
        // It is woken where the others are not.
        let other = asleep(field, || _ = field.wait_until(|step| step == 4));
        state.step.set(4);
        assert_success(other.wait());
        state.step.fetch_add(5);
        for waiter in stopped {
            waiter.signal(libc::SIGCONT);
            assert_success(waiter.wait());
        }
    }
}

/// If it kept others from their notification, this would print the watchdog's "somebody hangs". Those who sleep at that
/// moment are on their own: the bound of their sleep makes up for the call that does not come.
pub(crate) fn a_writer_stopped_before_it_wakes_anybody_holds_up_nobody() {
    watchdog(60);
    let (state, segment) = stage();
    let field = segment.field("step");
    for _ in 0..10 {
        state.step.set(1);
        let waiters = [2, 3].map(|goal| {
            let state = &state;
            asleep(field, move || {
                assert_eq!(state.step.wait_until(|step| *step >= goal), goal);
            })
        });
        let writer = start(|| field.set_and(2, || kill_self(libc::SIGSTOP)));
        slot::until_state(writer.id(), "T");
        let [first, second] = waiters;
        assert_success(first.wait());
        state.step.fetch_add(1);
        assert_success(second.wait());
        writer.signal(libc::SIGCONT);
        assert_success(writer.wait());
    }
}

/// If writers excluded one another, this would print the watchdog's "somebody hangs".
pub(crate) fn a_stopped_writer_holds_up_nobody() {
    const ENOUGH: u64 = 1 << 62;
    watchdog(100);
    let (state, _) = stage();
    state.big.set(0);
    let writer = start(|| {
        loop {
            state.big.fetch_add(1);
        }
    });
    for _ in 0..30 {
        let waiters = [(); 2].map(|()| {
            let state = &state;
            start(move || _ = state.big.wait_until(|big| *big >= ENOUGH))
        });
        let before = state.big.get();
        state.big.wait_until(|big| *big > before + 10);
        writer.signal(libc::SIGSTOP);
        slot::until_state(writer.id(), "T");
        let at_rest = state.big.get();
        assert_eq!(state.big.fetch_or(ENOUGH), at_rest);
        for waiter in waiters {
            assert_success(waiter.wait());
        }
        state.big.fetch_and(!ENOUGH);
        writer.signal(libc::SIGCONT);
    }
    writer.kill();
}
