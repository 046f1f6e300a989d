//! A child process that runs from system call to system call, or from instruction to instruction, as a
//! debugger sees it.

#![allow(unsafe_code)]
use std::io;
use std::mem::MaybeUninit;
use std::process::ExitStatus;
use std::ptr;

use crate::{self as support, Process, kill_self, start};

/// A process that stands at the entry or the exit of a system call, or at its start.
pub struct Traced {
    process: Process,
}

/// Where a process has got to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// To its next instruction.
    Instruction,
    /// To a [`stop`].
    Stop,
    Ended,
}

/// Stops this process, for its tracer.
pub fn stop() {
    kill_self(libc::SIGSTOP);
}

/// Forks a process that stops before it does `f`, and ends at once after it. Ends the test with a notice
/// where tracing is not permitted.
pub fn trace(f: impl FnOnce()) -> Traced {
    let process = start(move || {
        if trace_me().is_err() {
            std::process::exit(NOT_PERMITTED);
        }
        stop();
        f();
    });
    let traced = Traced { process };
    if let Some(status) = traced.wait_for_stop() {
        traced.process.wait();
        assert_eq!(status, NOT_PERMITTED);
        support::skip("tracing a child is not permitted here");
    }
    // Stops at system calls are told from signals, and the child does not outlive this process.
    let options = libc::PTRACE_O_TRACESYSGOOD | libc::PTRACE_O_EXITKILL;
    // SAFETY: the process is a stopped tracee of this one; the call takes numbers.
    let set = unsafe { libc::ptrace(libc::PTRACE_SETOPTIONS, traced.pid(), 0_usize, options) };
    assert_eq!(set, 0, "ptrace: {}", io::Error::last_os_error());
    traced
}

const NOT_PERMITTED: i32 = 77;

fn trace_me() -> io::Result<()> {
    // SAFETY: the call takes no pointers here.
    match unsafe { libc::ptrace(libc::PTRACE_TRACEME) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

impl Traced {
    fn pid(&self) -> i32 {
        self.process.id().cast_signed()
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Waits until the process stops, or ends: then with which code. It is not reaped.
    fn wait_for_stop(&self) -> Option<i32> {
        match self.wait_for_change() {
            (libc::CLD_TRAPPED | libc::CLD_STOPPED, _) => None,
            (_, code) => Some(code),
        }
    }

    /// Waits until the process stops or ends: which of them, and by what.
    fn wait_for_change(&self) -> (i32, i32) {
        let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
        let flags = libc::WEXITED | libc::WSTOPPED | libc::WNOWAIT;
        // SAFETY: `info` is room for what the call writes.
        let waited =
            unsafe { libc::waitid(libc::P_PID, self.process.id(), info.as_mut_ptr(), flags) };
        assert_eq!(waited, 0, "waitid: {}", io::Error::last_os_error());
        // SAFETY: zeroed or written; any bytes are a value.
        let info = unsafe { info.assume_init() };
        // SAFETY: the call has filled the fields that belong to a child.
        (info.si_code, unsafe { info.si_status() })
    }

    /// Lets the process run to the next entry or exit of a system call. Whether it got there, and has
    /// not ended.
    pub fn step(&self) -> bool {
        // SAFETY: the process is a stopped tracee of this one; the call takes numbers.
        let resumed = unsafe { libc::ptrace(libc::PTRACE_SYSCALL, self.pid(), 0_usize, 0_usize) };
        assert_eq!(resumed, 0, "ptrace: {}", io::Error::last_os_error());
        self.wait_for_stop().is_none()
    }

    /// Lets the process execute one instruction; a system call is one.
    pub fn step_instruction(&self) -> Step {
        self.resume(libc::PTRACE_SINGLESTEP)
    }

    /// Lets the process run to its next [`stop`].
    pub fn run_to_stop(&self) {
        let got_to = self.resume(libc::PTRACE_CONT);
        assert_eq!(got_to, Step::Stop, "the process did not come so far");
    }

    /// Lets the process run until `ahead` returns, and stops it wherever it is then: asleep, mostly.
    pub fn run_until_then_stop(&self, ahead: impl FnOnce()) {
        self.go(libc::PTRACE_CONT);
        ahead();
        self.process.signal(libc::SIGSTOP);
        assert_eq!(self.got_to(), Step::Stop);
    }

    fn resume(&self, how: libc::c_uint) -> Step {
        self.go(how);
        self.got_to()
    }

    fn go(&self, how: libc::c_uint) {
        // SAFETY: the process is a stopped tracee of this one; the call takes numbers.
        let resumed = unsafe { libc::ptrace(how, self.pid(), 0_usize, 0_usize) };
        assert_eq!(resumed, 0, "ptrace: {}", io::Error::last_os_error());
    }

    fn got_to(&self) -> Step {
        match self.wait_for_change() {
            (libc::CLD_TRAPPED, libc::SIGTRAP) => Step::Instruction,
            (libc::CLD_TRAPPED, libc::SIGSTOP) => Step::Stop,
            (libc::CLD_TRAPPED, signal) => panic!("the process got signal {signal}"),
            _ => Step::Ended,
        }
    }

    /// The address of the instruction before which the process stands.
    pub fn address(&self) -> u64 {
        let mut registers = MaybeUninit::<libc::user_regs_struct>::zeroed();
        let mut place = libc::iovec {
            iov_base: registers.as_mut_ptr().cast(),
            iov_len: size_of::<libc::user_regs_struct>(),
        };
        let kind = libc::PTRACE_GETREGSET;
        // SAFETY: the process is a stopped tracee of this one; `place` is room for what the call writes.
        let got = unsafe { libc::ptrace(kind, self.pid(), libc::NT_PRSTATUS, &raw mut place) };
        assert_eq!(got, 0, "ptrace: {}", io::Error::last_os_error());
        // SAFETY: zeroed or written; any bytes are a value.
        let registers = unsafe { registers.assume_init() };
        #[cfg(target_arch = "x86_64")]
        return registers.rip;
        #[cfg(not(target_arch = "x86_64"))]
        return registers.pc;
    }

    /// Lets the process run until it is about to execute the instruction at `address` for the so-manieth
    /// time from now. Whether it has come so far, and not to a [`stop`].
    pub fn run_to_address(&self, address: u64, times: usize) -> bool {
        let break_there = self.set_breakpoint(Some(address));
        let mut left = times;
        let mut got_to = Step::Instruction;
        while left > 0 && got_to == Step::Instruction {
            got_to = if break_there {
                self.resume(libc::PTRACE_CONT)
            } else {
                self.step_instruction()
            };
            left -= usize::from(break_there || self.address() == address);
        }
        self.set_breakpoint(None);
        got_to == Step::Instruction
    }

    /// Has the processor stop the process at an address, or nowhere; whether it can.
    #[cfg(target_arch = "x86_64")]
    fn set_breakpoint(&self, address: Option<u64>) -> bool {
        let registers = std::mem::offset_of!(libc::user, u_debugreg);
        let set = |register: usize, value: u64| {
            let place = registers + 8 * register;
            // SAFETY: the process is a stopped tracee of this one; the call takes numbers.
            unsafe { libc::ptrace(libc::PTRACE_POKEUSER, self.pid(), place, value) == 0 }
        };
        // Register 0 has the address, register 7 says that it counts, for execution.
        set(7, 0) && set(0, address.unwrap_or(0)) && set(7, address.is_some().into())
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn set_breakpoint(&self, _: Option<u64>) -> bool {
        false
    }

    /// Lets the process run until it is about to make the system call of one of these numbers.
    pub fn run_until(&self, numbers: &[i64]) {
        while self.step() {
            if self.about_to().is_some_and(|nr| numbers.contains(&nr)) {
                return;
            }
        }
        panic!("the process has ended before that");
    }

    /// The number of the system call at whose entry the process stands.
    fn about_to(&self) -> Option<i64> {
        let mut info = MaybeUninit::<libc::ptrace_syscall_info>::zeroed();
        let len = size_of::<libc::ptrace_syscall_info>();
        // SAFETY: the process is a stopped tracee of this one, and `info` is `len` bytes of room.
        let got = unsafe {
            libc::ptrace(
                libc::PTRACE_GET_SYSCALL_INFO,
                self.pid(),
                len,
                info.as_mut_ptr(),
            )
        };
        assert!(got > 0, "ptrace: {}", io::Error::last_os_error());
        // SAFETY: zeroed or written; any bytes are a value.
        let info = unsafe { info.assume_init() };
        // SAFETY: `op` says that this is what the kernel has written.
        (info.op == libc::PTRACE_SYSCALL_INFO_ENTRY)
            .then(|| unsafe { info.u.entry.nr }.cast_signed())
    }

    /// Lets the process run on, and waits for its end.
    pub fn finish(self) -> ExitStatus {
        // SAFETY: the process is a stopped tracee of this one.
        let detached = unsafe {
            libc::ptrace(
                libc::PTRACE_DETACH,
                self.pid(),
                ptr::null_mut::<u8>(),
                0_usize,
            )
        };
        assert_eq!(detached, 0, "ptrace: {}", io::Error::last_os_error());
        self.process.wait()
    }

    /// Waits for the process, which has ended.
    pub fn ended(self) -> ExitStatus {
        self.process.wait()
    }

    /// Kills the process where it stands. The system call at whose entry it stands is not made.
    pub fn kill(self) {
        self.process.kill();
    }
}
