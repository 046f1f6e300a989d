//! Real child processes: forked from a test, or the test's own binary started anew.

#![allow(unsafe_code)]

use std::cell::Cell;
use std::env;
use std::io::{self, Write};
use std::os::unix::process::ExitStatusExt;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::process::{Command, ExitStatus};
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

const ROLE: &str = "SHMSTATE_TEST_ROLE";
const PREFIX_VARIABLE: &str = "SHMSTATE_TEST_PREFIX";

const SEED_VARIABLE: &str = "SHMSTATE_TEST_SEED";

/// What the names of the running test's segments begin with.
static PREFIX: OnceLock<String> = OnceLock::new();
static SEED: OnceLock<u64> = OnceLock::new();

/// By how a process's code ends: as the test harness of the standard library has it.
pub(super) const FAILED: i32 = 101;

/// The name of a segment of this test: no other test, and no other run, has the same.
pub fn name(suffix: &str) -> String {
    let prefix = PREFIX.get().expect("called by a test");
    format!("{prefix}{suffix}")
}

/// A number that is another in each run, for what a test does at random. If the test fails, its output says which:
/// with `--seed` and that number it does the same again.
pub fn seed() -> u64 {
    static TOLD: AtomicBool = AtomicBool::new(false);
    let seed = SEED.get().expect("called by a test");
    if !TOLD.swap(true, Relaxed) {
        println!("this test is random: to do the same again, run it with `--seed {seed}`");
    }
    *seed
}

pub(super) fn set_test(prefix: &str, seed: u64) {
    PREFIX.set(prefix.to_owned()).expect("one test a process");
    SEED.set(seed).expect("one test a process");
}

thread_local! {
    static PANIC_IS_EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// A test that panics says where it was, if `RUST_BACKTRACE` asks for that. A panic that is expected does not, nor do
/// other processes than the test's own, of which many panic: it takes seconds where there is much to debug.
pub(super) fn be_brief_about_panics(mine: Option<u32>) {
    let in_full = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if mine == Some(std::process::id()) && !PANIC_IS_EXPECTED.get() {
            in_full(panic);
        } else {
            eprintln!("{panic}");
        }
    }));
}

pub(super) fn expecting_a_panic<R>(f: impl FnOnce() -> R) -> R {
    let before = PANIC_IS_EXPECTED.replace(true);
    let result = f();
    PANIC_IS_EXPECTED.set(before);
    result
}

/// Whether children forget their lists: see [`without_notes`].
static WITHOUT_NOTES: AtomicBool = AtomicBool::new(false);

/// From now on nobody that [`start`] forks tells the kernel which lock it holds: as where the C library has no list of
/// robust mutexes, or the note is lost. Not in the threads that they start.
pub fn without_notes() {
    WITHOUT_NOTES.store(true, Relaxed);
}

/// Has this thread tell the kernel nothing, if it has not locked yet.
pub fn forget_list() {
    let nothing = ptr::null::<u8>();
    // SAFETY: no list, of the length that it always has.
    let forgotten = unsafe { libc::syscall(libc::SYS_set_robust_list, nothing, 24) };
    assert_eq!(forgotten, 0);
}

/// Which side of a fork this is.
pub enum Fork {
    Child,
    Parent(Process),
}

/// Forks. The child goes on where the parent does, so it can also return from the test and end through
/// `main`, as an ordinary program would. Mostly [`start`] or [`in_child`] fits better.
pub fn fork() -> Fork {
    let _ = io::stdout().flush(); // or both print what is in the buffer
    // SAFETY: tests run on one thread, so the child finds nothing locked that is not its own.
    let pid = unsafe { libc::fork() };
    match pid {
        0 => Fork::Child,
        1.. => Fork::Parent(Process {
            pid,
            parent: std::process::id(),
            status: None,
        }),
        _ => panic!("fork: {}", io::Error::last_os_error()),
    }
}

/// A forked child. It is killed if it is dropped before [`wait`](Process::wait).
pub struct Process {
    pid: i32,
    parent: u32,
    status: Option<ExitStatus>,
}

impl Process {
    pub fn id(&self) -> u32 {
        self.pid.unsigned_abs()
    }

    /// Sends a signal.
    pub fn signal(&self, signal: i32) {
        assert!(self.status.is_none(), "the process has been waited for");
        // SAFETY: the call takes numbers; the process is our child and not reaped, so the id is its own.
        let sent = unsafe { libc::kill(self.pid, signal) };
        assert_eq!(sent, 0, "kill: {}", io::Error::last_os_error());
    }

    /// Kills the process with `SIGKILL` and reaps it.
    pub fn kill(mut self) -> ExitStatus {
        self.signal(libc::SIGKILL);
        self.reap()
    }

    /// Waits for the process to end.
    pub fn wait(mut self) -> ExitStatus {
        self.reap()
    }

    fn reap(&mut self) -> ExitStatus {
        if let Some(status) = self.status {
            return status;
        }
        let mut raw = 0;
        loop {
            // SAFETY: `raw` is a live `int`.
            let reaped = unsafe { libc::waitpid(self.pid, &raw mut raw, 0) };
            if reaped == self.pid {
                let status = ExitStatus::from_raw(raw);
                self.status = Some(status);
                return status;
            }
            let error = io::Error::last_os_error();
            assert_eq!(error.kind(), io::ErrorKind::Interrupted, "waitpid: {error}");
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A fork has a copy of this, and the process is not its child.
        if self.status.is_none() && self.parent == std::process::id() {
            self.signal(libc::SIGKILL);
            self.reap();
        }
    }
}

/// Runs `f` in a forked child, which then ends at once with code 0, or 101 if `f` panicked. In the
/// parent `f` is only dropped, with all that was moved into it: the child alone keeps that.
pub fn start(f: impl FnOnce()) -> Process {
    match fork() {
        Fork::Parent(process) => process,
        Fork::Child => {
            if WITHOUT_NOTES.load(Relaxed) {
                forget_list();
            }
            let done = catch_unwind(AssertUnwindSafe(f));
            end(if done.is_ok() { 0 } else { FAILED })
        }
    }
}

/// [`start`], and waits for the child.
pub fn in_child(f: impl FnOnce()) -> ExitStatus {
    start(f).wait()
}

/// Ends the process at once: no destructors, no exit handlers.
pub(super) fn end(code: i32) -> ! {
    let _ = io::stdout().flush();
    // SAFETY: ends the process, whatever its state.
    unsafe { libc::_exit(code) }
}

/// Sends this process a signal.
pub fn kill_self(signal: i32) {
    // SAFETY: the call takes a number.
    unsafe { libc::raise(signal) };
}

/// Starts this test binary anew, by `exec`, to do what `role` names in [`roles`]. `configure` adds
/// arguments, which [`arguments`] returns there.
pub fn spawn_self(role: &str, configure: impl FnOnce(&mut Command)) -> std::process::Child {
    let mut command = Command::new("/proc/self/exe");
    command.env(ROLE, role);
    if let Some(prefix) = PREFIX.get() {
        command.env(PREFIX_VARIABLE, prefix);
    }
    if let Some(seed) = SEED.get() {
        command.env(SEED_VARIABLE, seed.to_string());
    }
    configure(&mut command);
    command.spawn().expect("this binary can be started")
}

/// What this binary does when it was started by [`spawn_self`], by name.
pub type Role = (&'static str, fn());

/// If this process was started by [`spawn_self`]: plays its role, and ends with code 0, or 101 if it
/// panicked. Otherwise returns. Call it first in `main`.
pub fn roles(known: &[Role]) {
    let Ok(role) = env::var(ROLE) else { return };
    let seed = env::var(SEED_VARIABLE)
        .ok()
        .and_then(|text| text.parse().ok());
    if let (Ok(prefix), Some(seed)) = (env::var(PREFIX_VARIABLE), seed) {
        set_test(&prefix, seed);
    }
    be_brief_about_panics(None);
    let found: Vec<_> = known.iter().filter(|(name, _)| *name == role).collect();
    let [(_, play)] = found[..] else {
        panic!("{} roles `{role}` in this binary", found.len());
    };
    play();
    std::process::exit(0);
}

/// The arguments that [`spawn_self`] was given for this process.
pub fn arguments() -> Vec<String> {
    env::args().skip(1).collect()
}
