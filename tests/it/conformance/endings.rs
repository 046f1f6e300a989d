//! How a child ends, which must not be the segment's end.

use shmstate::{Atomic, Shared};

use super::start::{Crew, Member, Way, die};
use super::support::{Fork, assert_success, fork, watchdog};
use super::world::{State, check};

const RETURNS: u64 = 1;
const PANICS: u64 = 2;
const EXITS: u64 = 3;
const IS_KILLED: u64 = 4;

/// Makes its mark, and ends in the way that was ordered.
pub(crate) fn ends(me: &Member<'_>) {
    me.state.numbers[0].fetch_add(1);
    me.state.pair.modify(super::world::add);
    me.wait_for(1);
    match me.order() {
        RETURNS => (),
        PANICS => panic!("as it should"),
        EXITS => std::process::exit(0),
        _ => die(),
    }
}

/// US, and PY (Python issue 82300): whether a child returns, panics, exits or is killed, the segment stays. If it took
/// the segment along, this would print that there is none.
pub(crate) fn a_child_that_ends_in_any_way_leaves_the_segment(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    for state in crew.states_with_and_without_a_name("stays") {
        for ending in [RETURNS, PANICS, EXITS, IS_KILLED] {
            let child = crew.start(&state, "ends", 0);
            child.order(ending);
            let ended = child.end();
            // To a pool, a worker that exits has not done its work.
            let well = ending == RETURNS || ending == EXITS && way != Way::Pool;
            assert_eq!(ended.is_ok(), well, "{ending}: {ended:?}");
            state.desk.failed.set(false);
            check_that_it_is_there(&state, ending);
        }
        // A forked child has ended in a role, with the handle. An ordinary one comes back from what its parent does, too,
        // and drops it.
        if way == Way::Fork {
            match fork() {
                Fork::Parent(child) => assert_success(child.wait()),
                Fork::Child => {
                    drop(state);
                    std::process::exit(0);
                }
            }
        }
        // For another child it is there.
        let child = crew.start(&state, "ends", 1);
        child.order(RETURNS);
        child.wait();
        check_that_it_is_there(&state, IS_KILLED + 1);
    }
}

/// So many children have made their mark.
fn check_that_it_is_there(state: &State, children: u64) {
    let opened = State::from_token(&state.token()).expect("it is there");
    assert_eq!(u64::try_from(opened.numbers[0].get()), Ok(children));
    check(&opened.pair, children, 0);
}

/// Writes its seat everywhere, when it may.
pub(crate) fn fills(me: &Member<'_>) {
    assert!(
        me.state.numbers.iter().all(|number| number.get() == 0),
        "it is new"
    );
    me.say(1);
    me.wait_for(1);
    let seat = i64::try_from(me.seat).expect("few");
    me.state.numbers.iter().for_each(|number| number.set(seat));
    me.state.text.set(me.seat.to_string()).expect("it fits");
}

/// US (Python issue 110660): two states made one after the other are two, also for children that have both in turn.
/// If they shared memory, this would print the number of the later in place of the earlier.
pub(crate) fn two_states_never_alias(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 2);
    for round in 0..5 {
        drop(crew.state("before")); // so that numbers and addresses come again
        let states = ["first", "second"].map(|name| crew.state(name));
        assert_ne!(Shared::id(&states[0]), Shared::id(&states[1]));
        let children = [1, 2].map(|seat| crew.start(&states[seat - 1], "fills", seat));
        for (child, _) in children.iter().zip(&states) {
            child.reached(1);
        }
        for (child, seat) in children.into_iter().zip(1..) {
            child.order(1);
            child.wait();
            let numbers: [i64; 2] = states
                .each_ref()
                .map(|state| state.numbers.iter().map(Atomic::get).sum());
            assert_eq!(
                numbers,
                [64, if seat == 2 { 128 } else { 0 }],
                "round {round}"
            );
        }
        assert_eq!(states.map(|state| state.text.get()), ["1", "2"]);
    }
}
