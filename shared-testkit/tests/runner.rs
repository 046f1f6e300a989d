//! The runner that the tests across processes use, put to the test itself: what must fail, fails.

#![allow(unsafe_code)]

use shared_testkit::{self as support, Test, forge, os};

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, ExitCode, Output, Stdio};

use shmstate::Shared;

fn main() -> ExitCode {
    support::roles(&[("creates", creates_all_the_time)]);
    if std::env::var_os("SHMSTATE_TEST_KILLED").is_some() {
        return support::run(support::tests![leaves_all_kinds_and_waits]);
    }
    if std::env::var_os("SHMSTATE_TEST_INNER").is_some() {
        return support::run(&[
            Test::new("passes", || ()),
            Test::new("panics", || panic!("a panic's text")),
            Test::new("dies", || support::kill_self(9)),
            Test::new("leaves_a_file", leaves_a_file),
            Test::new("leaves_a_process", leaves_a_process),
            Test::new("is_skipped", || support::skip("not allowed here")),
        ]);
    }
    // Not by the runner itself, which would be blind to its own faults.
    if !std::env::args().any(|argument| argument == "--list") {
        support::watchdog(60);
        each_way_to_fail_is_reported_and_cleaned_up();
        filters_choose_tests_and_other_options_do_not();
    }
    // As if a shell had started it in the background.
    // SAFETY: takes numbers.
    unsafe { libc::signal(libc::SIGINT, libc::SIG_IGN) };
    support::run(support::tests![
        a_forked_child_ends_as_its_code_says,
        a_runner_that_is_killed_leaves_nothing,
        a_runner_that_ends_leaves_no_janitor,
    ])
}

fn leaves_a_file() {
    let options = Shared::<u8>::creating().lifetime(shmstate::Lifetime::Kept);
    drop(options.create(&support::name("left"), 1));
}

fn leaves_a_process() {
    let process = support::start(|| {
        loop {
            std::thread::park();
        }
    });
    std::mem::forget(process);
}

/// Leaves a name, a half-built file, and processes: one that is stopped, and one that was started as a
/// program and creates names.
fn leaves_all_kinds_and_waits() {
    leaves_a_file();
    let stopped = support::start(|| support::kill_self(libc::SIGSTOP));
    let (halfway, tell) = support::pipe();
    let builder = support::start(move || {
        let name = support::name("half-built");
        drop(Shared::<u8>::create_with(&name, |_| {
            tell.tell();
            park();
        }));
    });
    halfway.wait();
    let creator = support::spawn_self("creates", |_| ());
    while !std::fs::exists(forge::path(&support::name("created"))).unwrap() {
        std::thread::yield_now();
    }
    println!("ready {} {}", support::name(""), builder.id());
    std::mem::forget((stopped, builder, creator));
    park();
}

fn creates_all_the_time() {
    let options = || Shared::<u8>::creating().lifetime(shmstate::Lifetime::Kept);
    for n in 0.. {
        // It stays for a moment, or for ever.
        drop(options().create(&support::name("created"), 1));
        drop(options().create(&support::name(&format!("created-{}", n % 8)), 1));
        let _ = shmstate::remove(&support::name(&format!("created-{}", (n + 1) % 8)));
    }
}

fn park() -> ! {
    loop {
        std::thread::park();
    }
}

/// Starts this binary as another runner; `variable` says with which tests.
fn runner(variable: &str, arguments: &[&str]) -> Child {
    support::spawn_self("", |command| {
        command.env_remove("SHMSTATE_TEST_ROLE");
        command.env_remove("SHMSTATE_TEST_PREFIX");
        command.env(variable, "1");
        command.args(arguments).stdout(Stdio::piped());
        command.process_group(0);
    })
}

/// Runs this binary with the tests that are meant to fail.
fn inner(arguments: &[&str]) -> (Output, String) {
    let child = runner("SHMSTATE_TEST_INNER", arguments);
    let output = child.wait_with_output().expect("its output");
    let text = String::from_utf8(output.stdout.clone()).expect("text");
    (output, text)
}

fn each_way_to_fail_is_reported_and_cleaned_up() {
    let (output, text) = inner(&[]);
    assert_eq!(output.status.code(), Some(101), "{text}");
    for line in [
        "running 6 tests",
        "test passes ... ok",
        "test panics ... FAILED",
        "a panic's text",
        "test dies ... FAILED",
        "ended with signal: 9",
        "test leaves_a_file ... FAILED",
        "left behind: file in /dev/shm shmstate-test-",
        "test leaves_a_process ... FAILED",
        "left behind: process ",
        "test is_skipped ... ignored, not allowed here",
        "test result: FAILED. 1 passed; 4 failed; 1 ignored;",
    ] {
        assert!(text.contains(line), "no `{line}` in:\n{text}");
    }
    let left = text
        .lines()
        .find_map(|line| line.strip_prefix("left behind: file in /dev/shm "));
    let left = left.expect("the file's name");
    assert!(!std::fs::exists(format!("/dev/shm/{left}")).unwrap());
}

fn filters_choose_tests_and_other_options_do_not() {
    let (output, text) = inner(&["--test-threads", "1", "--color=never", "-q", "pass"]);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed; 0 failed; 0 ignored; 0 measured; 5 filtered out"));

    let (_, text) = inner(&["--skip", "leaves", "--list", "--format", "terse"]);
    assert_eq!(
        text,
        "passes: test\npanics: test\ndies: test\nis_skipped: test\n"
    );
    let (output, text) = inner(&["--exact", "pass"]);
    assert!(output.status.success());
    assert!(text.contains("running 0 tests"), "{text}");
}

fn a_forked_child_ends_as_its_code_says() {
    use std::os::unix::process::ExitStatusExt;
    assert_eq!(support::in_child(|| ()).code(), Some(0));
    assert_eq!(support::in_child(|| panic!()).code(), Some(101));
    assert_eq!(support::in_child(|| std::process::exit(3)).code(), Some(3));
    assert_eq!(
        support::in_child(|| support::kill_self(15)).signal(),
        Some(15)
    );
    // Two that come back from the test, and end through `main`.
    match support::fork() {
        support::Fork::Child => return,
        support::Fork::Parent(child) => assert_eq!(child.wait().code(), Some(0)),
    }
    match support::fork() {
        support::Fork::Child => panic!("goes on to `main`"),
        support::Fork::Parent(child) => assert_eq!(child.wait().code(), Some(101)),
    }
}

// If wrong: "left in /dev/shm", or "somebody hangs" where a process stays.
fn a_runner_that_is_killed_leaves_nothing() {
    support::watchdog(60);
    os::adopt_orphans();
    // As by a supervisor, by a terminal, and by `timeout -k`.
    for (signal, group) in [
        (libc::SIGKILL, false),
        (libc::SIGTERM, false),
        (libc::SIGINT, true),
        (libc::SIGKILL, true),
    ] {
        let mut runner = runner("SHMSTATE_TEST_KILLED", &["--nocapture"]);
        let mut output = BufReader::new(runner.stdout.take().expect("its output")).lines();
        let ready = output.find_map(|line| Some(line.ok()?.strip_prefix("ready ")?.to_owned()));
        let ready = ready.expect("the test gets as far as that");
        let (prefix, builder) = ready.split_once(' ').expect("two words");
        let builder = builder.parse().expect("an id");
        assert!(!left(prefix, builder).is_empty());
        assert_eq!(forge::half_built(builder).len(), 1);

        let id = runner.id().cast_signed();
        // SAFETY: takes numbers; the process is not reaped yet, and leads its group.
        unsafe { libc::kill(if group { -id } else { id }, signal) };
        assert!(!runner.wait().expect("its end").success());
        // The janitor, and all that it has ended: they come here now.
        os::wait_for_all_orphans();
        let left = left(prefix, builder);
        assert!(left.is_empty(), "left in /dev/shm: {left:?}");
    }
}

fn left(prefix: &str, builder: u32) -> Vec<String> {
    let entries = std::fs::read_dir("/dev/shm").expect("/dev/shm is mounted");
    let mut left: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with(prefix))
        .collect();
    left.extend(forge::half_built(builder));
    left
}

// If wrong: "somebody hangs".
fn a_runner_that_ends_leaves_no_janitor() {
    support::watchdog(60);
    os::adopt_orphans();
    let (output, text) = inner(&["pass"]);
    assert!(output.status.success(), "{text}");
    os::wait_for_all_orphans();
}
