//! The clock that counts from the start of the machine.

#![allow(unsafe_code)]

pub(crate) fn boot_nanoseconds() -> u64 {
    let mut now = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the call fills `now`, which lives. It does not fail: every kernel has this clock.
    unsafe { libc::clock_gettime(libc::CLOCK_BOOTTIME, &raw mut now) };
    // Neither part is negative, and 64 bits are enough for 584 years.
    now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
}
