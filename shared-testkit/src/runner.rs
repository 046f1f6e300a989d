//! A test runner for one thread: each test runs in a forked child of its own.
//!
//! It prints what the standard library's harness prints, and takes its arguments as far as they make
//! sense here. A test fails if it panics or dies, and also if it leaves a file in `/dev/shm` or a
//! process behind; those are removed, so that no test touches another. After a runner that is killed,
//! [`janitor`](super::janitor) does so.

#![allow(unsafe_code)]

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, PipeWriter, Read, Seek, Write};
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::process::ExitStatusExt;
use std::panic::{catch_unwind, resume_unwind};
use std::process::{ExitCode, ExitStatus};
use std::time::Instant;

use crate::janitor::{Janitor, remove_files};
use crate::process::{FAILED, Fork, fork, set_prefix};

/// Ends the test without a verdict, and says why in the runner's output: for what a machine or a user
/// is not allowed to do. The test counts as ignored.
pub fn skip(reason: &str) -> ! {
    resume_unwind(Box::new(Skip(reason.to_owned())))
}

struct Skip(String);

enum Outcome {
    Passed,
    Skipped(String),
    Failed(String),
}

/// A test: what it is called, with the modules that it lies in, and what it does.
#[derive(Clone, Copy)]
pub struct Test {
    path: &'static str,
    run: fn(),
}

impl Test {
    /// `path` begins with the name of the crate, as `module_path!` has it.
    pub const fn new(path: &'static str, run: fn()) -> Test {
        Test { path, run }
    }

    fn name(&self) -> &'static str {
        self.path
            .split_once("::")
            .map_or(self.path, |(_, name)| name)
    }
}

/// Runs the tests that the command line asks for. The result is what `main` returns.
pub fn run(tests: &[Test]) -> ExitCode {
    let arguments = Arguments::parse();
    let chosen = || tests.iter().filter(|test| arguments.choose(test.name()));
    if arguments.list {
        for test in chosen() {
            println!("{}: test", test.name());
        }
        return ExitCode::SUCCESS;
    }
    // A child of `fork` has the calling thread only, and every lock as another thread held it.
    let threads = fs::read_dir("/proc/self/task").map_or(1, Iterator::count);
    assert_eq!(threads, 1, "tests that fork run on one thread");
    become_subreaper();
    let run = format!("shmstate-test-{}-", std::process::id());
    let mut janitor = Janitor::hire(&run);

    let start = Instant::now();
    let count = chosen().count();
    println!(
        "\nrunning {count} test{}",
        if count == 1 { "" } else { "s" }
    );
    let (mut passed, mut skipped, mut failures) = (0, 0, Vec::new());
    for (index, test) in chosen().enumerate() {
        let name = test.name();
        let prefix = format!("{run}{index}-");
        let outcome = match run_one(test.run, &prefix, arguments.capture, &mut janitor) {
            Side::Test(code) => return code,
            Side::Runner(outcome) => outcome,
        };
        match outcome {
            Outcome::Passed => {
                println!("test {name} ... ok");
                passed += 1;
            }
            Outcome::Skipped(reason) => {
                println!("test {name} ... ignored, {reason}");
                skipped += 1;
            }
            Outcome::Failed(report) => {
                println!("test {name} ... FAILED");
                failures.push((name, report));
            }
        }
    }
    janitor.dismiss();
    if !failures.is_empty() {
        println!("\nfailures:");
        for (name, report) in &failures {
            println!("\n---- {name} ----\n{report}");
        }
        println!("\nfailures:");
        for (name, _) in &failures {
            println!("    {name}");
        }
    }
    println!(
        "\ntest result: {}. {passed} passed; {} failed; {skipped} ignored; 0 measured; {} filtered out; finished in {:.2}s\n",
        if failures.is_empty() { "ok" } else { "FAILED" },
        failures.len(),
        tests.len() - count,
        start.elapsed().as_secs_f64(),
    );
    if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(101)
    }
}

#[allow(clippy::struct_excessive_bools)] // one for each flag
struct Arguments {
    list: bool,
    exact: bool,
    capture: bool,
    only_ignored: bool,
    filters: Vec<String>,
    skip: Vec<String>,
}

impl Arguments {
    fn parse() -> Self {
        let mut parsed = Arguments {
            list: false,
            exact: false,
            capture: true,
            only_ignored: false,
            filters: Vec::new(),
            skip: Vec::new(),
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--list" => parsed.list = true,
                "--exact" => parsed.exact = true,
                "--nocapture" | "--no-capture" => parsed.capture = false,
                "--ignored" => parsed.only_ignored = true,
                "--skip" => parsed.skip.extend(arguments.next()),
                // Of the other options these have a value, which is no filter.
                "--test-threads" | "--format" | "--color" | "--logfile" | "--shuffle-seed"
                | "-Z" => drop(arguments.next()),
                other => match other.strip_prefix("--skip=") {
                    Some(text) => parsed.skip.push(text.to_owned()),
                    None if other.starts_with('-') => {}
                    None => parsed.filters.push(other.to_owned()),
                },
            }
        }
        parsed
    }

    fn choose(&self, name: &str) -> bool {
        let matches = |pattern: &String| {
            if self.exact {
                name == pattern
            } else {
                name.contains(pattern.as_str())
            }
        };
        // No test is marked as ignored.
        !self.only_ignored
            && (self.filters.is_empty() || self.filters.iter().any(matches))
            && !self.skip.iter().any(matches)
    }
}

/// Where [`run_one`] returns: twice, as `fork` does.
enum Side {
    /// In the test's process, or in one that it forked and that came back from the test: to end with
    /// this code, through `main`.
    Test(ExitCode),
    Runner(Outcome),
}

fn run_one(test: fn(), prefix: &str, capture: bool, janitor: &mut Janitor) -> Side {
    let mut output = capture.then(memory_file);
    let (mut reasons, reason) = io::pipe().expect("a pipe");
    let process = match fork() {
        Fork::Parent(process) => process,
        Fork::Child => {
            drop(reasons);
            set_group(0);
            janitor.meet();
            return Side::Test(run_test(test, prefix, output.as_ref(), reason));
        }
    };
    drop(reason);
    let id = process.id();
    let group = id.cast_signed();
    // Also from here, since either side may be the first to go on.
    set_group(group);
    let status = process.wait();
    let left_running = kill_group(group);
    let left_files = remove_files(prefix, |builder| builder == id);
    janitor.forget();

    let mut report = String::new();
    if let Some(output) = &mut output {
        let _ = output.rewind();
        let mut bytes = Vec::new();
        let _ = output.read_to_end(&mut bytes);
        report = String::from_utf8_lossy(&bytes).into_owned();
    }
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
    let mut reason = String::new();
    let _ = reasons.read_to_string(&mut reason);
    Side::Runner(if failed {
        Outcome::Failed(report)
    } else if reason.is_empty() {
        Outcome::Passed
    } else {
        Outcome::Skipped(reason)
    })
}

/// In the child: runs the test, and says how this process is to end.
fn run_test(test: fn(), prefix: &str, output: Option<&File>, mut reason: PipeWriter) -> ExitCode {
    let me = std::process::id();
    // SAFETY: the call takes numbers. The test ends with its runner.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    set_prefix(prefix);
    if let Some(output) = output {
        for standard in [libc::STDOUT_FILENO, libc::STDERR_FILENO] {
            // SAFETY: both are open descriptors.
            unsafe { libc::dup2(output.as_raw_fd(), standard) };
        }
    }
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

/// Ends all processes of the group, and returns those that had not ended by themselves.
fn kill_group(group: i32) -> Vec<String> {
    while reap(group, libc::WNOHANG).is_some() {}
    // SAFETY: the call takes numbers; the group's members are descendants of this process.
    unsafe { libc::kill(-group, libc::SIGKILL) };
    let mut running = Vec::new();
    while let Some((pid, status)) = reap(group, 0) {
        running.push(format!("{pid}, which ended with {status}"));
    }
    running
}

fn reap(group: i32, flags: i32) -> Option<(i32, ExitStatus)> {
    let mut raw = 0;
    // SAFETY: `raw` is a live `int`.
    let pid = unsafe { libc::waitpid(-group, &raw mut raw, flags) };
    (pid > 0).then(|| (pid, ExitStatus::from_raw(raw)))
}
