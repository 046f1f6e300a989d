//! The other process.

use std::ptr;
use std::sync::atomic::{
    AtomicU32, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

use super::by_hand::{Line, Mapped};
use super::pin::pin;

pub(crate) const IDLE: u32 = 0;
pub(crate) const OURS: u32 = 1;
pub(crate) const BY_HAND: u32 = 2;
const END: u32 = 3;

/// Another process, which does over and over what it is told.
pub(crate) struct Other {
    pid: libc::pid_t,
    told: Mapped<Told>,
}

#[repr(C, align(128))]
struct Told {
    what: AtomicU32,
    doing: Line<AtomicU32>,
    /// How often it has done each.
    done: [Line<AtomicU64>; 2],
}

impl Other {
    pub(crate) fn start(mut ours: impl FnMut(), mut raw: impl FnMut()) -> Self {
        let told = Mapped::<Told>::new();
        // SAFETY: this process has one thread.
        let pid = unsafe { libc::fork() };
        assert!(pid >= 0, "fork");
        if pid > 0 {
            return Other { pid, told };
        }
        // SAFETY: the call takes numbers: the child ends with its parent.
        unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
        pin(1);
        let mut done = [0; 2];
        loop {
            let what = told.what.load(Relaxed);
            told.doing.0.store(what, Relaxed);
            // Told again only now and then, so that this costs nothing; but all is counted.
            for _ in 0..16 {
                match what {
                    OURS => ours(),
                    BY_HAND => raw(),
                    // SAFETY: ends the process, whatever its state.
                    END => unsafe { libc::_exit(0) },
                    _ => std::hint::spin_loop(),
                }
                if let OURS | BY_HAND = what {
                    let i = what as usize - 1;
                    done[i] += 1;
                    told.done[i].0.store(done[i], Release);
                }
            }
        }
    }

    /// Returns when it does so.
    pub(crate) fn does(&self, what: u32) {
        self.told.what.store(what, Relaxed);
        while self.told.doing.0.load(Relaxed) != what {
            std::thread::yield_now(); // it may not have come to its own processor yet
        }
    }

    pub(crate) fn done(&self, what: u32) -> u64 {
        self.told.done[what as usize - 1].0.load(Acquire)
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        self.told.what.store(END, Relaxed);
        // SAFETY: the process is this one's child; nobody wants to know how it ended.
        unsafe { libc::waitpid(self.pid, ptr::null_mut(), 0) };
    }
}
