//! What the verbs do, among the threads of one process.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use shmstate::{CreateError, List, Shared, SharedState, Text, UpdateError};

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
struct State {
    before: u64,
    #[shared(capacity = 6)]
    text: String,
    #[shared(capacity = 3)]
    list: Vec<Named>,
    named: Option<Locked>,
    after: u64,
}

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
struct Named {
    number: u8,
    #[shared(capacity = 2)]
    name: String,
}

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
#[shared(lock)]
struct Locked {
    named: Named,
    numbers: [u16; 3],
}

fn named(name: &str) -> Named {
    Named {
        number: 7,
        name: name.to_owned(),
    }
}

fn panic_of(f: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(f)).expect_err("a panic");
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => (*panic.downcast::<&str>().expect("text")).to_owned(),
    }
}

/// Runs `f` while another thread is within a `modify` of the slot.
fn while_held(state: &Shared<State>, f: impl FnOnce()) {
    let (held, holds) = mpsc::channel();
    let (done, release) = mpsc::channel::<()>();
    let other = state.clone();
    let holder = thread::spawn(move || {
        other.named.modify(|_| {
            held.send(()).unwrap();
            let _ = release.recv();
        });
    });
    holds.recv().unwrap();
    f();
    drop(done);
    holder.join().unwrap();
}

pub(super) fn a_held_slot_is_read_at_once_and_not_changed() {
    let state = Shared::new(State::default()).unwrap();
    let version = state.named.version();
    while_held(&state, || {
        assert_eq!(state.named.get(), None);
        let me = std::process::id();
        let limit = Duration::from_millis(30);
        for (error, text) in [
            (
                state.named.try_set(None),
                "field `named` of an anonymous segment is held by another thread of this process",
            ),
            (
                state.named.try_modify(|_| ()),
                "field `named` of an anonymous segment is held by another thread of this process",
            ),
            (
                state.named.try_modify_for(limit, |_| ()),
                "field `named` of an anonymous segment is held by another thread of this process for longer than 30ms",
            ),
        ] {
            let error = error.unwrap_err();
            assert_eq!(error.to_string(), text);
            assert!(matches!(error, UpdateError::LockTimeout { holder, .. } if holder == me));
        }
        assert_eq!(state.named.version(), version);
    });
    assert_eq!(state.named.version(), version + 1);
    state.named.try_set(Some(Locked::default())).unwrap();
    assert!(state.named.try_modify(|value| value.is_some()).unwrap());
    assert_eq!(state.named.recoveries(), 0);
}

pub(super) fn a_panic_within_an_update_leaves_the_old_value_and_frees_the_lock() {
    let value = Locked {
        named: named("ab"),
        numbers: [1, 2, 3],
    };
    let state = Shared::new(State {
        text: "old".to_owned(),
        list: vec![named("x")],
        named: Some(value.clone()),
        ..State::default()
    })
    .unwrap();
    let told = panic_of(|| {
        state.named.modify(|value| {
            value.as_mut().unwrap().numbers[1] = 9;
            panic!("on purpose");
        });
    });
    assert_eq!(told, "on purpose");
    panic_of(|| {
        let _ = state.text.modify(|text| {
            text.push('!');
            panic!("on purpose");
        });
    });
    panic_of(|| {
        let _ = state.list.modify(|list| {
            list.clear();
            panic!("on purpose");
        });
    });
    assert_eq!(state.named.get(), Some(value));
    assert_eq!(state.text.get(), "old");
    assert_eq!(state.list.get(), [named("x")]);
    state.named.set(None);
    state.text.clear();
    state.list.clear();
    assert_eq!(state.snapshot(), State::default());
}

pub(super) fn a_change_from_within_a_change_of_the_same_slot_panics() {
    let state = Shared::new(State::default()).unwrap();
    let told = panic_of(|| state.named.modify(|_| state.named.set(None)));
    assert!(told.contains("within its own `modify`"), "{told}");
    // Another slot may be changed, and this one read.
    state.named.modify(|_| {
        state.text.set("x").unwrap();
        assert_eq!(state.named.get(), None);
    });
}

pub(super) fn what_does_not_fit_is_refused_and_the_neighbours_are_untouched() {
    let state = Shared::new(State {
        before: u64::MAX,
        text: "äöü".to_owned(), // six bytes: full
        list: vec![named("ab"), named(""), named("c")],
        named: None,
        after: u64::MAX,
    })
    .unwrap();
    let old = state.snapshot();
    let version = (state.text.version(), state.list.version());
    let exceeded = state.text.set("sieben!").unwrap_err();
    assert_eq!((exceeded.capacity, exceeded.needed), (6, 7));
    assert_eq!(
        exceeded.to_string(),
        "field `text` of an anonymous segment holds at most 6 bytes, and the value needs 7; shorten it, or raise the `capacity`"
    );
    assert_eq!(state.text.push('ß').unwrap_err().needed, 8);
    assert_eq!(state.text.push_str("ab").unwrap_err().needed, 8);
    assert_eq!(state.text.replace("1234567").unwrap_err().needed, 7);
    assert_eq!(
        state.text.modify(|text| text.push('x')).unwrap_err().needed,
        7
    );
    let error = state.text.try_set("1234567").unwrap_err();
    assert!(matches!(error, UpdateError::CapacityExceeded(e) if e.needed == 7));
    assert_eq!(state.list.push(named("")).unwrap_err().needed, 4);
    assert_eq!(
        state
            .list
            .extend([named(""), named("")])
            .unwrap_err()
            .needed,
        5
    );
    assert_eq!(
        state
            .list
            .set(
                [const {
                    Named {
                        number: 0,
                        name: String::new(),
                    }
                }; 4]
            )
            .unwrap_err()
            .needed,
        4
    );
    let exceeded = state
        .list
        .modify(|list| list[1].name.push_str("xyz"))
        .unwrap_err();
    assert_eq!(
        (exceeded.field.as_str(), exceeded.needed),
        ("list[1].name", 3)
    );
    let long = || {
        Some(Locked {
            named: named("abc"),
            ..Locked::default()
        })
    };
    let told = panic_of(|| state.named.set(long()));
    assert!(
        told.starts_with("field `named.named.name` of an anonymous segment holds at most 2 bytes"),
        "{told}"
    );
    let told = panic_of(|| state.named.modify(|value| *value = long()));
    assert!(
        told.starts_with("field `named.named.name` of an anonymous segment holds at most 2 bytes"),
        "{told}"
    );
    let error = state.named.try_modify(|value| *value = long()).unwrap_err();
    assert!(matches!(error, UpdateError::CapacityExceeded(e) if e.field == "named.named.name"));
    assert_eq!(state.snapshot(), old);
    assert_eq!((state.text.version(), state.list.version()), version);
}

pub(super) fn nothing_is_stored_or_created_if_a_part_does_not_fit() {
    let state = Shared::new(State::default()).unwrap();
    let long = State {
        before: 1,
        named: Some(Locked {
            named: named("abc"),
            ..Locked::default()
        }),
        ..State::default()
    };
    let exceeded = state.restore(long.clone()).unwrap_err();
    assert_eq!(exceeded.field, "named.named.name");
    assert_eq!(state.snapshot(), State::default());
    let long = State {
        list: vec![named(""), named("abc")],
        ..long
    };
    assert_eq!(
        state.restore(long.clone()).unwrap_err().field,
        "list[1].name"
    );
    let name = format!("test-locked-unfit-{}", std::process::id());
    let error = Shared::create(&name, long).unwrap_err();
    assert!(
        matches!(&error, CreateError::CapacityExceeded { source, .. } if source.field == "list[1].name")
    );
    assert!(
        error
            .to_string()
            .starts_with(&format!("segment `{name}`: field `list[1].name`")),
        "{error}"
    );
    assert!(Shared::<State>::open(&name).is_err());
}

pub(super) fn a_text_does_what_a_string_does() {
    let state = Shared::new(State::default()).unwrap();
    let text: &Text<6> = &state.text;
    assert!(text.is_empty());
    text.push('ä').unwrap();
    text.push_str("b\0").unwrap();
    assert_eq!((text.len(), text.get().as_str()), (4, "äb\0"));
    assert_eq!(text.replace("new").unwrap(), "äb\0");
    assert_eq!(text.modify(String::pop).unwrap(), Some('w'));
    let mut out = String::from("something longer");
    text.read_into(&mut out);
    assert_eq!(out, "ne");
    assert_eq!(text.try_modify(|text| text.len() + 1).unwrap(), 3);
    text.try_set("").unwrap();
    assert!(text.is_empty());
    assert_eq!(text.version(), 7);
}

pub(super) fn a_list_does_what_a_vector_does() {
    let state = Shared::new(State::default()).unwrap();
    let list: &List<Named, 3> = &state.list;
    assert!(list.is_empty());
    assert_eq!(list.pop(), None);
    list.push(named("a")).unwrap();
    list.extend([named("b"), named("c")]).unwrap();
    assert_eq!(list.len(), 3);
    assert_eq!((list.at(1), list.at(3)), (Some(named("b")), None));
    assert_eq!(list.pop(), Some(named("c")));
    assert_eq!(list.replace([]).unwrap(), [named("a"), named("b")]);
    list.set(vec![named("d")]).unwrap();
    list.modify(|list| list.insert(0, named("e"))).unwrap();
    let mut out = vec![named("zz"); 5];
    list.read_into(&mut out);
    assert_eq!(out, [named("e"), named("d")]);
    list.clear();
    assert!(list.is_empty());
}

pub(super) fn a_waiter_sees_the_change_that_it_waits_for() {
    let state = Shared::new(State::default()).unwrap();
    let waits = |wait: fn(&Shared<State>) -> usize, change: fn(&Shared<State>)| {
        thread::scope(|scope| {
            let waiter = scope.spawn(|| wait(&state));
            change(&state);
            waiter.join().unwrap()
        })
    };
    assert_eq!(
        waits(
            |s| s.text.wait_until(|text| text.ends_with('x')).len(),
            |s| s.text.push_str("abx").unwrap()
        ),
        3
    );
    assert_eq!(
        waits(
            |s| s.list.wait_until(|list: &[Named]| list.len() == 2).len(),
            |s| {
                s.list.extend([named(""), named("")]).unwrap();
            }
        ),
        2
    );
    assert_eq!(
        waits(
            |s| usize::from(s.named.wait_until(Option::is_some).unwrap().numbers[2]),
            |s| {
                s.named.set(Some(Locked {
                    numbers: [1, 2, 3],
                    ..Locked::default()
                }));
            }
        ),
        3
    );
    let limit = Duration::from_millis(20);
    let timed_out = state.text.wait_until_for(limit, str::is_empty).unwrap_err();
    assert_eq!(timed_out.waited, limit);
    assert!(timed_out.to_string().contains("20ms"), "{timed_out}");
    assert!(
        state
            .list
            .wait_until_for(limit, <[Named]>::is_empty)
            .is_err()
    );
    assert!(state.named.wait_until_for(limit, Option::is_none).is_err());
    assert!(
        state
            .named
            .wait_until_for(Duration::ZERO, Option::is_some)
            .is_ok()
    );
}

/// With a lock that lets two in it would print numbers below 4000.
pub(super) fn threads_that_change_one_slot_lose_nothing() {
    let state = Shared::new(State::default()).unwrap();
    state.named.set(Some(Locked::default()));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..1_000 {
                    state.named.modify(|value| {
                        for number in &mut value.as_mut().unwrap().numbers {
                            *number += 1;
                        }
                    });
                }
            });
        }
    });
    assert_eq!(state.named.get().unwrap().numbers, [4_000; 3]);
}
