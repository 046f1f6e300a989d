//! The clock that counts from the start of the machine.

use rustix::time::{ClockId, clock_gettime};

pub(crate) fn boot_nanoseconds() -> u64 {
    let now = clock_gettime(ClockId::Boottime);
    let seconds = now.tv_sec.cast_unsigned();
    // 64 bits are enough for 584 years; neither part is negative.
    seconds * 1_000_000_000 + now.tv_nsec.cast_unsigned()
}
