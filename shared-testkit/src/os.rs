//! Calls of the system that tests need and the standard library does not have.

#![allow(unsafe_code)]
use std::ffi::CString;
use std::mem::MaybeUninit;
use std::os::unix::process::ExitStatusExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitStatus;
use std::{fs, io, process, ptr, thread};

fn checked(result: i32) -> io::Result<()> {
    if result == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

pub fn is_root() -> bool {
    // SAFETY: the call takes nothing and cannot fail.
    unsafe { libc::geteuid() == 0 }
}

/// Whether the process belongs to the same test as this one.
pub fn is_of_our_group(process: u32) -> bool {
    // SAFETY: the call takes a number.
    let group = unsafe { libc::getpgid(process.cast_signed()) };
    // SAFETY: the call takes nothing and cannot fail.
    group == unsafe { libc::getpgrp() }
}

/// Leaves namespaces: `CLONE_NEWNS` and such.
pub fn unshare(flags: i32) -> io::Result<()> {
    // SAFETY: the call takes a number; tests that fork run on one thread.
    checked(unsafe { libc::unshare(flags) })
}

/// Gives this process, and those that it forks, mounts of their own.
pub fn private_mounts() -> io::Result<()> {
    unshare(libc::CLONE_NEWNS)?;
    mount("none", "/", "", libc::MS_REC | libc::MS_PRIVATE, "")
}

/// Mounts a file system of `kind` at `target`. Call [`private_mounts`] first.
pub fn mount(source: &str, target: &str, kind: &str, flags: u64, data: &str) -> io::Result<()> {
    let [source, target, kind, data] =
        [source, target, kind, data].map(|text| CString::new(text).expect("no NUL byte"));
    // SAFETY: all are C strings that live until the call returns.
    checked(unsafe {
        libc::mount(
            source.as_ptr(),
            target.as_ptr(),
            kind.as_ptr(),
            flags,
            data.as_ptr().cast(),
        )
    })
}

/// Takes away what is mounted at `target`, in this process's mounts.
pub fn unmount(target: &str) -> io::Result<()> {
    let target = CString::new(target).expect("no NUL byte");
    // SAFETY: a C string that lives until the call returns.
    checked(unsafe { libc::umount2(target.as_ptr(), libc::MNT_DETACH) })
}

/// Makes this process, started by root, one of the user and group `id`, with no other groups.
pub fn become_user(id: u32) {
    // SAFETY: no list is passed.
    checked(unsafe { libc::setgroups(0, ptr::null()) }).expect("root may leave its groups");
    // SAFETY: the call takes a number.
    checked(unsafe { libc::setgid(id) }).expect("root may become any group");
    // SAFETY: the call takes a number.
    checked(unsafe { libc::setuid(id) }).expect("root may become any user");
}

/// Whether other processes of the same user may look into this one. A change of user says no.
pub fn set_dumpable(dumpable: bool) {
    // SAFETY: the call takes numbers.
    checked(unsafe { libc::prctl(libc::PR_SET_DUMPABLE, i32::from(dumpable)) }).expect("prctl");
}

pub fn umask(mask: u32) {
    // SAFETY: the call takes a number and cannot fail.
    unsafe { libc::umask(mask) };
}

/// Bounds what this process may use of a resource, such as `RLIMIT_AS`.
pub fn limit(resource: libc::__rlimit_resource_t, most: u64) {
    let limit = libc::rlimit {
        rlim_cur: most,
        rlim_max: most,
    };
    // SAFETY: `limit` is a live `rlimit`.
    checked(unsafe { libc::setrlimit(resource, &raw const limit) }).expect("a lower limit");
}

/// Makes a named pipe.
pub fn make_fifo(path: &str) {
    let path = CString::new(path).expect("no NUL byte");
    // SAFETY: a C string that lives until the call returns.
    checked(unsafe { libc::mkfifo(path.as_ptr(), 0o600) }).expect("a named pipe");
}

/// Does `f` in another thread, after the first thread of this process has ended; the process ends with it,
/// with code 0, or 101 if `f` panicked.
pub fn go_on_in_another_thread(f: &(dyn Fn() + Sync)) -> ! {
    let rest = move || {
        let stat = || fs::read_to_string("/proc/self/stat").expect("/proc is mounted");
        while !stat().contains(") Z ") {
            thread::yield_now();
        }
        let done = catch_unwind(AssertUnwindSafe(f));
        process::exit(if done.is_ok() { 0 } else { 101 });
    };
    // SAFETY: what `f` borrows lies on the stack of this thread, which stays when the thread ends in the
    // way below.
    unsafe { thread::Builder::new().spawn_unchecked(rest) }.expect("a thread");
    // SAFETY: ends this thread alone, and runs nothing: what it owns is never dropped.
    unsafe { libc::syscall(libc::SYS_exit, 0) };
    unreachable!("this thread has ended")
}

/// Makes this process the parent of the processes below it whose own parent ends.
pub fn adopt_orphans() {
    // SAFETY: the call takes numbers.
    checked(unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1) }).expect("prctl");
}

/// Waits for one that [`adopt_orphans`] has brought, or any other child.
pub fn wait_for_orphan() -> ExitStatus {
    let mut status = 0;
    // SAFETY: `status` is a live `int`.
    let waited = unsafe { libc::wait(&raw mut status) };
    assert!(waited > 0, "wait: {}", io::Error::last_os_error());
    ExitStatus::from_raw(status)
}

/// Waits for all children that there are, and those that come meanwhile.
pub fn wait_for_all_orphans() {
    // SAFETY: no status is asked for.
    while unsafe { libc::wait(ptr::null_mut()) } > 0 {}
    let error = io::Error::last_os_error();
    assert_eq!(error.raw_os_error(), Some(libc::ECHILD), "wait: {error}");
}

/// Keeps this process, and those that it forks, on one processor.
pub fn stay_on_one_processor() {
    stay_on_processor(0);
}

/// Keeps this process on a processor by its number among those that it may use, counted round and round.
pub fn stay_on_processor(number: usize) {
    let mut set = MaybeUninit::<libc::cpu_set_t>::zeroed();
    let len = size_of::<libc::cpu_set_t>();
    // SAFETY: `set` is `len` bytes of room.
    let got = unsafe { libc::sched_getaffinity(0, len, set.as_mut_ptr()) };
    assert_eq!(got, 0);
    // SAFETY: zeroed or written; any bytes are a value.
    let allowed = unsafe { set.assume_init() };
    // SAFETY: the number is less than that of the bits.
    let is_allowed = |cpu: &usize| unsafe { libc::CPU_ISSET(*cpu, &allowed) };
    let allowed: Vec<usize> = (0..1024).filter(is_allowed).collect();
    let chosen = allowed[number % allowed.len()];
    // SAFETY: zeros are a value.
    let mut one: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: the number is less than that of the bits.
    unsafe { libc::CPU_SET(chosen, &mut one) };
    // SAFETY: `one` is a live set of `len` bytes.
    let set = unsafe { libc::sched_setaffinity(0, len, &raw const one) };
    assert_eq!(set, 0);
}
