//! Keeping a thread on one processor.

#![allow(unsafe_code)]

use std::sync::OnceLock;

/// The processors that this process could use when it was first asked.
fn allowed() -> &'static [usize] {
    static ALLOWED: OnceLock<Vec<usize>> = OnceLock::new();
    ALLOWED.get_or_init(|| {
        // SAFETY: a set of processors is plain bits.
        let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
        // SAFETY: `set` is a place for the answer.
        let got = unsafe { libc::sched_getaffinity(0, size_of_val(&set), &raw mut set) };
        assert_eq!(got, 0, "sched_getaffinity");
        // SAFETY: the number is within the set.
        let is_set = |cpu: &usize| unsafe { libc::CPU_ISSET(*cpu, &set) };
        (0..libc::CPU_SETSIZE.unsigned_abs() as usize)
            .filter(is_set)
            .collect()
    })
}

/// How many processors there are to use.
pub(crate) fn processors() -> usize {
    allowed().len()
}

/// Runs this thread on the `index`-th of them, counted around.
pub(crate) fn pin(index: usize) {
    let cpu = allowed()[index % processors()];
    // SAFETY: a set of processors is plain bits.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: the number is within the set.
    unsafe { libc::CPU_SET(cpu, &mut set) };
    // SAFETY: `set` is a live set of that size.
    let done = unsafe { libc::sched_setaffinity(0, size_of_val(&set), &raw const set) };
    assert_eq!(done, 0, "sched_setaffinity");
}
