//! Waits that end by themselves, and those that must not.

use std::time::{Duration, Instant};

use super::support::{assert_success, watchdog};
use super::{asleep, stage};

pub(crate) fn a_wait_without_a_change_ends_at_its_limit_and_says_it() {
    watchdog(60);
    let (state, _) = stage();
    // Within the spinning, at the first sleeps, and beyond the longest.
    for limit in [10, 1_000, 3_000, 130_000].map(Duration::from_micros) {
        let start = Instant::now();
        let mut seen = 0;
        let timed_out = state
            .step
            .wait_until_for(limit, |step| {
                seen += 1;
                *step == 2
            })
            .expect_err("it stays 1");
        assert!(start.elapsed() >= limit, "given up before {limit:?}");
        assert_eq!(timed_out.waited, limit);
        let text = format!(" did not become what was waited for within {limit:?}");
        let told = timed_out.to_string();
        assert!(told.starts_with("field `step` of "), "{told}");
        assert!(told.ends_with(&text), "{told}");
        assert!(seen >= 2, "looked {seen} times");
    }
    assert_eq!(state.step.get(), 1);
}

pub(crate) fn a_limit_of_zero_looks_once_more_and_ends() {
    watchdog(60);
    let (state, _) = stage();
    let now = state.phase.wait_until_for(Duration::ZERO, |_| true);
    assert_eq!(now.expect("it is"), super::Phase::Busy);
    let timed_out = state.phase.wait_until_for(Duration::ZERO, |_| false);
    assert_eq!(timed_out.expect_err("never").waited, Duration::ZERO);
}

/// If the limit were added to the clock, this would print "overflow"; if it were cut, "timed out".
pub(crate) fn the_longest_limit_is_no_limit() {
    watchdog(60);
    let (state, segment) = stage();
    for limit in [
        Duration::MAX,
        Duration::from_secs(u64::MAX),
        Duration::from_hours(1),
    ] {
        state.many[0].set(1);
        let waiter = asleep(segment.element("many", &[0]), || {
            let seen = state.many[0].wait_until_for(limit, |n| *n == 2);
            assert_eq!(seen.expect("no time-out"), 2);
        });
        state.many[0].set(2);
        assert_success(waiter.wait());
    }
}
