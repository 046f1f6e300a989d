//! Which processes have a descriptor of a segment, by the kernel's word.

#![allow(unsafe_code)]

use std::process::{Command, Stdio};

use shmstate::{ReadOnly, ShareCommand, Shared};

use super::support::{arguments, assert_success, in_child, name, our_descriptors, spawn_self};
use super::{State, output_of};

/// What a child that plays `list` says of itself.
fn listed(configure: impl FnOnce(&mut Command)) -> String {
    output_of(spawn_self("list", |command| {
        command.stdout(Stdio::piped());
        configure(command);
    }))
}

/// The same, of a child with so many descriptors of segments; all else is as in `without`, a child
/// that was started before there were any.
fn expected(without: &str, ours: usize) -> String {
    without.replacen('0', &ours.to_string(), 1)
}

pub(crate) fn a_child_without_the_handle_has_no_descriptor_of_ours() {
    let without = listed(|_| ());
    assert!(without.starts_with("0 of segments"), "{without}");
    let anonymous = [1, 2, 3].map(|n| State::new([n; 4]).unwrap());
    let named = State::create(&name("named"), [0; 4]).unwrap();
    let views = [anonymous[0].read_only(), named.read_only()];
    let opened = State::from_token(&anonymous[0].token()).unwrap();
    assert!(our_descriptors().len() >= 4, "there is something to leak");
    assert_eq!(listed(|_| ()), without);
    // Nor after another child was given one, by a command that is still there.
    let mut other = Command::new("true");
    assert_success(other.share("key", &anonymous[1]).status().unwrap());
    assert_eq!(listed(|_| ()), without);
    drop((other, views, opened));
}

pub(crate) fn a_child_with_the_handle_has_exactly_one_descriptor() {
    let without = listed(|_| ());
    let states = [1, 2, 3].map(|n| State::new([n; 4]).unwrap());
    let one = expected(&without, 1);
    assert_eq!(
        listed(|command| {
            command.share("key", &states[1]);
        }),
        one
    );
    let view = states[2].read_only();
    assert_eq!(
        listed(|command| {
            command.share("key", &view);
        }),
        one
    );
    // One segment under two keys is one descriptor; three are three.
    let twice = listed(|command| {
        command.share("a", &states[0]).share("b", &states[0]);
    });
    assert_eq!(twice, one);
    let all = listed(|command| {
        for (key, state) in ["a", "b", "c"].iter().zip(&states) {
            command.share(key, state);
        }
    });
    assert_eq!(all, expected(&without, 3));
}

/// With the key of a segment: starts a child of its own, first without it, then with it. With a name:
/// counts its descriptors before, while and after it has the segment.
pub(crate) fn grandchild() {
    let arguments = arguments();
    if let [_, name] = &arguments[..] {
        assert_eq!(our_descriptors().len(), 0, "before it is opened");
        let state = State::open(name).unwrap();
        let view = ReadOnly::<[u64; 4]>::open(name).unwrap();
        assert_eq!(our_descriptors().len(), 0, "a mapping needs none");
        drop((state, view));
        assert_eq!(our_descriptors().len(), 0, "after it was dropped");
        return;
    }
    assert_eq!(our_descriptors().len(), 1);
    assert!(Shared::<u8>::inherit(&arguments[0]).is_err());
    let not_shared = listed(|_| ());
    assert!(not_shared.starts_with("0 of segments"), "{not_shared}");
    let state = State::inherit(&arguments[0]).unwrap();
    let (not_shared, shared) = (
        listed(|_| ()),
        listed(|command| {
            command.share("again", &state);
        }),
    );
    assert!(not_shared.starts_with("0 of segments"), "{not_shared}");
    assert!(shared.starts_with("1 of segments"), "{shared}");
}

pub(crate) fn a_grandchild_gets_a_descriptor_only_if_it_is_shared_again() {
    let state = State::new([0; 4]).unwrap();
    let mut child = spawn_self("grandchild", |command| {
        command.arg("key").share("key", &state);
    });
    assert_success(child.wait().unwrap());
}

pub(crate) fn a_child_that_only_gets_a_name_has_none_before_it_opens() {
    let name = name("named");
    let state = State::create(&name, [0; 4]).unwrap();
    for shared in [false, true] {
        let mut child = spawn_self("grandchild", |command| {
            command.args(["name", &name]);
            if shared {
                command.share("key", &state);
            }
        });
        assert_success(child.wait().unwrap());
    }
}

pub(crate) fn a_segment_never_takes_the_number_of_a_standard_stream() {
    assert_success(in_child(|| {
        // As a daemon does. If a segment got number 0, the child would not find it: its input is there.
        // SAFETY: nobody reads from it.
        unsafe { libc::close(libc::STDIN_FILENO) };
        let state = State::new([1; 4]).unwrap();
        let opened = State::from_token(&state.token()).unwrap();
        assert!(our_descriptors().into_keys().all(|number| number > 2));
        for handle in [&state, &opened] {
            let mut child = spawn_self("add", |command| {
                command.args(["inherit", "key", "1"]);
                command.share("key", handle).stdin(Stdio::null());
            });
            assert_success(child.wait().unwrap());
        }
        assert_eq!(state[0].get(), 3);
    }));
}
