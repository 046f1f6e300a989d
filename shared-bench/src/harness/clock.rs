//! The clock that all processes share.

#![allow(unsafe_code)]

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Nanoseconds of the monotonic clock, the same in every process.
pub(crate) fn now() -> u64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `time` is a live `timespec`.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    time.tv_sec.unsigned_abs() * 1_000_000_000 + time.tv_nsec.unsigned_abs()
}

/// The time that it takes to do `f` `turns` times.
#[inline]
pub(crate) fn time<R>(turns: u64, mut f: impl FnMut() -> R) -> Duration {
    let start = Instant::now();
    for _ in 0..turns {
        black_box(f());
    }
    start.elapsed()
}

/// As [`time`], of the making alone: what `f` has made is dropped while the clock stands.
pub(crate) fn time_making<R>(turns: u64, mut f: impl FnMut() -> R) -> Duration {
    let mut time = Duration::ZERO;
    for _ in 0..turns {
        let start = Instant::now();
        let made = f();
        time += start.elapsed();
        drop(black_box(made));
    }
    time
}
