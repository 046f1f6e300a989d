//! `shmstate wait`

use std::process::Child;

use shmstate::{Shared, SharedState};

use crate::kinds;
use crate::os;
use crate::slot::{SlotFile, until_state};
use crate::support::{name, skip, watchdog};
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
        job.locked.update(|locked| *locked += 5);
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
        let message = tool::error(&["wait", &name, field, "> 5", "--timeout", "50ms"], 3);
        let expected =
            format!("segment `{name}`: `{field}` did not become what was waited for within 50ms");
        assert_eq!(message, expected);
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

// If it insisted on writing, this would print that permission is denied.
pub(crate) fn a_segment_that_may_only_be_read_is_waited_for() {
    if !os::is_root() {
        skip("it becomes another user, which takes root");
    }
    watchdog(60);
    let name = name("read");
    let options = Shared::<Job>::options().mode(0o644);
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
