//! What errors and panics call the field.

use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use shmstate::{CreateError, ReadOnly, Shared, SharedState, Slot, UpdateError};

use super::support::{assert_success, in_child, name, panic_of};

#[derive(SharedState, Clone, Default)]
struct Inner {
    #[shared(capacity = 4)]
    name: String,
    flag: bool,
}

#[derive(SharedState, Clone, Default)]
#[shared(lock)]
struct Account {
    #[shared(capacity = 2)]
    owner: String,
    open: bool,
}

#[derive(SharedState, Clone, Default)]
struct State {
    count: u32,
    rows: [Inner; 4],
    pair: (u32, bool),
    account: Account,
    #[shared(watch, cache_padded)]
    step: [u8; 3],
    inner: Inner,
    #[shared(capacity = 2)]
    list: Vec<Option<bool>>,
}

fn state(name: &str) -> Shared<State> {
    Shared::create(name, State::default()).expect("create")
}

/// Where the one field of a state starts is also where the state starts.
#[derive(SharedState, Default)]
struct Outer {
    inner: Middle,
}

#[derive(SharedState, Default)]
struct Middle {
    flags: [bool; 1],
}

fn scribble(flag: &shmstate::Atomic<bool>) {
    flag.raw().store(7, Ordering::Relaxed);
}

/// If wrong: `the slot holds at most 4 bytes`, or another path.
pub(crate) fn an_error_names_the_field_and_the_segment() {
    let segment = name("web");
    let state = state(&segment);
    let told = |error: &dyn std::fmt::Display, field: &str| {
        let start = format!("field `{field}` of segment `{segment}` ");
        assert!(error.to_string().starts_with(&start), "{error}");
    };
    let error = state.rows[3].name.set("abcde").unwrap_err();
    assert_eq!(error.field, "rows[3].name");
    told(&error, "rows[3].name");
    told(
        &state.inner.name.push_str("abcde").unwrap_err(),
        "inner.name",
    );
    told(&state.list.set([None; 3]).unwrap_err(), "list");
    let change = |account: &mut Account| "Ada".clone_into(&mut account.owner);
    told(
        &state.account.try_modify(change).unwrap_err(),
        "account.owner",
    );

    let limit = Duration::from_millis(1);
    let waited = state.step[2].wait_until_for(limit, |step| *step > 0);
    told(&waited.unwrap_err(), "step[2]");
    told(
        &state.pair.wait_until_for(limit, |pair| pair.1).unwrap_err(),
        "pair",
    );

    scribble(&state.rows[1].flag);
    let corrupt = state.rows[1].flag.try_get().unwrap_err();
    assert_eq!(corrupt.field(), "rows[1].flag");
    told(&corrupt, "rows[1].flag");

    state.pair.modify(|_| {
        let other = || state.pair.try_set((1, true)).unwrap_err();
        let error = thread::scope(|scope| scope.spawn(other).join().expect("joined"));
        told(&error, "pair");
        assert!(
            matches!(&error, UpdateError::LockTimeout { field, .. } if field == "pair"),
            "{error}"
        );
    });
}

/// The message of the panic, and whether its place is this file.
#[track_caller]
fn panic_here<R>(f: impl FnOnce() -> R) -> String {
    static PLACE: Mutex<String> = Mutex::new(String::new());
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|info| {
        let file = info.location().map_or("", Location::file);
        file.clone_into(&mut PLACE.lock().expect("not poisoned"));
    }));
    let message = panic_of(f);
    panic::set_hook(hook);
    assert_eq!(*PLACE.lock().expect("not poisoned"), file!(), "{message}");
    message
}

/// If wrong: a place within the library, or a message without a name.
pub(crate) fn a_panic_names_the_field_and_the_callers_line() {
    let segment = name("panics");
    let state = state(&segment);
    scribble(&state.rows[2].flag);
    let flag = &state.rows[2].flag;
    let of = |field: &str| format!("field `{field}` of segment `{segment}`");
    let get = || flag.get();
    let update = || flag.update(|flag| flag);
    let exchange = || flag.compare_exchange(true, false);
    let and = || flag.fetch_and(true);
    for message in [
        panic_here(get),
        panic_here(update),
        panic_here(exchange),
        panic_here(|| flag.snapshot()),
        panic_here(|| state.snapshot()),
        panic_here(|| state.rows.snapshot()),
        panic_here(|| state.rows[2].snapshot()),
        panic_here(and), // which heals it
    ] {
        let start = of("rows[2].flag") + " is a bool and holds 7";
        assert!(message.starts_with(&start), "{message}");
    }
    let message = panic_here(|| state.pair.modify(|_| state.pair.set((1, true))));
    let start = of("pair") + ": this thread already holds the lock";
    assert!(message.starts_with(&start), "{message}");
    let message = panic_here(|| state.pair.modify(|_| state.pair.try_modify(|_| ())));
    assert!(message.starts_with(&start), "{message}");
    let message = panic_here(|| state.list.modify(|_| state.list.clear()));
    assert!(message.starts_with(&of("list")), "{message}");
    let long = Account {
        owner: "Ada".to_owned(),
        open: true,
    };
    let message = panic_here(|| state.account.set(long.clone()));
    let start = of("account.owner") + " holds at most 2 bytes";
    assert!(message.starts_with(&start), "{message}");
    let message = panic_here(|| state.account.replace(long.clone()));
    assert!(message.starts_with(&start), "{message}");
}

/// If wrong: a path that lacks what is around the slot, or has it twice.
pub(crate) fn a_struct_or_array_of_slots_names_the_field_in_it() {
    let state = state(&name("nested"));
    scribble(&state.rows[1].flag);
    let corrupt = |result: Result<(), shmstate::Corrupt>| result.unwrap_err().field().to_owned();
    assert_eq!(corrupt(state.try_snapshot().map(drop)), "rows[1].flag");
    assert_eq!(corrupt(state.rows.try_snapshot().map(drop)), "rows[1].flag");
    assert_eq!(
        corrupt(state.rows[1].try_snapshot().map(drop)),
        "rows[1].flag"
    );
    let mut out = State::default();
    assert_eq!(
        corrupt(Slot::try_snapshot_into(&*state, &mut out)),
        "rows[1].flag"
    );

    let outer = Shared::create(&name("same-start"), Outer::default()).expect("create");
    scribble(&outer.inner.flags[0]);
    for field in [
        corrupt(outer.try_snapshot().map(drop)),
        corrupt(outer.inner.try_snapshot().map(drop)),
        corrupt(outer.inner.flags.try_snapshot().map(drop)),
        corrupt(outer.inner.flags[0].try_get().map(drop)),
    ] {
        assert_eq!(field, "inner.flags[0]");
    }
    // A value's path starts at the slot that is set, and is completed once.
    let names = std::array::from_fn(|i| Inner {
        name: "x".repeat(3 * i),
        flag: true,
    });
    let error = state.rows.restore(names).unwrap_err();
    assert_eq!(error.field, "rows[2].name");
    let inner = Inner {
        name: "abcde".to_owned(),
        flag: true,
    };
    assert_eq!(state.inner.restore(inner).unwrap_err().field, "inner.name");
}

/// If wrong: the name of another segment, or of a field at another offset.
pub(crate) fn two_segments_and_two_views_of_one_are_told_apart() {
    let names = [name("one"), name("two")];
    let states = names.each_ref().map(|name| state(name));
    let again = Shared::<State>::open(&names[0]).expect("open");
    let view = ReadOnly::<State>::open(&names[1]).expect("open");
    for (state, name) in states
        .iter()
        .chain([&again])
        .zip([&names[0], &names[1], &names[0]])
    {
        let error = state.list.set([None; 3]).unwrap_err().to_string();
        assert!(
            error.contains(&format!("`list` of segment `{name}`")),
            "{error}"
        );
    }
    scribble(&states[1].inner.flag);
    for error in [
        view.inner.flag.try_get().unwrap_err(),
        states[1].read_only().try_snapshot().map(drop).unwrap_err(),
    ] {
        let told = error.to_string();
        assert!(
            told.contains(&format!("`inner.flag` of segment `{}`", names[1])),
            "{told}"
        );
    }
    drop((states, again, view));

    let anonymous = Shared::new([Inner::default()]).expect("create");
    let error = anonymous[0].name.set("abcde").unwrap_err().to_string();
    assert!(
        error.starts_with("field `[0].name` of an anonymous segment holds at most 4"),
        "{error}"
    );
    let single = Shared::new((1_u8, true)).expect("create");
    let message = panic_of(|| single.modify(|_| single.set((2, true))));
    assert!(
        message.starts_with("the slot of an anonymous segment: "),
        "{message}"
    );
}

/// If wrong: an error that names nothing, because the segment is not there yet.
pub(crate) fn an_initialiser_is_told_the_field_too() {
    let segment = name("init");
    let mut told = String::new();
    let made = Shared::<State>::create_with(&segment, |slots| {
        told = slots.inner.name.set("abcde").unwrap_err().to_string();
    });
    made.expect("zero bytes are a value of every field");
    let start = format!("field `inner.name` of segment `{segment}` holds");
    assert!(told.starts_with(&start), "{told}");
    // The error of the creation names the segment itself.
    let mut long = State::default();
    "abcde".clone_into(&mut long.inner.name);
    let error = Shared::create(&name("long"), long).map(drop).unwrap_err();
    assert!(
        matches!(&error, CreateError::CapacityExceeded { source, .. } if source.field == "inner.name"),
        "{error}"
    );
    assert_eq!(error.to_string().matches("segment `").count(), 1, "{error}");
}

/// If wrong: a child without names, or one that hangs.
pub(crate) fn a_forked_child_and_its_threads_are_told_the_field() {
    let segment = name("forked");
    let state = state(&segment);
    let look = || {
        let error = state.rows[0].name.set("abcde").unwrap_err().to_string();
        assert!(
            error.contains(&format!("`rows[0].name` of segment `{segment}`")),
            "{error}"
        );
    };
    assert_success(in_child(|| {
        look();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(look);
            }
        });
        let own = Shared::create(&name("own"), Inner::default()).expect("create");
        assert_eq!(own.name.set("abcde").unwrap_err().field, "name");
        assert_success(in_child(look));
    }));
    look();
}

/// If wrong: a child hangs at its first error, crashes, or tells another field.
pub(crate) fn a_fork_while_segments_come_and_go_leaves_a_list_that_works() {
    let segment = name("busy");
    let state = state(&segment);
    let look = || {
        let error = state.rows[0].name.set("abcde").unwrap_err().to_string();
        // Without a name if the list is busy for too long.
        let named = error.contains(&format!("`rows[0].name` of segment `{segment}`"));
        assert!(named || error.starts_with("the slot holds"), "{error}");
        named
    };
    let stop = std::sync::atomic::AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let count = Shared::new(1_u8).expect("create");
                    assert_eq!(count.get(), 1);
                }
            });
        }
        for _ in 0..60 {
            look();
            let status = in_child(|| {
                let done = panic::catch_unwind(AssertUnwindSafe(|| {
                    assert!(look(), "nobody else is in the way here");
                    let own = Shared::new([Inner::default()]).expect("create");
                    assert_eq!(own[0].name.set("abcde").unwrap_err().field, "[0].name");
                }));
                assert!(done.is_ok());
            });
            assert_success(status);
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert!(look());
}
