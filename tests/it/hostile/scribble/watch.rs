//! What ends a hang, and who this thread is in a lock word.

#![allow(unsafe_code)]

use std::fs;

/// Has this process end with `SIGALRM` after so many seconds: a hang becomes a failure.
pub(crate) fn end_after(seconds: u32) {
    // SAFETY: the call takes a number.
    unsafe { libc::alarm(seconds) };
}

/// What this thread puts into the lock word of a slot that it holds: its id, and its start tick.
pub(crate) fn lock_word() -> u64 {
    let stat = fs::read_to_string("/proc/thread-self/stat").expect("/proc is mounted");
    let id: u64 = stat
        .split(' ')
        .next()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    // Behind the name, which may have spaces and parentheses, comes field 3.
    let fields = stat.rsplit(") ").next().expect("fields");
    let start = fields
        .split(' ')
        .nth(22 - 3)
        .and_then(|start| start.parse::<u64>().ok());
    id << 32 | (start.expect("a start") & ((1 << 31) - 1)) << 1
}

/// Lets so much time pass, in some unit.
pub(crate) fn pause(turns: usize) {
    for _ in 0..turns {
        std::hint::spin_loop();
    }
}
