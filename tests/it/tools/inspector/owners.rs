//! Processes that hold locks, or own segments, and are stopped or dead.

use std::time::Duration;

use shmstate::inspect::{Inspector, WriteError};
use shmstate::{Shared, UpdateError};

use super::kinds::{self, Everything};
use super::slot::{hold, until_state};
use super::support::{in_child, kill_self, name, pipe, start, watchdog};

type Pair = (u64, u64);

fn inspect(name: &str) -> Inspector<shmstate::access::Write> {
    let options = Inspector::options()
        .writable()
        .lock_timeout(Duration::from_millis(20));
    options.open(name).expect("open")
}

// If wrong: the watchdog, or the value.
pub(crate) fn a_segment_of_a_stopped_owner_is_read_and_changed() {
    watchdog(100);
    let name = name("state");
    let (made, tell) = pipe();
    let owner = start(|| {
        let state = Shared::create(&name, kinds::example()).expect("create");
        tell.tell();
        kill_self(libc::SIGSTOP);
        assert_eq!(state.label.get(), "changed");
    });
    made.wait();
    until_state(owner.id(), "T");
    let inspector = inspect(&name);
    assert_eq!(inspector.description().creator, owner.id());
    assert_eq!(inspector.description().creator_lives, Some(true));
    assert_eq!(
        inspector
            .root()
            .leaves()
            .filter(|leaf| leaf.get().is_err())
            .count(),
        0
    );
    inspector
        .field("label")
        .expect("it is there")
        .set("changed")
        .expect("set");
    owner.signal(libc::SIGCONT);
    super::support::assert_success(owner.wait());
}

// If wrong: the watchdog, or the value.
pub(crate) fn a_segment_of_a_killed_owner_is_read_and_changed() {
    watchdog(100);
    let name = name("state");
    in_child(|| {
        std::mem::forget(Shared::create(&name, kinds::example()).expect("create"));
        kill_self(libc::SIGKILL);
    });
    let inspector = inspect(&name);
    assert_eq!(inspector.description().creator_lives, Some(false));
    let state = Shared::<Everything>::open(&name).expect("open");
    for leaf in inspector.root().leaves() {
        let value = leaf.get().expect("a value");
        leaf.set(value).expect("set");
    }
    assert_eq!(state.snapshot(), kinds::example());
    shmstate::remove(&name).expect("removed");
}

// If wrong: the watchdog's "somebody hangs", a holder that is not told, or a lock taken from the living.
pub(crate) fn a_slot_held_by_a_stopped_process_is_read_and_its_holder_told() {
    watchdog(100);
    let name = name("pair");
    let pair = Shared::create(&name, (3_u64, 4_u64)).expect("create");
    let inspector = inspect(&name);
    let field = inspector.field("1").expect("it is there");
    assert_eq!(inspector.root().holder(), None);
    let holder = hold(|holding| {
        pair.modify(|pair| {
            pair.0 += 1;
            holding();
        });
    });
    holder.signal(libc::SIGSTOP);
    until_state(holder.id(), "T");
    assert_eq!(field.get().expect("the value before"), 4_u64.into());
    for field in [&field, &inspector.root()] {
        let found = field.holder().expect("somebody holds it");
        assert_eq!(
            (found.thread, found.process),
            (Some(holder.id()), Some(holder.id()))
        );
        assert_eq!(found.alive, Some(true));
    }
    for refused in [field.set(9_u64), field.set_str("9"), field.add(1).map(drop)] {
        match refused {
            Err(WriteError::Update {
                source: UpdateError::LockTimeout { holder: pid, .. },
                ..
            }) => {
                assert_eq!(pid, holder.id());
            }
            other => panic!("{other:?}"),
        }
    }
    holder.signal(libc::SIGCONT);
    holder.release();
    assert_eq!((pair.get(), pair.recoveries()), ((4, 4), 0));
    assert_eq!(field.holder(), None);
    field.set(9_u64).expect("it is free");
    assert_eq!(pair.get(), (4, 9));
}

fn after_a_death(change: impl Fn(&Inspector<shmstate::access::Write>), expected: Pair) {
    watchdog(100);
    for zombie in [false, true] {
        let name = name(if zombie { "zombie" } else { "gone" });
        let pair = Shared::create(&name, (3_u64, 4_u64)).expect("create");
        let holder = hold(|holding| {
            pair.modify(|pair| {
                pair.0 += 1;
                holding();
            });
        });
        let unreaped = if zombie {
            Some(holder.make_zombie())
        } else {
            holder.kill();
            None
        };
        let inspector = inspect(&name);
        let found = inspector.root().holder().expect("its word is still there");
        assert_eq!(
            (found.thread, found.process, found.alive),
            (None, None, Some(false))
        );
        change(&inspector);
        assert_eq!(pair.get(), expected);
        assert_eq!(inspector.root().recoveries(), Some(1));
        assert_eq!(inspector.root().version(), Some(2));
        assert_eq!(inspector.root().holder(), None);
        if let Some(process) = unreaped {
            process.wait();
        }
    }
}

// If wrong: "field is held by", or a value that the dead had not committed.
pub(crate) fn a_slot_held_by_a_dead_process_is_taken_over() {
    after_a_death(
        |inspector| inspector.root().set_str("(7, 8)").expect("set"),
        (7, 8),
    );
}

// If wrong: as above.
pub(crate) fn a_part_of_a_slot_held_by_a_dead_process_is_taken_over() {
    let add = |inspector: &Inspector<_>| drop(inspector.field("1").unwrap().add(6).expect("added"));
    after_a_death(add, (3, 10));
}

// If wrong: "freed by a child": the child has unlocked its parent's lock, or has committed.
pub(crate) fn a_child_forked_within_an_update_is_no_holder() {
    watchdog(100);
    let name = name("pair");
    let pair = Shared::create(&name, (3_u64, 4_u64)).expect("create");
    let inspector = inspect(&name);
    pair.modify(|value| {
        value.0 = 5;
        let child = in_child(|| {
            let field = inspector.field("1").expect("it is there");
            assert_eq!(field.get().expect("read"), 4_u64.into());
            let found = field.holder().expect("its parent");
            assert_eq!(
                (found.process, found.alive),
                (Some(std::os::unix::process::parent_id()), Some(true))
            );
            assert!(field.set(9_u64).is_err(), "freed by a child");
        });
        super::support::assert_success(child);
        assert!(inspector.root().holder().is_some(), "freed by a child");
    });
    assert_eq!(pair.get(), (5, 4));
}
