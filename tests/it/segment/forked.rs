//! Forks in the middle of a creation, and of handles: only the process that began owns the name.

use shared_testkit::{self as support, Test, forge, os, tests};

use std::cell::{Cell, RefCell};

use shmstate::{CreateError, OpenError, Shared};
use support::{Fork, Process, assert_success, fork, in_child, name, pipe};

pub(crate) const TESTS: &[Test] = tests![
    of_a_fork_within_the_initialiser_only_the_parent_publishes,
    a_fork_within_the_initialiser_that_ends_first_leaves_the_parents_work,
    a_fork_within_the_initialiser_that_outlives_its_parent_publishes_nothing,
    a_fork_within_the_initialiser_of_open_or_create_only_opens,
    a_fork_within_the_initialiser_that_fails_removes_nothing,
    a_fork_can_create_and_remove_segments_of_its_own,
    a_fork_that_drops_every_inherited_handle_removes_nothing,
    a_fork_of_a_fork_removes_nothing,
    the_creator_removes_the_name_though_its_forks_live,
];

/// Forks, and keeps the child to be waited for outside of the initialiser.
fn fork_into(child: &RefCell<Option<Process>>, in_fork: &Cell<bool>) {
    match fork() {
        Fork::Parent(process) => *child.borrow_mut() = Some(process),
        Fork::Child => in_fork.set(true),
    }
}

fn end(done: impl FnOnce() + std::panic::UnwindSafe) -> ! {
    std::process::exit(if std::panic::catch_unwind(done).is_ok() {
        0
    } else {
        101
    })
}

/// The child's side: `result` must say that it was forked, and its drop do nothing.
fn end_as_forked(result: Result<Shared<u64>, CreateError>, name: &str) -> ! {
    let text = match result {
        Err(error @ CreateError::Forked { .. }) => error.to_string(),
        other => {
            println!("in the fork: {other:?}");
            std::process::exit(2);
        }
    };
    let expected = format!("segment `{name}` is created by the parent of this process");
    end(move || assert!(text.starts_with(&expected), "{text}"))
}

// If wrong: "in the fork: Ok(7)", or `AlreadyExists` in the parent.
fn of_a_fork_within_the_initialiser_only_the_parent_publishes() {
    let name = name("parent");
    let (child, in_fork) = (RefCell::new(None), Cell::new(false));
    let state = Shared::<u64>::create_with(&name, |slots| {
        slots.set(7);
        fork_into(&child, &in_fork);
        if let Some(child) = child.take() {
            // It has come to the point where it would publish, and gone, before its parent does.
            assert_success(child.wait());
            assert_eq!(forge::inode(&name), None, "published by the fork");
            assert_eq!(
                forge::half_built(std::process::id()).len(),
                1,
                "removed by the fork"
            );
        }
    });
    if in_fork.get() {
        end_as_forked(state, &name);
    }
    let state = state.expect("the parent publishes");
    assert_eq!(Shared::<u64>::open(&name).expect("open").get(), 7);
    drop(state);
    assert_eq!(forge::inode(&name), None);
}

// If wrong: "removed by the fork", or an error at publication.
fn a_fork_within_the_initialiser_that_ends_first_leaves_the_parents_work() {
    let name = name("first");
    for way in ["exit", "panic", "kill"] {
        let state = Shared::<u64>::create_with(&name, |slots| {
            slots.set(7);
            match fork() {
                Fork::Parent(child) => {
                    child.wait();
                    let half_built = forge::half_built(std::process::id());
                    assert_eq!(half_built.len(), 1, "removed by the fork: {way}");
                }
                Fork::Child => match way {
                    "exit" => std::process::exit(0),
                    "kill" => support::kill_self(libc::SIGKILL),
                    // Unwinds through the library, and out of the test.
                    _ => panic!("in a fork within the initialiser"),
                },
            }
        });
        assert_eq!(state.expect("the parent publishes").get(), 7, "{way}");
    }
}

// If wrong: the name means something, or something is left after the next creation.
fn a_fork_within_the_initialiser_that_outlives_its_parent_publishes_nothing() {
    let name = name("outlives");
    let (killed, tell_killed) = pipe();
    let (outcome, tell_outcome) = pipe();
    let (forked, tell_forked) = pipe();
    os::adopt_orphans();
    let parent = support::start(|| {
        let in_fork = Cell::new(false);
        let state = Shared::<u64>::create_with(&name, |slots| {
            slots.set(7);
            match fork() {
                Fork::Parent(child) => {
                    core::mem::forget(child);
                    loop {
                        std::thread::park();
                    }
                }
                Fork::Child => {
                    tell_forked.tell();
                    killed.wait();
                    in_fork.set(true);
                }
            }
        });
        let forked = matches!(state, Err(CreateError::Forked { .. }));
        tell_outcome.send(format!("{} {forked}\n", in_fork.get()).as_bytes());
    });
    forked.wait();
    let id = parent.id();
    parent.kill();
    assert_eq!(forge::half_built(id).len(), 1);
    tell_killed.tell();
    assert_eq!(outcome.line(), "true true");
    assert_success(os::wait_for_orphan());
    assert_eq!(forge::inode(&name), None);
    drop(Shared::create(&name, 1_u64).expect("the name is free"));
    let left = forge::half_built(id);
    assert!(left.is_empty(), "not swept: {left:?}");
}

fn a_fork_within_the_initialiser_of_open_or_create_only_opens() {
    let name = name("open-or-create");
    let (child, in_fork) = (RefCell::new(None), Cell::new(false));
    let state = Shared::<u64>::open_or_create(&name, || {
        fork_into(&child, &in_fork);
        if let Some(child) = child.take() {
            assert_success(child.wait());
        }
        7
    });
    if in_fork.get() {
        end_as_forked(state, &name);
    }
    let state = state.expect("the parent publishes");
    // Later forks find it.
    assert_success(in_child(|| {
        let found = Shared::<u64>::open_or_create(&name, || panic!("there is one"));
        assert_eq!(found.expect("open").get(), 7);
    }));
    assert_eq!(state.get(), 7);
}

fn a_fork_within_the_initialiser_that_fails_removes_nothing() {
    let name = name("fails");
    let in_fork = Cell::new(false);
    let state = Shared::<char>::create_with(&name, |slots| {
        slots.set('a');
        match fork() {
            Fork::Parent(child) => {
                assert_success(child.wait());
                assert_eq!(forge::half_built(std::process::id()).len(), 1);
                slots.set('b');
            }
            Fork::Child => {
                in_fork.set(true);
                // No `char`: the fork's creation fails before it comes to publish.
                slots
                    .raw()
                    .store(u32::MAX, std::sync::atomic::Ordering::Relaxed);
            }
        }
    });
    if in_fork.get() {
        let invalid = matches!(state, Err(CreateError::Invalid { .. }));
        drop(state);
        end(move || assert!(invalid));
    }
    assert_eq!(state.expect("the parent has healed it").get(), 'b');
}

fn a_fork_can_create_and_remove_segments_of_its_own() {
    let (ours, theirs) = (name("ours"), name("theirs"));
    let state = Shared::create(&ours, 1_u64).expect("create");
    assert_success(in_child(|| {
        let own = Shared::create(&theirs, 2_u64).expect("create");
        assert!(forge::inode(&theirs).is_some());
        drop(own);
        assert_eq!(forge::inode(&theirs), None, "its creator is the fork");
        drop(state.clone());
    }));
    assert!(forge::inode(&ours).is_some());
}

// If wrong: "removed by a fork".
fn a_fork_that_drops_every_inherited_handle_removes_nothing() {
    let name = name("inherited");
    let state = Shared::create(&name, 7_u64).expect("create");
    let view = state.read_only();
    match fork() {
        Fork::Child => {
            drop(state);
            drop(view);
            assert!(support::mappings().is_empty());
            std::process::exit(0);
        }
        Fork::Parent(child) => assert_success(child.wait()),
    }
    assert!(forge::inode(&name).is_some(), "removed by a fork");
    drop(state);
    assert!(
        forge::inode(&name).is_some(),
        "the view is the creator's, too"
    );
    drop(view);
    assert_eq!(forge::inode(&name), None);
}

// If wrong: "removed by a fork": a fork of a fork has the creator's generation again.
fn a_fork_of_a_fork_removes_nothing() {
    let name = name("nested");
    let state = Shared::create(&name, 7_u64).expect("create");
    match fork() {
        Fork::Child => {
            for _ in 0..4 {
                if let Fork::Parent(child) = fork() {
                    let ended = child.wait();
                    std::process::exit(ended.code().unwrap_or(1));
                }
                state.set(state.get() + 1);
                // Has each of them told apart from its parent, and so from the creator.
                drop(Shared::create(&format!("{name}-own"), 1_u64).expect("create"));
            }
            drop(state);
            std::process::exit(0);
        }
        Fork::Parent(child) => assert_success(child.wait()),
    }
    assert!(forge::inode(&name).is_some(), "removed by a fork");
    assert_eq!(state.get(), 11);
}

fn the_creator_removes_the_name_though_its_forks_live() {
    let name = name("live");
    let state = Shared::create(&name, 7_u64).expect("create");
    let (gone, tell_gone) = pipe();
    let child = support::start(|| {
        gone.wait();
        // The memory is there as long as somebody has it.
        assert_eq!(state.get(), 8);
        let opened = Shared::<u64>::open(&name).map(drop);
        assert!(
            matches!(opened, Err(OpenError::NotFound { .. })),
            "{opened:?}"
        );
    });
    state.set(8);
    drop(state);
    assert_eq!(forge::inode(&name), None);
    tell_gone.tell();
    assert_success(child.wait());
}
