//! `shmstate wait`

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use shmstate::{CreateError, Shared, SharedState, processes};

use crate::kinds;
use crate::os;
use crate::slot::{SlotFile, until_state};
use crate::support::{name, pipe, skip, start, watchdog};
use crate::tool;

fn wait(arguments: &[&str]) -> Child {
    let all = [&["wait"], arguments].concat();
    tool::command(&all).spawn().expect("the tool starts")
}

pub(crate) fn a_condition_that_holds_is_not_waited_for() {
    watchdog(60);
    let name = name("holds");
    let _state = Shared::create(&name, kinds::example()).expect("a segment");
    for (field, condition) in [
        ("tiny", ">= 200"),
        ("tiny", "<201"),
        ("tiny", "!= 3"),
        ("ratio", "< -0.25"),
        ("limits.low", "> -5"),
        ("letter", "== ß"),
        ("phase", "== Busy"),
        ("phase", "!= Idle"),
        ("flag", "== true"),
        ("last", "< 1"),
        ("maybe", "!= None"),
        ("label", "== a label"),
        ("label", "!= \"\""),
        ("label", "== \"a label\""),
        ("label", "< \"b\\n\""),
        ("label", ">= a"),
        ("pause", "> 1s"),
        ("recent", "== [1, 2, 3]"),
        ("window.title", "== Fenster"),
        ("total", "> 340282366920938463463374607431768211400"),
    ] {
        let ran = tool::run(&["wait", &name, field, condition]);
        assert!(
            ran.code == Some(0) && ran.out.is_empty() && ran.err.is_empty(),
            "{field} {condition}: {ran:?}"
        );
    }
    // The value may be an argument of its own.
    tool::out(&["wait", &name, "limits.low", ">", "-5", "--timeout", "9"]);
}

#[derive(SharedState, Default)]
struct Job {
    plain: u64,
    #[shared(watch)]
    watched: u64,
    #[shared(lock)]
    locked: u64,
}

/// A state that begins with a lock-guarded slot.
#[derive(SharedState, Default)]
struct First {
    #[shared(lock)]
    locked: u64,
}

// If a change did not wake it, or was not seen, the watchdog would print that somebody hangs.
pub(crate) fn a_change_by_another_process_is_waited_for() {
    watchdog(60);
    let job = Shared::create(&name("many"), Job::default()).expect("a segment");
    for field in ["plain", "watched", "locked"] {
        let mut child = wait(&[&name("many"), field, ">= 5"]);
        until_state(child.id(), "S");
        assert_eq!(child.try_wait().expect("a child"), None);
        job.plain.fetch_add(5);
        job.watched.fetch_add(5);
        job.locked.modify(|locked| *locked += 5);
        assert_eq!(child.wait().expect("a child").code(), Some(0));
        job.plain.set(0);
        job.watched.set(0);
        job.locked.set(0);
    }
    // Here it must be known what there was at first.
    let first = Shared::create(&name("first"), First::default()).expect("a segment");
    let mut child = wait(&[&name("first"), "locked", "changed"]);
    SlotFile::of(&name("first")).until_change_is_waited_for();
    first.locked.set(0); // set, but not changed
    SlotFile::of(&name("first")).until_change_is_waited_for();
    assert_eq!(child.try_wait().expect("a child"), None);
    first.locked.set(1);
    assert_eq!(child.wait().expect("a child").code(), Some(0));
}

pub(crate) fn a_condition_that_stays_false_ends_with_the_time() {
    watchdog(60);
    let name = name("time");
    let _job = Shared::create(&name, Job::default()).expect("a segment");
    for field in ["plain", "watched", "locked"] {
        for (condition, told) in [("> 5", "become `> 5`"), ("changed", "change")] {
            let message = tool::error(&["wait", &name, field, condition, "--timeout", "50ms"], 3);
            let expected =
                format!("segment `{name}`: `{field}` is 0, and did not {told} within 50ms");
            assert_eq!(message, expected);
        }
    }
}

pub(crate) fn a_condition_that_means_nothing_is_told_what_could() {
    let name = name("nothing");
    let _state = Shared::create(&name, kinds::example()).expect("a segment");
    for (field, condition, told) in [
        ("tiny", "5", "expected `changed`, or `==`"),
        ("tiny", "= 5", "expected `changed`, or `==`"),
        ("tiny", ">=", "expected `changed`, or `==`"),
        ("tiny", "> 256", "(0 to 255)"),
        ("tiny", "== many", "(0 to 255)"),
        ("phase", "== Dne", "one of `Idle`, `Busy`, `Done`"),
        (
            "phase",
            "> Idle",
            "no order for `>`; expected `==`, `!=` or `changed`",
        ),
        ("flag", "< true", "no order"),
        ("recent", "<= [1]", "no order"),
        ("per_worker", "changed", "several slots"),
        ("limits", "changed", "several slots"),
    ] {
        let message = tool::error(&["wait", &name, field, condition], 2);
        assert!(message.contains(told), "{field} {condition}: {message}");
    }
    let message = tool::error(&["wait", &name, "nowhere", "changed"], 1);
    assert!(message.contains("no field `nowhere`"), "{message}");
}

/// Starts to wait, and goes on once it has the segment.
fn wait_having(name: &str, arguments: &[&str]) -> Child {
    let all = [&["wait", name], arguments].concat();
    let child = tool::command(&all)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tool starts");
    let has_it = || {
        let found = processes::segment(name)
            .expect("it is there")
            .processes
            .found;
        found
            .iter()
            .any(|process| process.pid == child.id() && process.mapped)
    };
    while !has_it() {}
    child
}

/// How it ended, and the lines that it said.
fn ended(child: Child) -> (Option<i32>, Vec<String>) {
    let output = child.wait_with_output().expect("a child");
    let told = String::from_utf8(output.stderr).expect("it writes UTF-8");
    (
        output.status.code(),
        told.lines().map(str::to_owned).collect(),
    )
}

// If it did not look at the name, it would wait for ever: the watchdog would print that somebody hangs.
pub(crate) fn a_segment_that_is_removed_or_replaced_ends_the_wait() {
    watchdog(60);
    let name = name("gone");
    for (field, replaced) in [("plain", false), ("watched", true), ("locked", false)] {
        let job = Shared::create(&name, Job::default()).expect("a segment");
        let child = wait_having(&name, &[field, "== 5"]);
        drop(job);
        let again = replaced.then(|| Shared::create(&name, Job::default()));
        let told =
            |how| format!("shmstate: segment `{name}` was {how} before `{field}` became `== 5`");
        let (code, said) = ended(child);
        // It may have looked just when there was none.
        let right = said == [told("removed")] || replaced && said == [told("replaced")];
        assert!(code == Some(1) && right, "{code:?}, {said:?}");
        drop(again);
    }
}

// If it kept the segment that its program has left, or did not say so, the watchdog would print that somebody hangs:
// what it says is waited for, and then that the segment can be replaced.
pub(crate) fn what_a_killed_program_has_left_is_let_go_of() {
    watchdog(60);
    let name = name("left");
    let make = |name: &str| {
        let (name, (made, tell)) = (name.to_owned(), pipe());
        let program = start(move || {
            let _job = Shared::create(&name, Job::default()).expect("a segment");
            tell.tell();
            loop {
                std::thread::park();
            }
        });
        made.wait();
        program
    };
    for set in [true, false] {
        let program = make(&name);
        let mut child = wait_having(&name, &["watched", "== 5"]);
        program.kill();
        let mut told = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut line = String::new();
        told.read_line(&mut line).expect("it tells");
        let expected = format!(
            "shmstate: no process has `{name}`: nothing changes `watched` unless somebody sets it\n"
        );
        assert_eq!(line, expected);
        if set {
            tool::out(&["set", &name, "watched", "5"]);
            assert_eq!(child.wait().expect("a child").code(), Some(0));
            tool::insist(&["rm", &name]);
        } else {
            let options = Shared::<Job>::creating().fresh();
            let _again = loop {
                // Whoever looks has it for that moment.
                match options.create(&name, Job::default()) {
                    Err(CreateError::AlreadyExists { .. }) => {}
                    created => break created.expect("a segment"),
                }
            };
            line.clear();
            told.read_line(&mut line).expect("it tells");
            // It may have looked just when there was none.
            let how = ["replaced", "removed"].map(|how| format!("was {how} before `watched`"));
            assert!(how.iter().any(|how| line.contains(how)), "{line}");
            assert_eq!(child.wait().expect("a child").code(), Some(1));
        }
    }
}

pub(crate) fn a_segment_that_is_not_there_yet_is_waited_for_if_asked_to() {
    watchdog(60);
    let name = name("appear");
    let message = tool::error(&["wait", &name, "plain", "== 5"], 1);
    assert!(message.contains("no segment"), "{message}");
    let limit = ["--timeout", "150ms"];
    let arguments = [&["wait", &name, "plain", "== 5", "--appear"], &limit[..]].concat();
    let message = tool::error(&arguments, 3);
    assert_eq!(
        message,
        format!("segment `{name}` did not appear within 150ms")
    );
    let mut child = wait(&[&name, "plain", "== 5", "--appear"]);
    until_state(child.id(), "S");
    let job = Shared::create(&name, Job::default()).expect("a segment");
    assert_eq!(child.try_wait().expect("a child"), None);
    job.plain.set(5);
    assert_eq!(child.wait().expect("a child").code(), Some(0));
}

// If it insisted on writing, this would print that permission is denied.
pub(crate) fn a_segment_that_may_only_be_read_is_waited_for() {
    if !os::is_root() {
        skip("it becomes another user, which takes root");
    }
    watchdog(60);
    let name = name("read");
    let options = Shared::<Job>::creating().mode(0o644);
    let job = options.create(&name, Job::default()).expect("a segment");
    job.locked.set(3);
    let status = crate::support::in_child(|| {
        os::become_user(65_534);
        let wait = |condition: &str, more: &[&str]| {
            let all = [
                &["wait", &name, "locked", condition, "--foreign-owner"],
                more,
            ]
            .concat();
            tool::run(&all)
        };
        assert_eq!(wait("== 3", &[]).code, Some(0));
        assert_eq!(wait("== 4", &["--timeout", "50ms"]).code, Some(3));
    });
    crate::support::assert_success(status);
}
