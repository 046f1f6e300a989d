//! A test runner for one thread: each test runs in a forked child of its own, as many at once as there are
//! processors.
//!
//! It prints what the standard library's harness prints, and takes its [`Options`]. A test fails if it panics or
//! dies, and also if it leaves a file in `/dev/shm` or a process behind; those are removed, so that no test touches
//! another. After a runner that is killed, the [`janitor`](crate::janitor) does so.

#![allow(unsafe_code)]

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, PipeReader, PipeWriter, Read, Seek, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::process::ExitStatusExt;
use std::panic::{catch_unwind, resume_unwind};
use std::process::{ExitCode, ExitStatus};
use std::time::Instant;

use crate::is_deep;
use crate::janitor::{Janitor, remove_files};
use crate::options::Options;
use crate::process::{FAILED, Fork, Process, be_brief_about_panics, fork, set_test};

/// Ends the test without a verdict, and says why in the runner's output: for what a machine or a user
/// is not allowed to do. The test counts as ignored.
pub fn skip(reason: &str) -> ! {
    resume_unwind(Box::new(Skip(reason.to_owned())))
}

struct Skip(String);

/// A test: what it is called, with the modules that it lies in, and what it does.
#[derive(Clone, Copy)]
pub struct Test {
    path: &'static str,
    run: fn(),
    alone: bool,
    deep: bool,
}

impl Test {
    /// `path` begins with the name of the crate, as `module_path!` has it.
    pub const fn new(path: &'static str, run: fn()) -> Test {
        Test {
            path,
            run,
            alone: false,
            deep: false,
        }
    }

    /// No other test runs beside this one: it pins processes to processors, measures, or looks at the whole machine.
    #[must_use]
    pub const fn alone(self) -> Test {
        let alone = true;
        Test { alone, ..self }
    }

    /// Only in [deep runs](crate::is_deep): much the same is tested elsewhere.
    #[must_use]
    pub const fn deep(self) -> Test {
        let deep = true;
        Test { deep, ..self }
    }

    fn name(&self) -> &'static str {
        self.path
            .split_once("::")
            .map_or(self.path, |(_, name)| name)
    }
}

/// Runs the tests that the command line asks for. The result is what `main` returns.
pub fn run(tests: &[Test]) -> ExitCode {
    let options = Options::parse();
    let all = tests.iter().filter(|test| is_deep() || !test.deep);
    let chosen = || all.clone().filter(|test| options.choose(test.name()));
    if options.list {
        for test in chosen() {
            println!("{}: test", test.name());
        }
        return ExitCode::SUCCESS;
    }
    // A child of `fork` has the calling thread only, and every lock as another thread held it.
    let threads = fs::read_dir("/proc/self/task").map_or(1, Iterator::count);
    assert_eq!(threads, 1, "tests that fork run on one thread");
    become_subreaper();
    // A process that is gone may have had the number of this one.
    let random = RandomState::new().hash_one(0) >> 40;
    let prefix = format!("shmstate-test-{}-{random:x}-", std::process::id());
    let mut runner = Runner {
        janitor: Janitor::hire(&prefix),
        prefix,
        options: &options,
        started: 0,
        running: Vec::new(),
        results: Results::default(),
    };

    let start = Instant::now();
    let count = chosen().count();
    let plural = if count == 1 { "" } else { "s" };
    println!("\nrunning {count} test{plural}");
    let (alone, beside): (VecDeque<&Test>, VecDeque<&Test>) = chosen().partition(|test| test.alone);
    for (mut waiting, at_once) in [(beside, options.at_once), (alone, 1)] {
        while !waiting.is_empty() || !runner.running.is_empty() {
            if runner.running.len() < at_once.max(1)
                && let Some(test) = waiting.pop_front()
            {
                if let Some(code) = runner.start(test) {
                    return code; // in the test's process
                }
            } else {
                runner.finish_one();
            }
        }
    }
    runner.janitor.dismiss();
    // Made by processes that have left the group of their test.
    let left = remove_files(&runner.prefix, |_| false);
    let filtered = tests.len() - count;
    runner.results.print(&left, filtered, start)
}

struct Runner<'a> {
    janitor: Janitor,
    /// What the names of this run's segments begin with.
    prefix: String,
    options: &'a Options,
    /// How many tests have begun so far.
    started: usize,
    running: Vec<Running<'a>>,
    results: Results<'a>,
}

/// A test that has begun.
struct Running<'a> {
    test: &'a Test,
    process: Process,
    prefix: String,
    start: Instant,
    output: Option<File>,
    /// Ends when the test does, with the reason why it was skipped.
    reason: PipeReader,
}

#[derive(Default)]
struct Results<'a> {
    passed: usize,
    skipped: usize,
    /// Names and reports.
    failed: Vec<(&'a str, String)>,
}

impl<'a> Runner<'a> {
    /// Forks a process for the test. Returns twice, as `fork` does: in the test's process, or in one that it forked
    /// and that came back from the test, with the code to end with, through `main`.
    fn start(&mut self, test: &'a Test) -> Option<ExitCode> {
        let prefix = format!("{}{}-", self.prefix, self.started);
        self.started += 1;
        let output = self.options.capture.then(memory_file);
        let (reason, tell_reason) = io::pipe().expect("a pipe");
        match fork() {
            Fork::Parent(process) => {
                // Also from here, since either side may be the first to go on.
                set_group(process.id().cast_signed());
                self.running.push(Running {
                    test,
                    process,
                    prefix,
                    start: Instant::now(),
                    output,
                    reason,
                });
                None
            }
            Fork::Child => {
                drop(reason);
                set_group(0);
                self.janitor.meet();
                self.running.clear(); // descriptors of the other tests
                set_test(&prefix, self.options.seed);
                Some(run_test(test.run, output.as_ref(), tell_reason))
            }
        }
    }

    /// Waits until a test ends, and clears up after it.
    fn finish_one(&mut self) {
        let ended = wait_for_any();
        let found = self
            .running
            .iter()
            .position(|test| test.process.id().cast_signed() == ended);
        let Some(index) = found else {
            // What a test has left to nobody, or the janitor, without which the tests go on.
            if !self.janitor.has_ended(ended) {
                reap(ended, 0);
            }
            return;
        };
        let Running {
            test,
            process,
            prefix,
            start,
            output,
            mut reason,
        } = self.running.remove(index);
        let id = process.id();
        let group = id.cast_signed();
        let status = process.wait();
        let left_running = kill_group(group);
        let left_files = remove_files(&prefix, |builder| builder == id);
        self.janitor.forget(group);

        let mut report = output.map(read_all).unwrap_or_default();
        let mut failed = !status.success();
        if failed {
            let _ = writeln!(report, "the test's process ended with {status}");
        }
        for (what, found) in [("process", left_running), ("file in /dev/shm", left_files)] {
            for item in found {
                let _ = writeln!(report, "left behind: {what} {item}");
                failed = true;
            }
        }
        let mut skipped = String::new();
        let _ = reason.read_to_string(&mut skipped);
        let took = if self.options.times {
            format!(" <{:.3}s>", start.elapsed().as_secs_f64())
        } else {
            String::new()
        };
        let name = test.name();
        if failed {
            println!("test {name} ... FAILED{took}");
            self.results.failed.push((name, report));
        } else if skipped.is_empty() {
            println!("test {name} ... ok{took}");
            self.results.passed += 1;
        } else {
            println!("test {name} ... ignored, {skipped}{took}");
            self.results.skipped += 1;
        }
    }
}

impl Results<'_> {
    fn print(&self, left: &[String], filtered: usize, start: Instant) -> ExitCode {
        if !self.failed.is_empty() {
            println!("\nfailures:");
            for (name, report) in &self.failed {
                println!("\n---- {name} ----\n{report}");
            }
            println!("\nfailures:");
            for (name, _) in &self.failed {
                println!("    {name}");
            }
        }
        for name in left {
            println!("left behind by one of them: file in /dev/shm {name}");
        }
        let all_well = self.failed.is_empty() && left.is_empty();
        println!(
            "\ntest result: {}. {} passed; {} failed; {} ignored; 0 measured; {filtered} filtered out; finished in {:.2}s\n",
            if all_well { "ok" } else { "FAILED" },
            self.passed,
            self.failed.len(),
            self.skipped,
            start.elapsed().as_secs_f64(),
        );
        if all_well {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(101)
        }
    }
}

fn run_test(test: fn(), output: Option<&File>, mut reason: PipeWriter) -> ExitCode {
    let me = std::process::id();
    // SAFETY: the call takes numbers. The test ends with its runner.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    // A shell has what it starts in the background ignore them, and so would all that the test starts.
    for signal in [libc::SIGINT, libc::SIGQUIT] {
        // SAFETY: the call takes numbers, and this process has no handler of its own.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    if let Some(output) = output {
        for standard in [libc::STDOUT_FILENO, libc::STDERR_FILENO] {
            // SAFETY: both are open descriptors.
            unsafe { libc::dup2(output.as_raw_fd(), standard) };
        }
    }
    be_brief_about_panics(Some(me));
    match catch_unwind(test) {
        Ok(()) => ExitCode::SUCCESS,
        Err(payload) => match payload.downcast::<Skip>() {
            Ok(skip) => {
                let _ = reason.write_all(skip.0.as_bytes());
                ExitCode::SUCCESS
            }
            // A fork of the test: its panic goes on to `main`, as in an ordinary program.
            Err(payload) if me != std::process::id() => resume_unwind(payload),
            Err(_) => ExitCode::from(FAILED.to_le_bytes()[0]),
        },
    }
}

fn memory_file() -> File {
    // SAFETY: the name is a C string.
    let fd = unsafe { libc::memfd_create(c"test-output".as_ptr(), libc::MFD_CLOEXEC) };
    assert!(fd >= 0, "memfd_create: {}", io::Error::last_os_error());
    // SAFETY: the descriptor is new, and nobody else's.
    unsafe { File::from_raw_fd(fd) }
}

/// Makes this process the parent of the orphans below it, so that it can wait for them.
fn become_subreaper() {
    // SAFETY: the call takes numbers.
    unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1) };
}

/// The process becomes the leader of a group of its own, in which all that it forks and starts lie.
fn set_group(pid: i32) {
    // SAFETY: the call takes numbers. It fails if the other side was first and has ended since.
    unsafe { libc::setpgid(pid, pid) };
}

/// Waits until a child of this process ends, and returns its id. It stays to be waited for.
fn wait_for_any() -> i32 {
    loop {
        let mut info = MaybeUninit::zeroed();
        let flags = libc::WEXITED | libc::WNOWAIT;
        // SAFETY: the call fills in a live `siginfo_t`.
        let result = unsafe { libc::waitid(libc::P_ALL, 0, info.as_mut_ptr(), flags) };
        if result == 0 {
            // SAFETY: zeros are a value, and so is what the call has written.
            let info: libc::siginfo_t = unsafe { info.assume_init() };
            // SAFETY: what the kernel says about a child has its id.
            return unsafe { info.si_pid() };
        }
        let error = io::Error::last_os_error();
        assert_eq!(error.kind(), io::ErrorKind::Interrupted, "waitid: {error}");
    }
}

/// Ends all processes of the group, and returns those that had not ended by themselves.
fn kill_group(group: i32) -> Vec<String> {
    while reap(-group, libc::WNOHANG).is_some() {}
    // SAFETY: the call takes numbers; the group's members are descendants of this process.
    unsafe { libc::kill(-group, libc::SIGKILL) };
    let mut running = Vec::new();
    while let Some((pid, status)) = reap(-group, 0) {
        running.push(format!("{pid}, which ended with {status}"));
    }
    running
}

/// Waits for a child, or for one of the group whose number is negated.
fn reap(which: i32, flags: i32) -> Option<(i32, ExitStatus)> {
    let mut raw = 0;
    // SAFETY: `raw` is a live `int`.
    let pid = unsafe { libc::waitpid(which, &raw mut raw, flags) };
    (pid > 0).then(|| (pid, ExitStatus::from_raw(raw)))
}

fn read_all(mut output: File) -> String {
    let _ = output.rewind();
    let mut bytes = Vec::new();
    let _ = output.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
