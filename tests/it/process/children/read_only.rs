//! Handles that can only read.

#![allow(unsafe_code)]

use std::os::unix::process::ExitStatusExt;

use shmstate::{OpenError, ReadOnly, ShareCommand, Shared};

use super::State;
use super::support::{
    arguments, assert_success, in_child, mappings, name, our_descriptors, spawn_self,
};

type View = ReadOnly<[u64; 4]>;

pub(crate) fn a_read_only_handle_sees_every_write() {
    let named = State::create(&name("seen"), [0; 4]).unwrap();
    for state in [named, State::new([0; 4]).unwrap()] {
        let view = state.read_only();
        let early = view.clone();
        assert_success(in_child(|| {
            state[0].set(1);
            state[1].fetch_add(2);
            state[2].update(|v| v + 3);
            state[3].compare_exchange(0, 4).unwrap();
            assert_eq!(view.snapshot(), [1, 2, 3, 4]);
        }));
        for view in [&view, &early] {
            assert_eq!(view.snapshot(), [1, 2, 3, 4]);
            assert_eq!(view[3].get(), 4);
            assert_eq!(view.try_snapshot().unwrap()[2], 3);
            let mut into = [0; 4];
            view.snapshot_into(&mut into);
            assert_eq!(into, [1, 2, 3, 4]);
            assert_eq!(format!("{view:?}"), "[1, 2, 3, 4]");
        }
        assert_eq!(Shared::id(&view), Shared::id(&state));
        drop(state);
        assert_eq!(view[0].get(), 1, "it has a mapping of its own");
    }
}

/// Opens the segment to read, by the way that the first argument names.
pub(crate) fn child() {
    let arguments = arguments();
    let [how, text] = &arguments[..] else {
        panic!("{arguments:?}");
    };
    let view = match how.as_str() {
        "refuses" => {
            // First as a writer, which the descriptor does not allow.
            let error = State::inherit(text).unwrap_err();
            let denied = matches!(error, OpenError::PermissionDenied { writable: true, .. });
            assert!(denied, "{error:?}");
            assert!(error.to_string().contains("ReadOnly"), "{error}");
            let (&descriptor, _) = our_descriptors().first_key_value().unwrap();
            // SAFETY: the call takes numbers.
            let flags = unsafe { libc::fcntl(descriptor, libc::F_GETFL) };
            assert_eq!(flags & libc::O_ACCMODE, libc::O_RDONLY);
            View::inherit(text)
        }
        "inherit" => View::inherit(text),
        "token" => View::from_token(text),
        _ => View::open(text),
    };
    let view = view.unwrap();
    assert_eq!(view.snapshot(), [1, 2, 3, 4]);
    let maps = mappings();
    assert!(maps.len() == 1 && maps[0].starts_with("r--s"), "{maps:?}");
    // A read-only handle is passed on as one, to a child of its own.
    if text == "key" {
        let mut grandchild = spawn_self("read_only", |command| {
            command.args([how, "onwards"]).share("onwards", &view);
        });
        assert_success(grandchild.wait().unwrap());
    }
}

pub(crate) fn a_read_only_handle_travels_every_way() {
    let name = name("travels");
    let named = State::create(&name, [1, 2, 3, 4]).unwrap();
    let anonymous = State::new([1, 2, 3, 4]).unwrap();
    let (named_view, view) = (named.read_only(), anonymous.read_only());
    let tokens = [&named, &anonymous].map(State::token);
    let view_tokens = [&named_view, &view].map(View::token);
    assert_eq!(tokens, view_tokens, "it is one segment");
    let expect = |arguments: [&str; 2], share: &dyn Fn(&mut std::process::Command)| {
        let mut child = spawn_self("read_only", |command| {
            command.args(arguments);
            share(command);
        });
        assert_success(child.wait().unwrap());
    };
    expect(["open", &name], &|_| ());
    expect(["token", &tokens[0]], &|_| ());
    expect(["token", &tokens[1]], &|_| ());
    expect(["inherit", "key"], &|command| {
        command.share("key", &view);
    });
    expect(["inherit", "key"], &|command| {
        command.share("key", &anonymous);
    });
    expect(["inherit", "key"], &|command| {
        command.share("key", &named_view);
    });
    expect(["inherit", "key"], &|command| {
        command.share("key", &named);
    });
    assert_success(in_child(|| assert_eq!(view.snapshot(), [1, 2, 3, 4])));
    assert_eq!(anonymous.snapshot(), [1, 2, 3, 4]);
}

pub(crate) fn a_child_with_a_read_only_descriptor_cannot_open_it_to_write() {
    // If the writable descriptor were passed on, the child would print that it opened it.
    let state = State::new([1, 2, 3, 4]).unwrap();
    let view = state.read_only();
    let opened = View::from_token(&state.token()).unwrap();
    for view in [&view, &opened] {
        let mut child = spawn_self("read_only", |command| {
            command.args(["refuses", "key"]).share("key", view);
        });
        assert_success(child.wait().unwrap());
    }
    state[0].set(1);
}

pub(crate) fn a_write_through_a_read_only_mapping_is_stopped_by_the_hardware() {
    let name = name("protected");
    let named = State::create(&name, [1; 4]).unwrap();
    let anonymous = State::new([1; 4]).unwrap();
    let views = [
        named.read_only(),
        anonymous.read_only(),
        View::open(&name).unwrap(),
        View::from_token(&named.token()).unwrap(),
        View::from_token(&anonymous.token()).unwrap(),
    ];
    // The address is the same in the child. If it could be written, the child would end with code 0.
    let scribble = |address: *const u8| {
        in_child(|| {
            // SAFETY: there is no such thing: this is what the mapping must stop.
            unsafe { address.cast_mut().write_volatile(9) };
        })
    };
    for (i, view) in views.iter().enumerate() {
        let status = scribble((&raw const view[0]).cast());
        assert_eq!(status.signal(), Some(libc::SIGSEGV), "view {i}: {status}");
    }
    for state in [&named, &anonymous] {
        assert_eq!(state.snapshot(), [1; 4]);
        let status = scribble((&raw const state[0]).cast());
        assert_success(status); // so it was the mapping, and not the test
        assert_eq!(state.snapshot(), [9, 1, 1, 1]);
    }
}
