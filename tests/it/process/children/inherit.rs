//! `command.share` and `inherit`.

use std::io::Read;
use std::process::{Command, Stdio};

use shmstate::{ShareCommand, Shared};

use super::support::{arguments, assert_success, name, our_descriptors, spawn_self};
use super::{State, output_of};

/// Doubles the first element of every segment whose key is an argument, opened twice.
pub(crate) fn child() {
    let arguments = arguments();
    let before = our_descriptors();
    for key in &arguments {
        let first = State::inherit(key).unwrap();
        let second = State::inherit(key).unwrap();
        assert_eq!(Shared::id(&first), Shared::id(&second));
        first[0].set(first[0].get() * 2);
        assert_eq!(second[0].get(), first[0].get());
        drop(first);
        second[1].fetch_add(1);
    }
    for key in &arguments {
        // All handles of before are gone.
        State::inherit(key).unwrap()[2].fetch_add(1);
    }
    assert_eq!(our_descriptors(), before, "nothing was opened that stays");
    println!("{}", before.len());
}

pub(crate) fn several_segments_reach_one_child() {
    let states = [1, 2, 3].map(|n| State::new([n; 4]).unwrap());
    let named = State::create(&name("fourth"), [4; 4]).unwrap();
    let child = spawn_self("inherits", |command| {
        command.args(["one", "two", "three", "four"]);
        command
            .share("one", &states[0])
            .share("two", &states[1])
            .share("three", &states[2])
            .share("four", &named)
            .stdout(Stdio::piped());
    });
    assert_eq!(output_of(child), "3\n", "the named one has no descriptor");
    let states = states.each_ref().into_iter().chain([&named]);
    for (n, state) in (1..).zip(states) {
        assert_eq!(state.snapshot(), [2 * n, n + 1, n + 1, n]);
    }
}

pub(crate) fn a_key_can_be_any_text() {
    let keys = [
        "",
        "a b",
        "=",
        "ä/ö",
        "%",
        "x".repeat(1000).leak(),
        "key",
        "Key",
    ];
    let states = keys.map(|_| State::new([1; 4]).unwrap());
    let mut child = spawn_self("inherits", |command| {
        command.args(keys).stdout(Stdio::null());
        for (key, state) in keys.iter().zip(&states) {
            command.share(key, state);
        }
    });
    assert_success(child.wait().unwrap());
    for (key, state) in keys.iter().zip(&states) {
        assert_eq!(state.snapshot(), [2, 2, 2, 1], "{key:?}");
    }
}

pub(crate) fn inheriting_twice_gives_two_handles_of_one_segment() {
    let state = State::new([21; 4]).unwrap();
    let child = spawn_self("inherits", |command| {
        command
            .arg("key")
            .share("key", &state)
            .stdout(Stdio::piped());
    });
    assert_eq!(output_of(child), "1\n");
    assert_eq!(state.snapshot(), [42, 22, 22, 21]);
}

pub(crate) fn one_command_starts_many_children() {
    let state = State::new([1; 4]).unwrap();
    spawn_self("inherits", |command| {
        command
            .arg("key")
            .share("key", &state)
            .stdout(Stdio::null());
        // The first four here, the last by `spawn_self`.
        for _ in 0..4 {
            assert_success(command.status().unwrap());
        }
    })
    .wait()
    .unwrap();
    assert_eq!(state.snapshot(), [32, 6, 6, 1]);
}

pub(crate) fn the_command_keeps_the_segment_alive() {
    // If it did not, the descriptor's number would mean something else by now, or nothing.
    let mut command = Command::new("cat");
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let state = State::new([0x5555_5555_5555_5555; 4]).unwrap();
    let token = state.token();
    command.share("key", &state);
    drop(state);
    let (_, descriptor) = token.rsplit_once(':').unwrap();
    command.arg(format!("/proc/self/fd/{descriptor}"));
    let mut child = command.spawn().unwrap();
    let mut bytes = Vec::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    assert_success(child.wait().unwrap());
    assert_eq!(bytes[..8], *b"SHMSTATE");
    assert_eq!(bytes[bytes.len() - 32..], [0x55; 32]);
    assert!(State::from_token(&token).is_ok());
    drop(command);
    assert!(State::from_token(&token).is_err());
}
