//! Tokens and keys that are missing, mistyped or of another type: each a typed error.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use shmstate::{OpenError, ReadOnly, ShareCommand, Shared};

use super::State;
use super::support::{arguments, assert_success, in_child, name, spawn_self};

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
        (format!("shmstate:fd:{id}:1"), "not a number"),
        (format!("shmstate:fd:{id}::3"), "not a number"),
        (format!("shmstate:fd:{id}:1:"), "not a number"),
        (format!("shmstate:fd:{id}:+1:3"), "not a number"),
        (format!("shmstate:fd:{id}:1:-3"), "not a number"),
        (format!("shmstate:fd:{id}:1:3:4"), "not a number"),
        (format!("shmstate:fd:{id}:1:3 "), "not a number"),
        (format!("shmstate:fd:{id}:1:2147483648"), "not a number"),
        (format!("shmstate:fd:{id}:99999999999:3"), "not a number"),
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

/// Starts a child that was given `state` as `key` and makes the attempt of that name, in [`child`]. Its
/// environment has `change` of the token that was put there.
fn with_key(state: &State, key: &str, change: impl Fn(&str) -> String, attempt: &str) {
    let mut child = spawn_self("refused", |command| {
        command.arg(attempt).share(key, state);
        let is_ours = |name: &OsStr| name.as_bytes().starts_with(b"SHMSTATE_INHERIT_");
        let found = command.get_envs().find(|(name, _)| is_ours(name));
        let (variable, token) = found.expect("a variable");
        let changed = change(token.and_then(OsStr::to_str).expect("text"));
        let variable = variable.to_owned();
        command.env(variable, changed);
    });
    let status = child.wait().unwrap();
    assert!(status.success(), "{attempt}: {status}");
}

pub(crate) fn child() {
    match arguments()[0].as_str() {
        "other keys" => {
            assert!(State::inherit("a b").is_ok());
            for key in ["a_b", "A b", "a b ", "a", "a%20b"] {
                let error = State::inherit(key).unwrap_err();
                let missing = matches!(error, OpenError::NotInherited { .. });
                assert!(missing, "{error:?}");
            }
        }
        "other types" => {
            for error in [
                Shared::<[u64; 3]>::inherit("key").unwrap_err(),
                Shared::<[i64; 4]>::inherit("key").unwrap_err(),
            ] {
                assert!(matches!(error, OpenError::Mismatch { .. }), "{error:?}");
            }
            assert!(State::inherit("key").is_ok(), "the right one still works");
        }
        "no token" => {
            let error = State::inherit("key").unwrap_err();
            assert!(matches!(error, OpenError::BadToken { .. }), "{error:?}");
        }
        "no descriptor" => {
            let error = State::inherit("key").unwrap_err();
            let OpenError::NotInherited { reason, .. } = &error else {
                panic!("{error:?}");
            };
            assert!(reason.contains("no descriptor of it"), "{reason}");
        }
        other => panic!("{other}"),
    }
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
    with_key(
        &State::new([0; 4]).unwrap(),
        "a b",
        str::to_owned,
        "other keys",
    );
}

pub(crate) fn a_key_for_another_type_is_an_error_that_names_the_difference() {
    let named = State::create(&name("type"), [3; 4]).unwrap();
    for state in [named, State::new([3; 4]).unwrap()] {
        with_key(&state, "key", str::to_owned, "other types");
        assert_eq!(state.snapshot(), [3; 4]);
    }
}

pub(crate) fn a_key_with_a_broken_value_is_an_error() {
    let state = State::new([3; 4]).unwrap();
    with_key(&state, "key", |token| token[1..].to_owned(), "no token");
    // A descriptor that is not open, and one that is something else.
    for number in ["999", "0"] {
        let change = |token: &str| {
            let (rest, _) = token.rsplit_once(':').unwrap();
            format!("{rest}:{number}")
        };
        with_key(&state, "key", change, "no descriptor");
    }
    // The very descriptor, but of another instance.
    let id = format!("{:032x}", Shared::id(&state));
    let other = format!("{:032x}", Shared::id(&state) ^ 1);
    let change = |token: &str| token.replace(&id, &other);
    with_key(&state, "key", change, "no descriptor");
}
