//! A hang made a failure.

#![allow(unsafe_code)]

/// A machine that is busy with something else takes so many times as long.
const PATIENCE: u32 = 6;

/// Ends this process, as failed, unless it has ended by itself in `seconds`, or in several times that where the machine
/// is busy: far more than it needs, so that it hangs if it takes as long. Processes that it forks have no watchdog; they
/// end with the test.
pub fn watchdog(seconds: u32) {
    // SAFETY: the handler makes system calls only.
    unsafe { libc::signal(libc::SIGALRM, give_up as *const () as libc::sighandler_t) };
    // SAFETY: the call takes a number.
    unsafe { libc::alarm(seconds * PATIENCE) };
}

extern "C" fn give_up(_: i32) {
    let text = b"somebody hangs: the watchdog has ended the test\n";
    // SAFETY: the text is as long.
    unsafe { libc::write(libc::STDERR_FILENO, text.as_ptr().cast(), text.len()) };
    // SAFETY: ends the process, whatever its state.
    unsafe { libc::_exit(super::process::FAILED) };
}
