//! `shmstate set` and `shmstate add`

use shmstate::{Shared, SharedState};

use crate::kinds;
use crate::slot::hold;
use crate::support::{name, watchdog};
use crate::tool;

/// For each path: what is set, how it is shown then, and what the program has then, if another text shows it.
const CHANGES: &[(&str, &str, &str)] = &[
    ("flag", "false", "false"),
    ("letter", "x", "'x'"),
    ("tiny", "0", "0"),
    ("count", "18446744073709551615", "18446744073709551615"),
    ("ratio", "1e300", "1e300"),
    ("phase", "Done", "Done"),
    ("level", "High", "High"),
    ("last", "None", "None"),
    ("last", "9", "Some(9)"),
    ("tries", "65535", "65535"),
    ("per_worker[1]", "22", "22"),
    ("per_worker", "[4, 5, 6]", "4\n5\n6"),
    ("alone", "0x10", "16"),
    ("limits.low", "-9223372036854775808", "-9223372036854775808"),
    ("limits.high", "Some(1)", "Some(1)"),
    ("rows[0].strict", "false", "false"),
    ("total", "12", "12"),
    ("maybe", "None", "None"),
    ("pair", "(false, 1)", "(false, 1)"),
    ("pair.0", "true", "true"),
    ("pause", "250ms", "250ms"),
    ("locked_level", "Low", "Low"),
    ("foreign", "[1, 2, 3, 4]", "[1, 2, 3, 4]"),
    ("label", "two words", "\"two words\""),
    ("label", "", "\"\""),
    ("label", "-5", "\"-5\""),
    ("lines[0]", "ü", "\"ü\""),
    ("recent", "[]", "[]"),
    ("recent", "[7, 8]", "[7, 8]"),
    ("recent[1]", "9", "9"),
    ("letters", "[\"a\", \"ß\"]", "['a', 'ß']"),
    ("window.low", "1", "1"),
    ("window.title", "new", "\"new\""),
    ("window.marks", "[[1, \"a\"]]", "[(1, 'a')]"),
    ("window.deadline", "2s", "Some(2s)"),
    ("account.cents", "-7", "-7"),
    ("account.history", "[null, 3]", "[None, Some(3)]"),
    ("page.words[126]", "5", "5"),
];

pub(crate) fn what_is_set_is_shown_and_read_by_the_program() {
    let name = name("round");
    let state = Shared::create(&name, kinds::example()).expect("a segment");
    for (path, value, shown) in CHANGES {
        tool::out(&["set", &name, path, value]);
        let found = tool::out(&["show", &name, path, "--values"]);
        assert_eq!(found, format!("{shown}\n"), "{path}");
        // What is shown can be set; of text, and what is one alone, without the quotes.
        let one = !shown.contains('\n') && !shown.starts_with('"') && !shown.starts_with('\'');
        if one {
            tool::out(&["set", &name, path, shown]);
            assert_eq!(
                tool::out(&["show", &name, path, "--values"]),
                found,
                "{path}"
            );
        }
    }
    let now = state.snapshot();
    kinds::assert_sound(&now);
    assert_eq!((now.letter, now.tiny, now.count), ('x', 0, u64::MAX));
    assert_eq!(
        (now.phase, now.level),
        (kinds::Phase::Done, kinds::Level::High)
    );
    assert_eq!((now.per_worker, now.pair), ([4, 5, 6], (true, 1)));
    assert_eq!((now.label.as_str(), now.lines[0].as_str()), ("-5", "ü"));
    assert_eq!((now.recent, now.letters), (vec![7, 9], vec!['a', 'ß']));
    assert_eq!(
        (now.window.title.as_str(), now.window.marks),
        ("new", vec![(1, 'a')])
    );
    assert_eq!(
        (now.account.cents, now.account.history),
        (-7, vec![None, Some(3)])
    );
    assert_eq!(
        (now.page.words[126], now.page.words[125]),
        (5, 0x0123_4567_89ab_cdef)
    );
}

pub(crate) fn what_does_not_fit_is_refused_and_changes_nothing() {
    let name = name("refused");
    let state = Shared::create(&name, kinds::example()).expect("a segment");
    let before = state.snapshot();
    for (path, value, told) in [
        ("tiny", "256", "(0 to 255)"),
        ("tiny", "-1", "(0 to 255)"),
        ("tiny", "x", "(0 to 255)"),
        ("tries", "0", "`tries`"),
        ("phase", "Dne", "one of `Idle`, `Busy`, `Done`"),
        ("flag", "1", "`flag`"),
        ("label", "more than twenty-four bytes", "24"),
        ("recent", "[1, 2, 3, 4, 5, 6]", "5"),
        ("recent[4]", "1", "not there now"),
        ("window.nothing", "1", "`window`"),
        ("window.low", "1.5", "`window.low`"),
    ] {
        let message = tool::error(&["set", &name, path, value], 1);
        assert!(
            message.starts_with(&format!("segment `{name}`: ")),
            "{message}"
        );
        assert!(message.contains(told), "{path} {value}: {message}");
    }
    let message = tool::error(&["add", &name, "label", "1"], 1);
    assert!(
        message.contains("only numbers can be added to"),
        "{message}"
    );
    for (path, amount, kind) in [
        ("tiny", "1.5", "whole number"),
        ("tiny", "abc", "whole number"),
        ("ratio", "abc", "number"),
    ] {
        let message = tool::error(&["add", &name, path, amount], 1);
        let told = format!("segment `{name}`: `{amount}` is not a {kind} to add to `{path}`");
        assert_eq!(message, told);
    }
    assert_eq!(state.snapshot(), before);
}

pub(crate) fn numbers_are_added_to() {
    let name = name("add");
    let state = Shared::create(&name, kinds::example()).expect("a segment");
    for (path, amount, shown) in [
        ("count", "-1", "1099511627775"),
        ("tiny", "100", "44"), // around the end, as a program's own adding
        ("ratio", "0.75", "0.25"),
        ("total", "1", "340282366920938463463374607431768211455"),
        ("window.low", "5", "15"),
        ("per_worker[0]", "9", "10"),
        ("limits.low", "-8", "-8"),
    ] {
        tool::out(&["add", &name, path, amount]);
        assert_eq!(
            tool::out(&["show", &name, path, "--values"]),
            format!("{shown}\n")
        );
    }
    assert_eq!(state.window.get().low, 15);
    let before = tool::out(&["add", &name, "window.low", "1", "--print"]);
    assert_eq!(before, "15\n");
}

#[derive(SharedState, Default)]
struct Job {
    plain: u64,
    #[shared(lock)]
    locked: u64,
}

// If it waited without end, the watchdog would print that somebody hangs; if it did not wait for the lock, the holder's
// change would be lost, and this would print the numbers.
pub(crate) fn a_lock_that_is_held_is_waited_for_and_not_longer() {
    watchdog(60);
    let name = name("lock");
    let job = Shared::create(&name, Job::default()).expect("a segment");
    let holder = hold(|holds| {
        job.locked.modify(|locked| {
            *locked += 100;
            holds();
        });
    });
    let message = tool::error(&["set", &name, "locked", "1", "--timeout", "50ms"], 3);
    let expected = format!(
        "segment `{name}`: `locked`: field is held by pid {} for longer than 50ms; try again, or for longer with `--timeout`",
        holder.id()
    );
    assert_eq!(message, expected);
    // What needs no lock does not care.
    tool::out(&["add", &name, "plain", "1"]);
    let waits = tool::command(&["add", &name, "locked", "1", "--timeout", "30s"]).spawn();
    let mut waits = waits.expect("the tool starts");
    crate::slot::until_state(waits.id(), "S");
    holder.release();
    assert_eq!(waits.wait().expect("a child").code(), Some(0));
    assert_eq!((job.locked.get(), job.plain.get()), (101, 1));
}

pub(crate) fn the_lock_of_a_dead_holder_is_taken_over() {
    watchdog(60);
    let name = name("dead");
    let job = Shared::create(&name, Job::default()).expect("a segment");
    hold(|holds| job.locked.modify(|_| holds())).kill();
    tool::out(&["add", &name, "locked", "7"]);
    assert_eq!((job.locked.get(), job.locked.recoveries()), (7, 1));
}

// If adding were reading and setting, this would print less than was added.
pub(crate) fn adding_is_one_step_for_all_processes() {
    watchdog(120);
    let name = name("race");
    let job = Shared::create(&name, Job::default()).expect("a segment");
    for field in ["plain", "locked"] {
        let spawn = |_| tool::command(&["add", &name, field, "1"]).spawn();
        let tools: Vec<_> = (0..20).map(spawn).collect();
        for _ in 0..20_000 {
            job.plain.fetch_add(1);
            job.locked.modify(|locked| *locked += 1);
        }
        for tool in tools {
            let status = tool.and_then(|mut tool| tool.wait());
            assert_eq!(status.expect("a child").code(), Some(0));
        }
    }
    assert_eq!((job.plain.get(), job.locked.get()), (40_020, 40_020));
}
