//! Processes killed, or stopped, between two system calls of the library.

use shared_testkit::{self as support, Test, forge, tests, tracer};

use shmstate::{CreateError, OpenError, ReadOnly, Shared, remove};
use support::{assert_success, in_child, name};
use tracer::{Traced, trace};

pub(crate) const TESTS: &[Test] = tests![
    a_creator_killed_at_any_system_call_leaves_nothing_or_a_whole_segment,
    one_that_opens_or_creates_killed_at_any_system_call_leaves_nothing_or_a_whole_segment,
    one_that_replaces_killed_at_any_system_call_leaves_the_old_the_new_or_nothing,
    an_opener_killed_at_any_system_call_leaves_the_segment,
    a_remover_killed_at_any_system_call_removes_it_or_not,
    a_remover_stopped_before_its_last_step_does_not_remove_the_next_segment,
    a_creator_stopped_in_its_drop_does_not_remove_the_next_segment,
];

type Words = [u64; 8];

fn whole(words: Words, expected: u64) {
    assert_eq!(words, [expected; 8], "half a segment");
}

/// Runs `victim` again and again, in a new process each time, and kills it one step later each time, until it
/// comes to its end. Each time, `check` is told which process it was.
fn kill_at_every_step(victim: impl Fn(), check: impl Fn(u32)) {
    for steps in 0.. {
        let traced = trace(&victim);
        let id = traced.id();
        let alive = (0..steps).all(|_| traced.step());
        if alive {
            traced.kill();
        } else {
            assert_success(traced.ended());
        }
        check(id);
        if !alive {
            println!("killed at each of {steps} steps");
            assert!(steps > 20, "these are too few to be all");
            return;
        }
    }
}

/// What the victims left, in all.
#[derive(Default)]
struct Tally {
    nothing: core::cell::Cell<u32>,
    half_built: core::cell::Cell<u32>,
    old: core::cell::Cell<u32>,
    new: core::cell::Cell<u32>,
}

fn count(cell: &core::cell::Cell<u32>) {
    cell.set(cell.get() + 1);
}

/// After a creator, `id`, was killed: looks at what it left, and that the next creator clears it away.
fn check_creator(name: &str, id: u32, old: Option<u64>, tally: &Tally) {
    match ReadOnly::<Words>::open(name) {
        Err(OpenError::NotFound { .. }) => count(&tally.nothing),
        Err(error) => panic!("{error}"),
        Ok(state) => {
            let words = state.snapshot();
            if Some(words[0]) == old {
                whole(words, words[0]);
                count(&tally.old);
            } else {
                whole(words, u64::from(id));
                count(&tally.new);
            }
        }
    }
    if !forge::half_built(id).is_empty() {
        count(&tally.half_built);
    }
    // A process of its own: each sweeps when it first creates.
    let next = in_child(|| {
        let options = Shared::<Words>::creating().fresh();
        let state = options.create(name, [1; 8]).expect("nobody has it");
        let left = forge::half_built(id);
        assert!(left.is_empty(), "not swept: {left:?}");
        drop(state);
    });
    assert_success(next);
    assert_eq!(forge::inode(name), None);
}

fn me() -> u64 {
    u64::from(std::process::id())
}

// If wrong: "half a segment", `TooShort` or `Foreign` of a file that has its name too early, "not swept".
fn a_creator_killed_at_any_system_call_leaves_nothing_or_a_whole_segment() {
    let name = name("create");
    let tally = Tally::default();
    kill_at_every_step(
        || core::mem::forget(Shared::create(&name, [me(); 8]).expect("create")),
        |id| check_creator(&name, id, None, &tally),
    );
    assert!(
        tally.nothing.get() > 0 && tally.new.get() > 0,
        "not killed at every step"
    );
    assert!(tally.half_built.get() > 0, "never killed while it built");
}

// If wrong: as above.
fn one_that_opens_or_creates_killed_at_any_system_call_leaves_nothing_or_a_whole_segment() {
    let name = name("open-or-create");
    let tally = Tally::default();
    kill_at_every_step(
        || {
            let options = Shared::<Words>::creating().mode(0o640);
            let state = options.open_or_create_with(&name, |slots| {
                for slot in slots {
                    slot.set(me());
                }
            });
            core::mem::forget(state.expect("create"));
        },
        |id| check_creator(&name, id, None, &tally),
    );
    assert!(
        tally.nothing.get() > 0 && tally.new.get() > 0,
        "not killed at every step"
    );
    assert!(tally.half_built.get() > 0, "never killed while it built");
}

// If wrong: as above, or that nobody can create it any more.
fn one_that_replaces_killed_at_any_system_call_leaves_the_old_the_new_or_nothing() {
    let name = name("replace");
    let old = 7;
    let make_stale = || {
        let stale = in_child(|| {
            core::mem::forget(Shared::create(&name, [old; 8]).expect("create"));
        });
        assert_success(stale);
    };
    make_stale();
    let tally = Tally::default();
    kill_at_every_step(
        || {
            let options = Shared::<Words>::creating().fresh();
            core::mem::forget(options.create(&name, [me(); 8]).expect("it is stale"));
        },
        |id| {
            check_creator(&name, id, Some(old), &tally);
            make_stale();
        },
    );
    let tallied = [&tally.nothing, &tally.old, &tally.new, &tally.half_built];
    assert!(
        tallied.iter().all(|t| t.get() > 0),
        "not killed at every step"
    );
    remove(&name).expect("the last stale one");
}

// If wrong: "the segment is gone".
fn an_opener_killed_at_any_system_call_leaves_the_segment() {
    let name = name("open");
    let ours = Shared::create(&name, [7; 8]).expect("create");
    let before = forge::bytes(&name);
    kill_at_every_step(
        || {
            let theirs = Shared::<Words>::open(&name).expect("open");
            whole(theirs.snapshot(), 7);
            drop(theirs);
        },
        |_| {
            assert_eq!(
                forge::bytes(&name),
                before,
                "the segment is gone, or another"
            );
            whole(ours.snapshot(), 7);
        },
    );
}

// If wrong: an error when it is opened or created anew: a lease or a lock outlives its process.
fn a_remover_killed_at_any_system_call_removes_it_or_not() {
    let name = name("remove");
    let create = || {
        let options = Shared::<Words>::creating().lifetime(shmstate::Lifetime::Kept);
        drop(options.create(&name, [7; 8]).expect("create"));
    };
    create();
    kill_at_every_step(
        || remove(&name).expect("it is there"),
        |_| match Shared::<Words>::open(&name) {
            Ok(state) => whole(state.snapshot(), 7),
            Err(OpenError::NotFound { .. }) => create(),
            Err(error) => panic!("{error}"),
        },
    );
    remove(&name).expect("nothing holds it");
}

const UNLINK: &[i64] = &[
    #[cfg(target_arch = "x86_64")]
    libc::SYS_unlink,
    libc::SYS_unlinkat,
];

/// One process is about to remove the name, and stopped: it has looked, and not yet acted. Whatever others
/// do meanwhile, it must not hit what they then have under the name.
fn go_on_after_others(name: &str, stopped: Traced, meanwhile: impl FnOnce()) {
    meanwhile();
    let next = Shared::create(name, [2; 8]);
    assert_success(stopped.finish());
    match next {
        Ok(next) => {
            let found = Shared::<Words>::open(name).expect("the next creator's segment is gone");
            assert_eq!(Shared::id(&found), Shared::id(&next));
        }
        // Nobody else could remove it before the stopped process did.
        Err(CreateError::AlreadyExists { .. }) => assert_eq!(forge::inode(name), None),
        Err(error) => panic!("{error}"),
    }
}

// If wrong: "the next creator's segment is gone": somebody removed the name without the lock.
fn a_remover_stopped_before_its_last_step_does_not_remove_the_next_segment() {
    let name = name("stopped-remover");
    let ours = Shared::create(&name, [1; 8]).expect("create");
    let stopped = trace(|| remove(&name).expect("it is there"));
    stopped.run_until(UNLINK);
    go_on_after_others(&name, stopped, || drop(ours));
}

// If wrong: as above.
fn a_creator_stopped_in_its_drop_does_not_remove_the_next_segment() {
    let name = name("stopped-creator");
    let stopped = trace(|| drop(Shared::create(&name, [1; 8]).expect("create")));
    stopped.run_until(&[libc::SYS_flock]);
    stopped.run_until(UNLINK);
    go_on_after_others(&name, stopped, || {
        let removed = remove(&name);
        println!("meanwhile: {removed:?}");
    });
}
