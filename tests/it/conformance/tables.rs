//! Which processes have a descriptor of a segment, by the kernel's word.

use std::io::Write;
use std::process::Stdio;

use shmstate::Shared;

use super::start::{Crew, Member, Way};
use super::support::{descriptors, our_descriptors, pipe, spawn_self, start, watchdog};
use super::world::State;

/// Descriptors of segments, and others.
type Counts = (usize, usize);

fn counted() -> Counts {
    let ours = our_descriptors().len();
    (ours, descriptors().len() - ours)
}

/// Tells how many it has.
pub(crate) fn counts(me: &Member<'_>) {
    let (ours, others) = counted();
    me.state.numbers[0].fetch_add(1);
    me.state.numbers[1].set(ours.try_into().expect("few"));
    me.state.numbers[2].set(others.try_into().expect("few"));
    // Given once, it is there once.
    let expected = match me.way {
        Way::Name => 0,
        _ => usize::from(Shared::name(me.state).is_none()),
    };
    assert_eq!(ours, expected, "descriptors of segments");
}

/// Prints how many it has: the role of a program that was given nothing.
pub(crate) fn list() {
    let (ours, others) = counted();
    let line = format!("{ours} {others}\n");
    std::io::stdout()
        .write_all(line.as_bytes())
        .expect("printed");
}

/// What a child of that kind has that was not given a segment.
fn without(crew: &Crew, way: Way) -> Counts {
    match way {
        Way::Fork => unreachable!("a fork has what there is"),
        Way::Name | Way::Descriptor => {
            let child = spawn_self("member_list", |command| {
                command.stdout(Stdio::piped());
            });
            let output = child.wait_with_output().expect("it ends");
            let text = String::from_utf8(output.stdout).expect("text");
            let (ours, others) = text.trim().split_once(' ').expect("two numbers");
            (ours.parse().expect("one"), others.parse().expect("two"))
        }
        Way::Pool => crew.pool().spawn((), |()| counted()).join().expect("done"),
    }
}

/// PY close-fds: a child that was not given the segment has no descriptor of ours, one that was has exactly one. Of
/// a forked child, "not given" is that it was forked before the segment was made; and a child that opens by name has
/// none at all. If wrong, this would print other counts.
pub(crate) fn a_child_has_a_descriptor_if_it_was_given_the_segment(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    if way == Way::Fork {
        forked_before_and_after(&crew);
        return;
    }
    let before = without(&crew, way);
    assert_eq!(before.0, 0);
    let table = descriptors();
    let state = crew.state("table");
    let others: [State; 2] = [(); 2].map(|()| Shared::zeroed().expect("create"));
    if way == Way::Pool {
        // Its worker was there before. The next one is not.
        crew.start(&state, "holds", 0).kill();
    }
    assert_eq!(without(&crew, way), before, "there is something to leak");
    crew.start(&state, "counts", 0).wait();
    let [_, ours, rest] = [0, 1, 2].map(|i| state.numbers[i].get());
    assert_eq!(ours, i64::from(way != Way::Name));
    assert_eq!(
        rest,
        i64::try_from(before.1).expect("few"),
        "all else is the same"
    );
    assert_eq!(
        without(&crew, way),
        before,
        "nor after it was given to another"
    );
    drop((state, others));
    if way != Way::Pool {
        assert_eq!(descriptors(), table);
    }
    assert_eq!(counted().0, 0);
}

fn forked_before_and_after(crew: &Crew) {
    let (wait, go_on) = pipe();
    let early = start(move || {
        wait.wait();
        assert_eq!(counted().0, 0);
    });
    let table = descriptors();
    let state = crew.state("table");
    go_on.tell();
    super::support::assert_success(early.wait());
    crew.start(&state, "counts", 0).wait();
    assert_eq!(state.numbers[1].get(), 1);
    assert_eq!(
        state.numbers[2].get(),
        i64::try_from(table.len()).expect("few")
    );
    drop(state);
    assert_eq!(descriptors(), table);
}
