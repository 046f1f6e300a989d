//! Sleeps without an end.
//!
//! Every sleep of the library has a bound, so a lost wake-up is a delay there, and no test would see it. Here the
//! kernel hands each bounded sleep on a shared futex back to the process (`SECCOMP_RET_TRAP`), whose signal handler
//! takes the bound away and has the call made again: whom nobody wakes sleeps for ever.

#![allow(unsafe_code)]

use std::io;
use std::mem::{MaybeUninit, offset_of};
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use shared_testkit::skip;

/// How often this process was about to sleep.
static COUNT: AtomicU64 = AtomicU64::new(0);

pub(crate) fn count() -> u64 {
    COUNT.load(Relaxed)
}

/// Takes the bounds away, in this process and those that it forks from now on. Ends the test with a notice where a
/// process may not filter its own system calls.
pub(crate) fn sleep_without_end() {
    let mut action = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: zeros are a value.
    let action = unsafe { action.assume_init_mut() };
    action.sa_sigaction = resume_without_a_limit as *const () as libc::sighandler_t;
    action.sa_flags = libc::SA_SIGINFO;
    // SAFETY: the handler changes registers and an atomic, and calls nothing.
    let set = unsafe { libc::sigaction(libc::SIGSYS, action, ptr::null_mut()) };
    assert_eq!(set, 0, "sigaction: {}", io::Error::last_os_error());

    install(&mut filter());
}

/// Has the kernel ask this program about each system call, in this process and those that it forks from now on. Ends the
/// test with a notice where that is not permitted.
pub(crate) fn install(filter: &mut [libc::sock_filter]) {
    let program = libc::sock_fprog {
        len: number(filter.len()),
        filter: filter.as_mut_ptr(),
    };
    // SAFETY: takes numbers.
    unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) };
    // SAFETY: the program is as long as it says, and the kernel copies it. All threads get it.
    let set = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            libc::SECCOMP_FILTER_FLAG_TSYNC,
            &raw const program,
        )
    };
    if set != 0 {
        skip(&format!("no filter: {}", io::Error::last_os_error()));
    }
}

/// For each system call: whether to make it, or to send `SIGSYS` instead.
fn filter() -> [libc::sock_filter; 9] {
    let low_half = |argument: usize| offset_of!(libc::seccomp_data, args) + 8 * argument;
    let load = |at: usize| statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, at);
    [
        load(offset_of!(libc::seccomp_data, nr)),
        if_equal(number(libc::SYS_futex_waitv), 3),
        unless_equal(libc::SYS_futex, 5),
        load(low_half(1)),
        // The shared kind: the standard library sleeps by another.
        unless_equal(libc::FUTEX_WAIT.into(), 3),
        // The address of the bound. None lies at a multiple of 4 GiB.
        load(low_half(3)),
        if_equal(0, 1),
        statement(libc::BPF_RET, number(libc::SECCOMP_RET_TRAP)),
        statement(libc::BPF_RET, number(libc::SECCOMP_RET_ALLOW)),
    ]
}

pub(crate) fn statement(code: u32, k: usize) -> libc::sock_filter {
    libc::sock_filter {
        code: number(code),
        jt: 0,
        jf: 0,
        k: number(k),
    }
}

/// Skips so many of the statements behind it if what was loaded is `k`.
pub(crate) fn if_equal(k: u32, skipped: u8) -> libc::sock_filter {
    let compare = statement(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, number(k));
    libc::sock_filter {
        jt: skipped,
        ..compare
    }
}

/// As `if_equal`, if it is not.
fn unless_equal(k: i64, skipped: u8) -> libc::sock_filter {
    libc::sock_filter {
        jt: 0,
        jf: skipped,
        ..if_equal(number(k), 0)
    }
}

pub(crate) fn number<T: TryInto<U>, U>(n: T) -> U {
    n.try_into().ok().expect("a number that fits")
}

/// Steps back to the call, with no bound among its arguments.
extern "C" fn resume_without_a_limit(
    _: i32,
    _: *mut libc::siginfo_t,
    context: *mut libc::ucontext_t,
) {
    COUNT.fetch_add(1, Relaxed);
    // SAFETY: the kernel passes the registers of the thread that it has interrupted, to be put back.
    let machine = unsafe { &mut (*context).uc_mcontext };
    // The kernel has put back what the call's number and first argument were.
    #[cfg(target_arch = "x86_64")]
    {
        const SYSCALL: i64 = 2; // bytes
        machine.gregs[number::<_, usize>(libc::REG_R10)] = 0;
        machine.gregs[number::<_, usize>(libc::REG_RIP)] -= SYSCALL;
    }
    #[cfg(target_arch = "aarch64")]
    {
        const SVC: u64 = 4; // bytes
        machine.regs[3] = 0;
        machine.pc -= SVC;
    }
}
