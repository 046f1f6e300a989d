//! The runner that the tests across processes use, put to the test itself: what must fail, fails.

mod support;

use std::process::{ExitCode, Output, Stdio};

use shmstate::Shared;

fn main() -> ExitCode {
    if std::env::var_os("SHMSTATE_TEST_INNER").is_some() {
        return support::run(&[
            ("passes", || ()),
            ("panics", || panic!("a panic's text")),
            ("dies", || support::kill_self(9)),
            ("leaves_a_file", leaves_a_file),
            ("leaves_a_process", leaves_a_process),
            ("is_skipped", || support::skip("not allowed here")),
        ]);
    }
    // Not by the runner itself, which would be blind to its own faults.
    if !std::env::args().any(|argument| argument == "--list") {
        each_way_to_fail_is_reported_and_cleaned_up();
        filters_choose_tests_and_other_options_do_not();
    }
    support::run(support::tests![a_forked_child_ends_as_its_code_says])
}

fn leaves_a_file() {
    let options = Shared::<u8>::options().keep_name(true);
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

/// Runs this binary with the tests that are meant to fail.
fn inner(arguments: &[&str]) -> (Output, String) {
    let child = support::spawn_self("", |command| {
        command.env_remove("SHMSTATE_TEST_ROLE");
        command.env_remove("SHMSTATE_TEST_PREFIX");
        command.env("SHMSTATE_TEST_INNER", "1");
        command.args(arguments).stdout(Stdio::piped());
    });
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
