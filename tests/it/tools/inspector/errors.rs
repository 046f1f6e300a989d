//! What cannot be done, and what is said then.

use std::num::NonZero;
use std::time::Duration;

use shmstate::inspect::{Inspector, Value, WriteError};
use shmstate::{HeaderError, OpenError, Shared};

use super::forge;
use super::kinds::{self, Everything};
use super::support::name;

fn stage() -> (Shared<Everything>, Inspector<shmstate::access::Write>) {
    let state = Shared::new(kinds::example()).expect("create");
    let inspector = Inspector::options().writable().from_token(&state.token());
    (state, inspector.expect("open"))
}

// If wrong: the message.
pub(crate) fn a_path_that_leads_nowhere_is_told_what_there_is() {
    let (_state, inspector) = stage();
    for (path, message) in [
        (
            "window.lwo",
            "no field `lwo` in `window`; it has `low`, `high`, `open`, `level`, `title`, `marks`, `deadline`, `limits`",
        ),
        (
            "rows[0].lwo",
            "no field `lwo` in `rows[0]`; it has `low`, `high`, `strict`",
        ),
        (
            "per_worker[3]",
            "`per_worker` has no element 3: its length is 3",
        ),
        (
            "per_worker.low",
            "`per_worker` is [u32; 3], and has no part `low`",
        ),
        ("recent[5]", "`recent` has no element 5: its length is 5"),
        ("limits[0]", "`limits` is struct, and has no part `[0]`"),
        ("count.x", "`count` is u64, and has no part `x`"),
        (
            "label[0]",
            "`label` is text of at most 24 bytes, and has no part `[0]`",
        ),
    ] {
        let error = inspector.field(path).expect_err(path);
        assert_eq!(error.to_string(), message);
    }
    let error = inspector
        .field("contu")
        .expect_err("no such field")
        .to_string();
    let start = "no field `contu` in the state; it has `flag`, `letter`, `tiny`, `count`, ";
    assert!(
        error.starts_with(start) && error.ends_with(" more"),
        "{error}"
    );
    for path in [
        ".",
        "a..b",
        "rows[",
        "rows[]",
        "rows[+1]",
        "rows[1]low",
        "rows[-1]",
        "[",
        "rows.[1]",
        "rows[99999999999999999999]",
    ] {
        let error = inspector.field(path).expect_err(path).to_string();
        assert!(
            error.contains("is not a path of a field") || error.contains("no field `a`"),
            "{error}"
        );
    }
}

// If wrong: the message.
#[allow(clippy::too_many_lines)] // a table
pub(crate) fn a_value_that_does_not_fit_is_told_what_would() {
    let (_state, inspector) = stage();
    for (path, text, message) in [
        ("tiny", "300", "`tiny`: expected u8 (0 to 255), found `300`"),
        ("tiny", "-1", "`tiny`: expected u8 (0 to 255), found `-1`"),
        ("tiny", "", "`tiny`: expected u8 (0 to 255), found ``"),
        ("tiny", "1 2", "`tiny`: expected u8 (0 to 255), found `1 2`"),
        ("tiny", "1.0", "`tiny`: expected u8 (0 to 255), found `1.0`"),
        (
            "flag",
            "yes",
            "`flag`: expected bool (`true` or `false`), found `yes`",
        ),
        (
            "letter",
            "ab",
            "`letter`: expected char (one character), found `ab`",
        ),
        (
            "ratio",
            "half",
            "`ratio`: expected f64 (a number), found `half`",
        ),
        (
            "phase",
            "Bsy",
            "`phase`: expected variant (one of `Idle`, `Busy`, `Done`), found `Bsy`",
        ),
        (
            "tries",
            "0",
            "`tries`: expected nonzero u16 (1 to 65535), found `0`",
        ),
        (
            "last",
            "0",
            "`last`: expected optional i64 (`None`, or -9223372036854775808 to 9223372036854775807 but 0), found `0`",
        ),
        (
            "pause",
            "1.5",
            "`pause`: expected duration (such as `1.5s` or `250ms`), found `1.5`",
        ),
        (
            "pair",
            "(true, 4294967296)",
            "`pair.1`: expected u32 (0 to 4294967295), found `4294967296`",
        ),
        (
            "pair",
            "(true)",
            "`pair`: expected tuple of 2 (such as `(a, b)`), found `(true,)`",
        ),
        (
            "pair",
            "(true, 1, 2)",
            "`pair`: expected tuple of 2 (such as `(a, b)`), found `2)`",
        ),
        (
            "recent",
            "[1, x]",
            "`recent[1]`: expected u32 (0 to 4294967295), found `x`",
        ),
        (
            "recent",
            "1",
            "`recent`: expected list (such as `[a, b]`), found `1`",
        ),
        (
            "per_worker",
            "[1, 2]",
            "`per_worker`: expected array of 3 (such as `[a, b]`), found `[1, 2]`",
        ),
        (
            "limits",
            "{low: 1, high: 2}",
            "`limits`: expected struct with the fields `low`, `high`, `strict`, found `{low: 1, high: 2}`",
        ),
        (
            "limits",
            "{lwo: 1}",
            "`limits`: expected struct with the fields `low`, `high`, `strict`, found `lwo`",
        ),
        (
            "rows[1].high",
            "256",
            "`rows[1].high`: expected optional u8 (`None`, or 0 to 255 but 0), found `256`",
        ),
        (
            "foreign",
            "[1, 2, 3]",
            "`foreign`: expected list of 4 bytes, found `[1, 2, 3]`",
        ),
        (
            "maybe",
            "Some(ab)",
            "`maybe`: expected char (one character), found `ab)`",
        ),
    ] {
        let error = inspector.field(path).expect(path).set_str(text);
        assert_eq!(error.expect_err(path).to_string(), message);
    }
}

// If wrong: the error, or that there is none.
pub(crate) fn what_is_too_long_is_told_how_long_it_may_be() {
    let (_state, inspector) = stage();
    for (path, text, field, capacity, needed) in [
        ("label", "a text of twenty-five byte", "label", 24, 26),
        ("lines[1]", "12345678", "lines[1]", 7, 8),
        ("recent", "[1, 2, 3, 4, 5, 6]", "recent", 5, 6),
        ("window.title", "seventeen bytes!!", "window.title", 16, 17),
        (
            "people",
            r#"[{name: "0123456789", age: 1}]"#,
            "people[0].name",
            9,
            10,
        ),
    ] {
        match inspector.field(path).expect(path).set_str(text) {
            Err(WriteError::CapacityExceeded(error)) => {
                assert_eq!((error.capacity, error.needed), (capacity, needed));
                assert_eq!(error.field, field);
            }
            other => panic!("{path}: {other:?}"),
        }
    }
}

// If wrong: a value of what is not there.
pub(crate) fn what_is_not_there_now_is_neither_read_nor_written() {
    let (state, inspector) = stage();
    let part = inspector.field("people[1].age").expect("it can be");
    part.set(9_u8).expect("there are two people");
    state
        .people
        .modify(|people| people.truncate(1))
        .expect("fewer");
    assert_eq!(part.get().expect("read"), Value::Absent);
    assert_eq!(part.bytes().expect("read"), None);
    assert!(matches!(part.set(10_u8), Err(WriteError::Absent { .. })));
    let deadline = inspector.field("window.deadline").expect("it is there");
    deadline.set(Duration::MAX).expect("what is in the option");
    assert_eq!(state.window.get().deadline, Some(Duration::MAX));

    let nested = Shared::new((Some((1_u8, 2_u8)), 3_u8)).expect("create");
    let inspector = Inspector::options()
        .writable()
        .from_token(&nested.token())
        .expect("open");
    let inner = inspector.field("0.1").expect("in the option");
    inner.add(5).expect("it is there");
    assert_eq!(nested.get(), (Some((1, 7)), 3));
    nested.set((None, 3));
    let error = inner.add(5).expect_err("it is not there");
    assert!(
        error.to_string().starts_with("`0.1` is not there now"),
        "{error}"
    );
    assert_eq!(nested.get(), (None, 3));
}

// If wrong: the state that was written in part.
pub(crate) fn a_refused_value_leaves_the_old_one() {
    let (state, inspector) = stage();
    let mut value = inspector.root().get().expect("values");
    if let Value::Struct(fields) = &mut value {
        for (name, value) in fields {
            match name.as_str() {
                "flag" => *value = false.into(),
                "end" => *value = (-1).into(),
                _ => {}
            }
        }
    }
    let error = inspector
        .root()
        .set(value)
        .expect_err("the last field does not fit");
    assert!(
        error.to_string().starts_with("`end`: expected u64 (0 to "),
        "{error}"
    );
    let window = inspector.field("window").expect("it is there");
    let version = window.version();
    assert!(
        inspector
            .field("window.marks")
            .unwrap()
            .set_str("[(1, 'a'), (256, 'b')]")
            .is_err()
    );
    assert_eq!(window.version(), version, "a commit of nothing");
    assert_eq!(state.snapshot(), kinds::example());
}

// If wrong: the error, or that there is none.
pub(crate) fn segments_that_cannot_be_opened_say_why() {
    let name = name("state");
    let state = Shared::create(&name, NonZero::<u8>::MIN).expect("create");
    let bytes = forge::bytes(&name).expect("it is there");
    let open_with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = bytes.clone();
        change(&mut bytes);
        forge::put(&name, &bytes);
        Inspector::open(&name)
    };
    match open_with(&|bytes| forge::set(bytes, "version", 7)) {
        Err(
            error @ OpenError::Header {
                reason:
                    HeaderError::NewerFormat {
                        found: 7,
                        supported: 1,
                        ..
                    },
                ..
            },
        ) => {
            let said = error.to_string();
            assert!(
                said.contains("has format 7") && said.contains("reads up to 1"),
                "{said}"
            );
        }
        other => panic!("{other:?}"),
    }
    let none = Inspector::open("shmstate-no-such-segment");
    assert!(matches!(none, Err(OpenError::NotFound { .. })), "{none:?}");
    let bad = Inspector::from_token("shmstate:fd:1");
    assert!(matches!(bad, Err(OpenError::BadToken { .. })), "{bad:?}");

    // Made in another namespace, as far as the header says: to be looked at only.
    let foreign = |bytes: &mut Vec<u8>| {
        forge::set(bytes, "pid_namespace", 1);
        forge::seal(bytes);
    };
    let inspector = open_with(&foreign).expect("to read");
    assert_eq!(inspector.root().get().expect("a value"), 1_u8.into());
    assert_eq!(inspector.description().creator_lives, None);
    let refused = Inspector::options().writable().open(&name);
    assert!(
        matches!(refused, Err(OpenError::Namespace { kind: "PID", .. })),
        "{refused:?}"
    );
    forge::put(&name, &bytes);
    drop(state);
}
