//! Signals while a thread of the library sleeps.

#![allow(unsafe_code)]

use std::fs;
use std::sync::atomic::{AtomicI32, Ordering::SeqCst};

use super::drive::{Bell, poll, watcher_files};
use super::fields::{Field, board};
use super::support::watchdog;

/// Which thread has handled the signal.
static HANDLED_BY: AtomicI32 = AtomicI32::new(0);

extern "C" fn handle(_: i32) {
    // SAFETY: takes nothing.
    HANDLED_BY.store(unsafe { libc::gettid() }, SeqCst);
}

/// The signals that a line of a thread's `status` names.
fn signals(status: &str, line: &str) -> u64 {
    let mut lines = status.lines();
    let found = lines.find_map(|found| found.strip_prefix(line)?.strip_prefix(":\t"));
    u64::from_str_radix(found.expect("a line"), 16).expect("a number")
}

fn bits(signals: &[i32]) -> u64 {
    signals.iter().map(|signal| 1 << (signal - 1)).sum()
}

/// Blocks a signal in this thread, or lets it through.
fn mask(how: i32, signal: i32) {
    // SAFETY: zeros are a value.
    let mut set: libc::sigset_t = unsafe { std::mem::zeroed() };
    // SAFETY: the set is a live one.
    unsafe { libc::sigaddset(&raw mut set, signal) };
    // SAFETY: the set is a live one, and the one before is not asked for.
    unsafe { libc::pthread_sigmask(how, &raw const set, std::ptr::null_mut()) };
}

/// If it were wrong, it would print that another thread than the first has handled the signal, or which it would take.
pub(crate) fn the_signals_are_the_programs() {
    const SIGNAL: i32 = libc::SIGUSR1;
    watchdog(100);
    let own = || fs::read_to_string("/proc/thread-self/status").expect("/proc is mounted");
    let before = signals(&own(), "SigBlk");
    let board = board();
    let mut changed = board.watched.changed();
    assert!(poll(&mut changed, &Bell::new()).is_pending());
    assert_eq!(
        signals(&own(), "SigBlk"),
        before,
        "of the thread that waits"
    );

    let watcher = watcher_files("status").remove(0);
    // Those that the kernel sends to the thread that has caused them, and those that nobody can block; two numbers are
    // the C library's own.
    let of_the_thread = [
        libc::SIGILL,
        libc::SIGTRAP,
        libc::SIGBUS,
        libc::SIGFPE,
        libc::SIGSEGV,
        libc::SIGSYS,
    ];
    let never = bits(&of_the_thread) | bits(&[libc::SIGKILL, libc::SIGSTOP, 32, 33, 34]);
    let open = !signals(&watcher, "SigBlk");
    assert_eq!(open & !never, 0, "it would take {open:#x}");
    assert_eq!(open & bits(&of_the_thread), bits(&of_the_thread));

    // SAFETY: the handler makes a system call and writes an atomic.
    unsafe { libc::signal(SIGNAL, handle as *const () as libc::sighandler_t) };
    mask(libc::SIG_BLOCK, SIGNAL);
    // SAFETY: takes numbers.
    unsafe { libc::kill(std::process::id().cast_signed(), SIGNAL) };
    assert_eq!(HANDLED_BY.load(SeqCst), 0, "while the first thread did not");
    mask(libc::SIG_UNBLOCK, SIGNAL);
    assert_eq!(HANDLED_BY.load(SeqCst), std::process::id().cast_signed());
    drop(changed);
}
