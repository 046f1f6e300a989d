//! Tokens and keys that are missing, mistyped or of another type: each a typed error.

use std::process::Command;

use shmstate::{OpenError, ReadOnly, ShareCommand, Shared};

use super::State;
use super::support::{assert_success, in_child, name};

pub(crate) fn text_that_is_no_token_is_an_error_that_says_why() {
    let id = "0123456789abcdef0123456789abcdef";
    let cases = [
        (String::new(), "begins with"),
        ("progress".to_owned(), "begins with"),
        (format!("SHMSTATE:name:{id}:x"), "begins with"),
        (format!(" shmstate:name:{id}:x"), "begins with"),
        ("shmstate:".to_owned(), "cut off"),
        ("shmstate:name".to_owned(), "cut off"),
        (format!("shmstate:name:{id}"), "cut off"),
        (format!("shmstate:name:{}:x", &id[1..]), "32 hexadecimal"),
        (format!("shmstate:name:{id}0:x"), "32 hexadecimal"),
        (format!("shmstate:name:+{}:x", &id[1..]), "32 hexadecimal"),
        (format!("shmstate:name:{}g:x", &id[1..]), "32 hexadecimal"),
        (format!("shmstate:path:{id}:x"), "neither by `name` nor by"),
        (format!("shmstate:fd:{id}:1"), "no number"),
        (format!("shmstate:fd:{id}::3"), "no number"),
        (format!("shmstate:fd:{id}:1:"), "no number"),
        (format!("shmstate:fd:{id}:+1:3"), "no number"),
        (format!("shmstate:fd:{id}:1:-3"), "no number"),
        (format!("shmstate:fd:{id}:1:3:4"), "no number"),
        (format!("shmstate:fd:{id}:1:3\n"), "no number"),
        (format!("shmstate:fd:{id}:1:2147483648"), "no number"),
        (format!("shmstate:fd:{id}:99999999999:3"), "no number"),
        ("ü".repeat(1000), "begins with"),
    ];
    for (text, why) in cases {
        let error = State::from_token(&text).unwrap_err();
        let OpenError::BadToken { token, reason } = &error else {
            panic!("{text:?}: {error:?}");
        };
        assert!(reason.contains(why), "{text:?}: {reason}");
        assert!(text.starts_with(token.as_str()));
        assert!(error.to_string().len() < 300, "a long one is cut");
    }
    // A token whose name cannot be one, and one of nothing.
    let error = State::from_token(&format!("shmstate:name:{id}:../etc/passwd")).unwrap_err();
    assert!(matches!(error, OpenError::Name(_)), "{error:?}");
    let missing = name("missing");
    let error = State::from_token(&format!("shmstate:name:{id}:{missing}")).unwrap_err();
    assert!(matches!(error, OpenError::NotFound { .. }), "{error:?}");
    let error = State::from_token(&format!("shmstate:fd:{id}:4194305:3")).unwrap_err();
    assert!(
        matches!(error, OpenError::Gone { pid: 4_194_305 }),
        "{error:?}"
    );
}

pub(crate) fn a_token_for_another_type_is_an_error_that_names_the_difference() {
    let named = State::create(&name("type"), [3; 4]).unwrap();
    for state in [named, State::new([3; 4]).unwrap()] {
        assert_success(in_child(|| {
            let token = state.token();
            let errors = [
                Shared::<[u32; 4]>::from_token(&token).unwrap_err(),
                Shared::<[u64; 5]>::from_token(&token).unwrap_err(),
                Shared::<[i64; 4]>::from_token(&token).unwrap_err(),
                ReadOnly::<u64>::from_token(&token).unwrap_err(),
            ];
            for error in errors {
                let OpenError::Mismatch { differences, .. } = &error else {
                    panic!("{error:?}");
                };
                assert!(!differences.is_empty());
                assert!(error.to_string().contains("u64"), "{error}");
            }
        }));
        assert_eq!(state.snapshot(), [3; 4]);
    }
}

/// The variable that `command` got for the only key that was shared.
fn variable(command: &Command) -> (std::ffi::OsString, std::ffi::OsString) {
    let mut found = command.get_envs();
    let (name, value) = found.next().expect("a variable");
    assert!(found.next().is_none());
    (name.to_owned(), value.expect("a value").to_owned())
}

/// Runs `f` in a child whose environment has what `state`, shared as `key`, put there, changed by
/// `change`.
fn with_key(state: &State, key: &str, change: impl Fn(String) -> String, f: impl FnOnce()) {
    let mut command = Command::new("true");
    let (name, value) = variable(command.share(key, state));
    let value = change(value.into_string().expect("text"));
    assert_success(in_child(|| {
        set_variable(&name, &value);
        if let Some(fd) = value.strip_prefix("shmstate:fd:") {
            pass_on(
                fd.rsplit(':')
                    .next()
                    .and_then(|fd| fd.parse().ok())
                    .unwrap_or(-1),
            );
        }
        f();
    }));
}

/// What `share` does to the descriptor before the program is executed.
#[allow(unsafe_code)]
fn pass_on(fd: i32) {
    // SAFETY: the call takes numbers, and changes a flag of this process's descriptor.
    unsafe { libc::fcntl(fd, libc::F_SETFD, 0) };
}

#[allow(unsafe_code)]
fn set_variable(name: &std::ffi::OsStr, value: &str) {
    // SAFETY: the process has one thread.
    unsafe { std::env::set_var(name, value) };
}

pub(crate) fn a_missing_key_is_an_error_that_names_it() {
    for key in ["progress", "", "two words", "ü=\0"] {
        let error = State::inherit(key).unwrap_err();
        let OpenError::NotInherited { key: found, .. } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(found, key);
        assert!(error.to_string().contains("command.share("), "{error}");
    }
    // A key that was shared does not stand for another one.
    let state = State::new([0; 4]).unwrap();
    with_key(
        &state,
        "a b",
        |token| token,
        || {
            assert!(State::inherit("a b").is_ok());
            for key in ["a_b", "A b", "a b ", "a", "a%20b"] {
                let error = State::inherit(key).unwrap_err();
                assert!(matches!(error, OpenError::NotInherited { .. }), "{error:?}");
            }
        },
    );
}

pub(crate) fn a_key_for_another_type_is_an_error_that_names_the_difference() {
    let named = State::create(&name("type"), [3; 4]).unwrap();
    for state in [named, State::new([3; 4]).unwrap()] {
        with_key(
            &state,
            "key",
            |token| token,
            || {
                for error in [
                    Shared::<[u64; 3]>::inherit("key").unwrap_err(),
                    Shared::<[i64; 4]>::inherit("key").unwrap_err(),
                ] {
                    assert!(matches!(error, OpenError::Mismatch { .. }), "{error:?}");
                }
                assert!(
                    State::inherit("key").is_ok(),
                    "and the right one still works"
                );
            },
        );
    }
}

pub(crate) fn a_key_with_a_broken_value_is_an_error() {
    let state = State::new([3; 4]).unwrap();
    with_key(
        &state,
        "key",
        |token| token[1..].to_owned(),
        || {
            let error = State::inherit("key").unwrap_err();
            assert!(matches!(error, OpenError::BadToken { .. }), "{error:?}");
        },
    );
    // A descriptor that is not open, one that is something else, and one of another instance.
    let other = State::new([4; 4]).unwrap();
    let descriptor = |token: &str| token.rsplit_once(':').unwrap().1.to_owned();
    for number in ["999".to_owned(), "0".to_owned(), descriptor(&other.token())] {
        let change = |token: String| {
            let (rest, _) = token.rsplit_once(':').unwrap();
            format!("{rest}:{number}")
        };
        with_key(&state, "key", change, || {
            let error = State::inherit("key").unwrap_err();
            let OpenError::NotInherited { reason, .. } = &error else {
                panic!("{error:?}");
            };
            assert!(reason.contains("no descriptor of it"), "{reason}");
        });
    }
}
