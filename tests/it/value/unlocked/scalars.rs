//! Every type with an atomic slot and each of its edge values: the parent's initial value is read by
//! the child, and the child's write is read by the parent.

use shmstate::{Shared, SharedState};

use super::support::{arguments, assert_success, in_child, name, spawn_self};
use super::types::{Live, TYPES};

/// How a child that was spawned gets the segment.
#[derive(Clone, Copy)]
pub(crate) enum Way {
    Name,
    Inherit,
    Token,
}

impl Way {
    pub(crate) fn open<T: SharedState>(self, argument: &str) -> Shared<T> {
        match self {
            Way::Name => Shared::open(argument),
            Way::Inherit => Shared::inherit("value"),
            Way::Token => Shared::from_token(argument),
        }
        .expect("opened")
    }
}

/// What a child does: it reads edge number `i`, and writes the one after it.
fn take_turn(value: &dyn Live, i: usize, edges: usize) {
    value.expect(i);
    value.write((i + 1) % edges);
}

/// Does `turn` with each value of each type, created under a name if `named`.
fn for_every_value(named: bool, turn: impl Fn(&'static str, &dyn Live, &str, usize, usize)) {
    let name = name("value");
    for ty in TYPES {
        let edges = (ty.edges)();
        assert!(edges > 1, "one value could not tell a write from none");
        for i in 0..edges {
            let value = (ty.create)(named.then_some(&name), i);
            turn(ty.name, &*value, &name, i, edges);
            value.expect((i + 1) % edges);
        }
    }
}

/// Starts a child that plays [`child`].
fn spawn(way: &str, ty: &str, i: usize, argument: &str, value: Option<&dyn Live>) {
    let mut child = spawn_self("scalar", |command| {
        command.args([way, ty, &i.to_string(), argument]);
        if let Some(value) = value {
            value.share(command);
        }
    });
    let status = child.wait().expect("waited for");
    assert!(status.success(), "{ty}, edge {i}, by {way}: {status}");
}

pub(crate) fn child() {
    let arguments = arguments();
    let [way, ty, i, argument] = &arguments[..] else {
        panic!("{arguments:?}");
    };
    let way = match way.as_str() {
        "name" => Way::Name,
        "inherit" => Way::Inherit,
        _ => Way::Token,
    };
    let ty = TYPES.iter().find(|known| known.name == ty);
    let ty = ty.expect("a type of the table");
    let value = (ty.open)(way, argument);
    take_turn(&*value, i.parse().expect("a number"), (ty.edges)());
}

pub(crate) fn every_value_goes_both_ways_through_a_fork() {
    for named in [true, false] {
        for_every_value(named, |_, value, _, i, edges| {
            assert_success(in_child(|| take_turn(value, i, edges)));
        });
    }
}

pub(crate) fn every_value_goes_both_ways_by_name() {
    for_every_value(true, |ty, _, name, i, _| spawn("name", ty, i, name, None));
}

pub(crate) fn every_value_goes_both_ways_by_inheritance() {
    for_every_value(false, |ty, value, _, i, _| {
        spawn("inherit", ty, i, "", Some(value));
    });
}

pub(crate) fn every_value_goes_both_ways_by_the_token_of_a_named_segment() {
    for_every_value(true, |ty, value, _, i, _| {
        spawn("token", ty, i, &value.token(), None);
    });
}

pub(crate) fn every_value_goes_both_ways_by_the_token_of_an_anonymous_segment() {
    for_every_value(false, |ty, value, _, i, _| {
        spawn("token", ty, i, &value.token(), None);
    });
}
