//! Keeping a process on one processor.

use std::sync::OnceLock;

/// Runs this process on the `index`-th of the processors that the first one may use.
pub(crate) fn pin(index: usize) {
    static ALLOWED: OnceLock<Vec<usize>> = OnceLock::new();
    // SAFETY: a set of processors is plain bits.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    let size = size_of_val(&set);
    let allowed = ALLOWED.get_or_init(|| {
        // SAFETY: `set` is a place for the answer.
        let got = unsafe { libc::sched_getaffinity(0, size, &raw mut set) };
        assert_eq!(got, 0, "sched_getaffinity");
        // SAFETY: the number is within the set.
        let is_set = |cpu: &usize| unsafe { libc::CPU_ISSET(*cpu, &set) };
        (0..libc::CPU_SETSIZE.unsigned_abs() as usize)
            .filter(is_set)
            .collect()
    });
    assert!(allowed.len() > 1, "two processors are needed");
    // SAFETY: `set` is a live set.
    unsafe { libc::CPU_ZERO(&mut set) };
    // SAFETY: the number is within the set.
    unsafe { libc::CPU_SET(allowed[index], &mut set) };
    // SAFETY: `set` is a live set of that size.
    let done = unsafe { libc::sched_setaffinity(0, size, &raw const set) };
    assert_eq!(done, 0, "sched_setaffinity");
}
