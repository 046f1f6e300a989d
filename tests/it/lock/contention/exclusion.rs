//! One at a time.
//!
//! If any of this were wrong, it would print a count that is too small, or the watchdog's "somebody hangs".

#![allow(unsafe_code)]

use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use shmstate::{Shared, SharedState, UpdateError};

use super::slot::{WAITERS, hold};
use super::support::{Process, assert_success, start, watchdog};
use super::{Pair, add, check, stage};

const EACH: u64 = 10_000;

fn count(pair: &Shared<Pair>) {
    for _ in 0..EACH {
        pair.modify(add);
    }
}

fn counting_process(pair: &Shared<Pair>) -> Process {
    start(|| count(pair))
}

pub(crate) fn processes_that_count_under_the_lock_lose_nothing() {
    watchdog(200);
    let (pair, file) = stage();
    let first = pair.version();
    let processes: Vec<_> = (0..5).map(|_| counting_process(&pair)).collect();
    for process in processes {
        assert_success(process.wait());
    }
    check(&pair, 5 * EACH);
    assert_eq!(pair.version() - first, 5 * EACH);
    assert!(!file.is_held());
}

pub(crate) fn threads_contend_as_processes_do() {
    watchdog(200);
    let (pair, _) = stage();
    let process = counting_process(&pair);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| count(&pair));
        }
    });
    assert_success(process.wait());
    check(&pair, 5 * EACH);
}

#[derive(SharedState)]
struct Three {
    pair: (u64, u64),
    #[shared(capacity = 8)]
    text: String,
    #[shared(capacity = 8)]
    list: Vec<u8>,
}

#[track_caller]
fn held_by<R>(result: Result<R, UpdateError>, id: u32) {
    let Err(error) = result else {
        panic!("somebody else holds it");
    };
    let told = error.to_string();
    assert!(told.contains(" segment"), "{told}");
    assert!(told.ends_with(&format!(" is held by pid {id}")), "{told}");
}

pub(crate) fn a_try_on_a_held_lock_fails_and_says_who_holds_it() {
    watchdog(100);
    let three = Three {
        pair: (0, 0),
        text: "old".into(),
        list: vec![1],
    };
    let state = Shared::new(three).expect("create");
    let holder = hold(|inside| {
        state.pair.modify(|pair| {
            let within = state.text.modify(|_| state.list.modify(|_| inside()));
            within.expect("it fits").expect("it fits");
            add(pair);
        });
    });
    let id = holder.id();
    held_by(state.pair.try_modify(add), id);
    held_by(state.pair.try_set((7, 7)), id);
    held_by(state.text.try_set("new"), id);
    held_by(state.text.try_modify(String::clear), id);
    held_by(state.list.try_set([2]), id);
    held_by(state.list.try_modify(Vec::clear), id);
    assert_eq!(state.pair.get(), (0, 0));
    assert_eq!(
        (state.text.get(), state.list.get()),
        ("old".into(), vec![1])
    );
    holder.release();
    state.pair.try_modify(add).expect("it is free");
    check(&state.pair, 2);
}

pub(crate) fn a_timed_call_waits_as_long_as_it_says_and_says_for_whom() {
    watchdog(100);
    let (pair, file) = stage();
    let holder = hold(|inside| pair.modify(|_| inside()));
    held_by(pair.try_modify(add), holder.id());
    assert_eq!(file.lock() & WAITERS, 0, "a try does not sleep");
    for limit in [1, 60].map(Duration::from_millis) {
        let start = Instant::now();
        let error = pair.try_modify_for(limit, add).expect_err("it is held");
        assert!(start.elapsed() >= limit);
        let expected = format!(" is held by pid {} for longer than {limit:?}", holder.id());
        let told = error.to_string();
        assert!(told.ends_with(&expected), "{told}");
    }
    check(&pair, 0);
    holder.release();
    pair.try_modify_for(Duration::from_millis(1), add)
        .expect("it is free");
    check(&pair, 1);
}

pub(crate) fn the_longest_limit_is_no_limit() {
    watchdog(100);
    let (pair, file) = stage();
    let holder = hold(|inside| {
        pair.modify(|pair| {
            inside();
            file.until_lock_is_waited_for();
            add(pair);
        });
    });
    holder.go_on();
    pair.try_modify_for(Duration::MAX, add).expect("it comes");
    holder.finish();
    check(&pair, 2);
    let waited = pair.wait_until_for(Duration::MAX, |pair| pair.0 == 2);
    assert_eq!(waited.expect("it is so"), (2, 2));
}

static SIGNALS: AtomicU64 = AtomicU64::new(0);

extern "C" fn note_signal(_: i32) {
    SIGNALS.fetch_add(1, Ordering::Relaxed);
}

/// From now on a signal interrupts this process 5,000 times a second.
fn interrupt_all_the_time() {
    // SAFETY: zeros are a value: no flags, so that no call is begun anew by itself.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = note_signal as *const () as libc::sighandler_t;
    // SAFETY: `action` is live, and its handler only counts.
    let set = unsafe { libc::sigaction(libc::SIGALRM, &raw const action, ptr::null_mut()) };
    assert_eq!(set, 0);
    let often = libc::timeval {
        tv_sec: 0,
        tv_usec: 200,
    };
    let timer = libc::itimerval {
        it_interval: often,
        it_value: often,
    };
    // SAFETY: `timer` is live.
    let set = unsafe { libc::setitimer(libc::ITIMER_REAL, &raw const timer, ptr::null_mut()) };
    assert_eq!(set, 0);
}

pub(crate) fn signals_that_interrupt_every_wait_change_nothing() {
    watchdog(200);
    let (pair, _) = stage();
    let interrupted = start(|| {
        interrupt_all_the_time();
        count(&pair);
        let limit = Duration::from_millis(50);
        // Where the machine is busy, several signals are one.
        while SIGNALS.load(Ordering::Relaxed) < 100 {
            let start = Instant::now();
            pair.wait_until_for(limit, |pair| pair.0 == 0)
                .expect_err("it never is 0 again");
            assert!(start.elapsed() >= limit, "woken by a signal, and gave up");
        }
        pair.wait_until(|pair| *pair == (3 * EACH, 3 * EACH));
    });
    let others = [counting_process(&pair), counting_process(&pair)];
    for process in others.into_iter().chain([interrupted]) {
        assert_success(process.wait());
    }
    check(&pair, 3 * EACH);
}
