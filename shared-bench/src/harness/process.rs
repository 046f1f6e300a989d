//! Processes by fork.

#![allow(unsafe_code)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

/// A forked child. Killed, unless it has ended, and reaped when dropped.
pub(crate) struct Child(libc::pid_t);

impl Child {
    /// Runs `f` in a child, which then ends, and which ends when this process does. This process must have one thread.
    pub(crate) fn run(f: impl FnOnce()) -> Self {
        // SAFETY: this process has one thread.
        let pid = unsafe { libc::fork() };
        assert!(pid >= 0, "fork");
        if pid == 0 {
            // SAFETY: the call takes numbers.
            unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
            let code = i32::from(catch_unwind(AssertUnwindSafe(f)).is_err());
            // SAFETY: ends the process, whatever its state.
            unsafe { libc::_exit(code) };
        }
        Child(pid)
    }

    /// Sends `SIGKILL`.
    pub(crate) fn kill(&self) {
        // SAFETY: the call takes numbers; the child has not been reaped, so the number is still its own.
        unsafe { libc::kill(self.0, libc::SIGKILL) };
    }

    /// Waits until it has ended by itself.
    pub(crate) fn wait(self) {
        self.reap();
        std::mem::forget(self);
    }

    fn reap(&self) {
        // SAFETY: the process is this one's child; how it ended is not asked for.
        unsafe { libc::waitpid(self.0, ptr::null_mut(), 0) };
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
        self.reap();
    }
}
