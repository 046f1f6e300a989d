//! A forked child has a copy of every handle, and its end must not be the segment's.

use shmstate::{OpenError, Shared};

use super::State;
use super::support::{Fork, assert_success, fork, in_child, kill_self, name, pipe, start};

/// How a forked child ends.
#[derive(Clone, Copy, Debug)]
enum Ending {
    /// Through the test and `main`: every copy is dropped.
    Returns,
    /// The same way, by unwinding.
    Panics,
    Exits,
    Killed,
    DropsAndExits,
    DropsAndIsKilled,
}

use Ending::{DropsAndExits, DropsAndIsKilled, Exits, Killed, Panics, Returns};

/// If a child took the segment along, this would print that there is no segment of the name.
pub(crate) fn a_forked_child_never_takes_the_parents_segment_along() {
    for ending in [
        Returns,
        Panics,
        Exits,
        Killed,
        DropsAndExits,
        DropsAndIsKilled,
    ] {
        let name = name("parents");
        let named = State::create(&name, [1; 4]).unwrap();
        let (anonymous, view) = (State::new([1; 4]).unwrap(), named.read_only());
        let child = match fork() {
            Fork::Parent(child) => child,
            Fork::Child => {
                named[0].fetch_add(1);
                anonymous[0].fetch_add(1);
                match ending {
                    Returns => return,
                    Panics => panic!("as it should"),
                    Exits => std::process::exit(0),
                    Killed => return kill_self(libc::SIGKILL),
                    DropsAndExits | DropsAndIsKilled => drop((named, anonymous, view)),
                }
                kill_self(if matches!(ending, DropsAndIsKilled) {
                    libc::SIGKILL
                } else {
                    0 // none
                });
                std::process::exit(0)
            }
        };
        let status = child.wait();
        let expected = !matches!(ending, Panics | Killed | DropsAndIsKilled);
        assert_eq!(status.success(), expected, "{ending:?}: {status}");
        for found in [
            State::open(&name),
            State::from_token(&named.token()),
            State::from_token(&anonymous.token()),
        ] {
            let found = found.unwrap_or_else(|error| panic!("{ending:?}: {error}"));
            assert_eq!(found.snapshot(), [2, 1, 1, 1], "{ending:?}");
        }
        drop((named, view));
        let gone = State::open(&name).unwrap_err();
        assert!(
            matches!(gone, OpenError::NotFound { .. }),
            "{ending:?}: {gone}"
        );
    }
}

pub(crate) fn a_forked_child_keeps_what_the_parent_drops() {
    let name = name("dropped");
    let named = State::create(&name, [1; 4]).unwrap();
    let anonymous = State::new([1; 4]).unwrap();
    let parents_token = anonymous.token();
    let (from_parent, to_child) = pipe();
    let (from_child, to_parent) = pipe();
    let child = {
        let (named, anonymous, name) = (&named, &anonymous, &name);
        start(move || {
            from_parent.wait();
            let gone = State::open(name).unwrap_err();
            assert!(matches!(gone, OpenError::NotFound { .. }), "{gone}");
            named[0].fetch_add(1);
            anonymous[0].fetch_add(1);
            assert_eq!(named.snapshot(), anonymous.snapshot());
            // Its copy of the descriptor is its own: if the token named the parent's, nobody could open it.
            to_parent.send(format!("{}\n", anonymous.token()).as_bytes());
            from_parent.wait();
            assert_eq!(anonymous[3].get(), 7);
        })
    };
    drop((named, anonymous));
    to_child.tell();
    let token = from_child.line();
    assert!(State::from_token(&parents_token).is_err());
    let again = State::from_token(&token).unwrap();
    assert_eq!(again[0].get(), 2);
    again[3].set(7);
    to_child.tell();
    assert_success(child.wait());
}

pub(crate) fn a_forked_child_removes_its_own_segments() {
    let (parents, childs) = (name("parents"), name("childs"));
    let state = State::create(&parents, [1; 4]).unwrap();
    assert_success(in_child(|| {
        let own = State::create(&childs, [2; 4]).unwrap();
        assert_success(in_child(|| {
            assert_eq!(State::open(&childs).unwrap()[0].get(), 2);
        }));
        // The other way round: a grandchild that drops its copy.
        match fork() {
            Fork::Child => {
                drop(own);
                std::process::exit(0);
            }
            Fork::Parent(grandchild) => assert_success(grandchild.wait()),
        }
        assert!(State::open(&childs).is_ok());
    }));
    let gone = State::open(&childs).unwrap_err();
    assert!(matches!(gone, OpenError::NotFound { .. }), "{gone}");
    assert_eq!(State::open(&parents).unwrap()[0].get(), 1);
    drop(state);
}

pub(crate) fn a_read_only_handle_keeps_the_name_as_long_as_any() {
    let name = name("view");
    let state = State::create(&name, [1; 4]).unwrap();
    let (copy, view) = (state.clone(), state.read_only());
    assert_eq!(Shared::name(&view), Some(name.as_str()));
    let is_there = || {
        let mut there = false;
        let child = in_child(|| drop(State::open(&name).unwrap()));
        there |= child.success();
        there
    };
    drop(state);
    assert!(is_there());
    drop(copy);
    assert!(is_there(), "the view is a handle, too");
    drop(view);
    assert!(!is_there());
}
