//! Children of children.

use std::process::Stdio;

use shmstate::{ShareCommand, Shared};

use super::support::{
    Fork, arguments, assert_success, descriptors, fork, in_child, mappings, name, spawn_self,
};
use super::{State, output_of};

/// Opens its handle, writes, and passes it on to a grandchild by the same way.
pub(crate) fn parent() {
    let arguments = arguments();
    let [how, text] = &arguments[..] else {
        panic!("{arguments:?}");
    };
    let state = match how.as_str() {
        "inherit" => State::inherit(text),
        "token" => State::from_token(text),
        _ => State::open(text),
    };
    let state = state.unwrap();
    state[0].fetch_add(1);
    state[1].set(std::process::id().into());
    let mut grandchild = spawn_self("add", |command| {
        match how.as_str() {
            "inherit" => command.args([how, "onwards"]).share("onwards", &state),
            "token" => command.args([how, &state.token()]),
            _ => command.args([how, text]),
        };
        command.arg("10");
    });
    assert_success(grandchild.wait().unwrap());
    assert_eq!(state[0].get(), 11, "the child sees the grandchild's write");
}

pub(crate) fn a_child_passes_its_handle_on_to_a_grandchild() {
    let anonymous = State::new([0; 4]).unwrap();
    let named = State::create(&name("nested"), [0; 4]).unwrap();
    for state in [&anonymous, &named] {
        for how in ["inherit", "token", "name"] {
            let text = match (how, Shared::name(state)) {
                ("inherit", _) => "key".to_owned(),
                ("token", _) => state.token(),
                (_, Some(name)) => name.to_owned(),
                (_, None) => continue,
            };
            state.restore([0; 4]).unwrap();
            let mut child = spawn_self("parent", |command| {
                command.args([how, &text]);
                if how == "inherit" {
                    command.share("key", state);
                }
            });
            let id = child.id();
            assert_success(child.wait().unwrap());
            assert_eq!(state.snapshot(), [11, id.into(), 0, 0], "by {how}");
        }
    }
}

pub(crate) fn a_handle_made_before_a_fork_works_in_the_fork_and_in_its_spawned_child() {
    let anonymous = State::new([0; 4]).unwrap();
    let named = State::create(&name("mixed"), [0; 4]).unwrap();
    for state in [&anonymous, &named] {
        assert_success(in_child(|| {
            state[0].fetch_add(1);
            let mut shared = spawn_self("add", |command| {
                command.args(["inherit", "key", "10"]).share("key", state);
            });
            assert_success(shared.wait().unwrap());
            let mut told = spawn_self("add", |command| {
                command.args(["token", &state.token(), "100"]);
            });
            assert_success(told.wait().unwrap());
        }));
        // The parent has the same handle still, for a child of its own.
        let mut own = spawn_self("add", |command| {
            command.args(["inherit", "key", "1000"]).share("key", state);
        });
        assert_success(own.wait().unwrap());
        assert_eq!(state[0].get(), 1111);
    }
}

/// What is open and mapped, by number and kind.
fn holdings() -> (Vec<i32>, Vec<String>) {
    (descriptors().into_keys().collect(), mappings())
}

/// Forks `depth` deep. Each level uses the inherited handles, makes segments of its own, and drops
/// them; it must hold at its end what it began with.
fn go_down(anonymous: &State, named: &State, depth: u64) {
    let before = holdings();
    anonymous[0].fetch_add(depth);
    named[0].fetch_add(depth);
    {
        let own = State::new([depth; 4]).unwrap();
        let own_named = State::create(&name(&format!("depth{depth}")), [depth; 4]).unwrap();
        let views = (
            anonymous.read_only(),
            State::from_token(&named.token()).unwrap(),
        );
        assert_eq!(views.0[0].get() + own[0].get(), anonymous[0].get() + depth);
        if depth < 5 {
            assert_success(in_child(|| go_down(anonymous, named, depth + 1)));
        }
        assert_eq!(own.snapshot(), own_named.snapshot());
        let again = State::open(&name(&format!("depth{depth}"))).unwrap();
        assert_eq!(again[3].get(), depth, "no child has removed it");
    }
    // If something leaked, this would print the descriptors and mappings that are new.
    assert_eq!(holdings(), before, "at depth {depth}");
}

pub(crate) fn forks_nested_five_deep_leak_nothing() {
    let outside = holdings();
    {
        let anonymous = State::new([0; 4]).unwrap();
        let named = State::create(&name("down"), [0; 4]).unwrap();
        go_down(&anonymous, &named, 1);
        assert_eq!((anonymous[0].get(), named[0].get()), (15, 15));

        // And once more with the children ending through `main`, each dropping its copies.
        let mut depth = 0;
        while depth < 5 {
            depth += 1;
            match fork() {
                Fork::Parent(child) => {
                    assert_success(child.wait());
                    break;
                }
                Fork::Child => anonymous[1].fetch_add(1),
            };
        }
        assert_eq!(anonymous[1].get(), 5);
        assert!(State::open(&name("down")).is_ok(), "nobody took it along");
        if depth > 1 {
            return;
        }
    }
    assert_eq!(holdings(), outside);

    // The same number in a child that is spawned at the end of it.
    let child = spawn_self("list", |command| {
        command.stdout(Stdio::piped());
    });
    assert!(output_of(child).starts_with("0 of segments"));
}
