//! Giving memory without a name to another process: by the number of a descriptor, or by inheritance.

#![allow(unsafe_code)]

use core::ptr;
use std::fs::File;
use std::io;
use std::mem::{self, ManuallyDrop};
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::Arc;

use super::call::{Control, control, kind};
use super::file::FileInfo;
use super::memory::{MemoryFile, reopen, reopen_read_only};
use crate::error::SystemError;
use crate::sync::{AtomicPtr, Ordering};
use crate::sys::error::ErrorKind;

pub(crate) fn path_of(pid: u32, number: u32) -> String {
    format!("/proc/{pid}/fd/{number}")
}

pub(crate) fn open_of(
    pid: u32,
    number: u32,
    writable: bool,
) -> Result<Option<(MemoryFile, FileInfo)>, SystemError> {
    let file = match reopen(&path_of(pid, number), writable) {
        Ok(file) => MemoryFile(Arc::new(file)),
        Err(error) if matches!(kind(&error), ErrorKind::NotFound | ErrorKind::NotAFile) => {
            return Ok(None);
        }
        Err(error) => return Err(SystemError::when("open the descriptor in /proc")(error)),
    };
    Ok(file.info().map(|info| (file, info)))
}

/// If the file cannot be passed on, the command fails when it is started. The command keeps the file open. Without
/// `writable` the child gets a descriptor that can only be read.
pub(crate) fn pass_on(command: &mut Command, file: &MemoryFile, writable: bool) -> u32 {
    let passed = if writable {
        Ok(file.0.clone())
    } else {
        reopen_read_only(&file.0).map(Arc::new)
    };
    let number = passed.as_ref().unwrap_or(&file.0).as_raw_fd();
    let passed = passed.map_err(|error| error.raw_os_error().unwrap_or(0));
    let keep_open = move || match &passed {
        Ok(file) => set_close_on_exec(file, false),
        Err(error) => Err(io::Error::from_raw_os_error(*error)),
    };
    // SAFETY: between fork and exec only async-signal-safe functions may run: this calls `fcntl` and neither
    // allocates nor locks.
    unsafe { command.pre_exec(keep_open) };
    number.unsigned_abs()
}

/// A file that this process has opened itself is not returned, even if a token left over in the environment names its
/// number: all that this library opens is close-on-exec, and what was passed on is not until it is [kept](keep).
pub(crate) fn inherited(number: u32, id: u128) -> Option<(MemoryFile, FileInfo)> {
    let fd = i32::try_from(number).ok()?;
    // Never closed, so that it can be asked for more than once.
    // SAFETY: the number is not -1. The kernel checks at each use whether it is open. This library changes it only once it
    // has proved to be what was passed to this process.
    let file = ManuallyDrop::new(unsafe { File::from_raw_fd(fd) });
    let flags = control(&file, Control::DescriptorFlags, 0).ok()?;
    let passed_on = flags & libc::FD_CLOEXEC == 0;
    if !passed_on && !is_kept(number, id) {
        return None;
    }
    let file = MemoryFile(Arc::new(ManuallyDrop::into_inner(file)));
    mem::forget(file.clone());
    let info = file.info()?;
    Some((file, info))
}

pub(crate) fn keep(file: &MemoryFile, id: u128) -> io::Result<()> {
    let number = file.number();
    if !is_kept(number, id) {
        let next = ptr::null();
        let entry = Box::leak(Box::new(Kept { number, id, next }));
        // Release: the entry is whole for a thread that finds it there.
        let _ = KEPT.fetch_update(Ordering::AcqRel, Ordering::Acquire, |head| {
            entry.next = head;
            Some(entry)
        });
    }
    set_close_on_exec(&file.0, true)
}

/// A descriptor that this process was started with, and has made close-on-exec.
struct Kept {
    number: u32,
    id: u128,
    next: *const Kept,
}

/// The newest entry of a list that only grows. Not behind a lock, which a fork may leave locked for ever.
static KEPT: AtomicPtr<Kept> = AtomicPtr::new(ptr::null_mut());

fn is_kept(number: u32, id: u128) -> bool {
    let mut next = KEPT.load(Ordering::Acquire).cast_const();
    // SAFETY: null, or an entry that was leaked, and is never changed after it was put on the list.
    while let Some(kept) = unsafe { next.as_ref() } {
        if (kept.number, kept.id) == (number, id) {
            return true;
        }
        next = kept.next;
    }
    false
}

/// Keeps the descriptor in, or from, a program that is executed.
fn set_close_on_exec(file: &File, close: bool) -> io::Result<()> {
    let flags = if close { libc::FD_CLOEXEC } else { 0 }; // there are no others
    control(file, Control::SetDescriptorFlags, flags).map(drop)
}
