//! What happens if a segment is truncated while it is read.
//!
//! A process that may write to a named segment may also truncate its file, and the kernel then ends each process that
//! touches the lost part with `SIGBUS`. There is no value to continue with, so this program still ends; but it says why,
//! and leaves the terminal as it was.

#![allow(unsafe_code)]

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use std::sync::{Mutex, OnceLock};

use signal_hook::consts::SIGBUS;
use signal_hook::low_level;

use crate::failure::Failure;
use crate::output::clean;

/// The message; it names the segment that was opened last. Never freed or changed: the handler may be reading it.
static MESSAGE: AtomicPtr<String> = AtomicPtr::new(ptr::null_mut());

/// How the terminal was set when the program began.
static SETTINGS: OnceLock<libc::termios> = OnceLock::new();

/// Whether the terminal is set otherwise now.
static DRAWING: AtomicBool = AtomicBool::new(false);

/// From now on, a truncated segment ends the program with a message.
pub(crate) fn survive() -> Result<(), Failure> {
    // SAFETY: the handler makes system calls only, and reads what is never freed.
    let registered = unsafe { low_level::register(SIGBUS, give_up) };
    registered
        .map(drop)
        .map_err(Failure::io("prepare for segments that are cut short"))
}

/// The segment that is read from now on.
pub(crate) fn reading(name: &str) {
    // One for each name, however often a server opens them.
    static MESSAGES: Mutex<BTreeMap<String, &String>> = Mutex::new(BTreeMap::new());
    let Ok(mut messages) = MESSAGES.lock() else {
        return;
    };
    let message = messages.entry(name.to_owned()).or_insert_with(|| {
        Box::leak(Box::new(format!(
            "shmstate: segment `{}`: it was cut short while it was read, by somebody who may write to it; remove it and create it anew\n",
            clean(name)
        )))
    });
    MESSAGE.store(
        ptr::from_ref::<String>(message).cast_mut(),
        Ordering::Release,
    );
}

/// The terminal is about to be set otherwise, or is again as it was.
pub(crate) fn drawing(begins: bool) {
    if begins && io::stdout().is_terminal() {
        SETTINGS.get_or_init(settings);
    }
    DRAWING.store(begins, Ordering::Release);
}

fn settings() -> libc::termios {
    // SAFETY: all of its fields are numbers.
    let mut settings = unsafe { std::mem::zeroed() };
    // SAFETY: `settings` lives. The descriptor is a terminal; if that fails, zeros are never put back: they differ
    // from what any terminal has only where it is gone.
    unsafe { libc::tcgetattr(libc::STDOUT_FILENO, &raw mut settings) };
    settings
}

fn give_up() {
    let settings = SETTINGS.get().filter(|_| DRAWING.load(Ordering::Acquire));
    if let Some(settings) = settings {
        // The main screen, and the cursor.
        write(libc::STDOUT_FILENO, b"\x1b[?1049l\x1b[?25h");
        // SAFETY: the call may be made in a handler; `settings` lives.
        unsafe { libc::tcsetattr(libc::STDOUT_FILENO, libc::TCSANOW, settings) };
    }
    // SAFETY: it is null or a string that is never freed.
    if let Some(message) = unsafe { MESSAGE.load(Ordering::Acquire).as_ref() } {
        write(libc::STDERR_FILENO, message.as_bytes());
    }
    low_level::exit(1)
}

fn write(descriptor: i32, bytes: &[u8]) {
    // SAFETY: the call may be made in a handler; the bytes are as many.
    unsafe { libc::write(descriptor, bytes.as_ptr().cast(), bytes.len()) };
}
