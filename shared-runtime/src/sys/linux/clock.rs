//! The clock that counts from the start of the machine.

use super::call;

pub(crate) fn boot_nanoseconds() -> u64 {
    let now = call::time(libc::CLOCK_BOOTTIME);
    // Neither part is negative, and 64 bits are enough for 584 years.
    now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
}
