//! How a handle comes from one process to the next.

use std::fs;
use std::thread::yield_now;

use shmstate::{OpenError, Shared};

use super::start::{Crew, Member, Way};
use super::support::{descriptors, mappings, name, watchdog};
use super::world::State;

pub(crate) fn tells_its_token(me: &Member<'_>) {
    me.state.told.set(me.state.token()).expect("it fits");
    me.say(1);
    me.wait_for(1); // its descriptor must be there
    assert_eq!(me.state.numbers[0].get(), 7);
}

/// PY pickling. If it were a copy, this would print "another instance", or a number that was never written.
pub(crate) fn a_childs_token_opens_the_same_instance(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    let state = crew.state("token");
    let child = crew.start(&state, "tells_its_token", 0);
    child.reached(1);
    let token = state.told.get();
    let opened = State::from_token(&token).expect("opened");
    assert_eq!(Shared::id(&opened), Shared::id(&state), "another instance");
    // It works both ways.
    opened.numbers[0].set(7);
    child.order(1);
    child.wait();
    assert_eq!(state.numbers[0].get(), 7);
    // All that differs are the process and its descriptor, of up to seven and ten digits.
    assert!(token.len().abs_diff(state.token().len()) <= 17, "{token}");
    if Shared::name(&state).is_some() {
        assert_eq!(token, state.token());
    } else if way != Way::Fork {
        // As there is no name, it went with the process.
        let gone = State::from_token(&token).expect_err("the child is done");
        assert!(matches!(gone, OpenError::Gone { .. }), "{gone}");
    }
}

/// Tries the token that it was told, twice: it is that of nothing, and then of what was there before.
pub(crate) fn is_refused(me: &Member<'_>) {
    let token = me.state.told.get();
    let attempt = || State::from_token(&token).expect_err("it is gone");
    let error = attempt();
    let named = token.starts_with("shmstate:name:");
    let gone = if named {
        matches!(error, OpenError::NotFound { .. })
    } else {
        matches!(error, OpenError::Gone { .. })
    };
    assert!(gone, "{error}");
    me.say(1);
    me.wait_for(1);
    let error = attempt();
    // The number of a descriptor may mean something else, or nothing.
    let stale = matches!(error, OpenError::WrongInstance { .. });
    let gone = matches!(error, OpenError::Gone { .. });
    assert!(stale || gone && !named, "{error}");
}

/// If wrong: "opened" what is gone, or what has its name, or the number of its descriptor, by now.
pub(crate) fn a_segment_that_is_gone_is_refused(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    let state = crew.state("meeting");
    // Where the pool has a descriptor free, it puts one of its own.
    let reused = || match way {
        Way::Name | Way::Pool => Shared::create_zeroed(&name("reused")).expect("create"),
        Way::Fork | Way::Descriptor => State::zeroed().expect("create"),
    };
    let first = reused();
    state.told.set(first.token()).expect("it fits");
    if way == Way::Pool {
        // The worker has no time for the message before the segment is gone.
        let busy = crew.start(&state, "tells_its_token", 0);
        busy.reached(1);
        let late = crew.pool().spawn(first.clone(), |_state: State| ());
        drop(first);
        state.numbers[0].set(7);
        busy.order(1);
        busy.wait();
        // The worker panics, and is replaced.
        late.join().expect_err("the segment is gone");
        let first = reused();
        state.told.set(first.token()).expect("it fits");
        drop(first);
    } else {
        drop(first);
    }
    let child = crew.start(&state, "is_refused", 1);
    child.reached(1);
    let _second = reused();
    child.order(1);
    child.wait();
}

/// Adds 1, has a child of its own add 10, and sees that.
pub(crate) fn passes_it_on(me: &Member<'_>) {
    let count = &me.state.numbers[0];
    count.fetch_add(1);
    me.state.pair.modify(super::world::add);
    let child = Crew::ready(me.way, 1).start_and_wait(me.state, "adds", me.seat + 1);
    assert_ne!(child, std::process::id());
    assert_eq!(count.get(), 11, "the child sees the grandchild's write");
}

/// PY nested start. If one of them had a copy, this would print a lower sum.
pub(crate) fn a_child_passes_its_handle_on_to_a_grandchild(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    let state = crew.state("nested");
    crew.start(&state, "passes_it_on", 0).wait();
    assert_eq!(state.numbers[0].get(), 11);
    super::world::check(&state.pair, 2, 0);
}

/// Has a child of each kind add 10.
pub(crate) fn passes_it_on_in_every_way(me: &Member<'_>) {
    for (seat, way) in (1..).zip(Way::ALL) {
        if way == Way::Name && Shared::name(me.state).is_none() {
            continue;
        }
        Crew::ready(way, 1).start_and_wait(me.state, "adds", seat);
        me.state.numbers[1].fetch_add(1);
    }
}

/// PY mixed start methods: a child of one kind, and its children of all kinds. If a handle did not survive
/// the change, this would print a lower sum, or that the child has failed.
pub(crate) fn a_handle_is_used_in_a_child_and_in_its_children_of_every_kind(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    for state in crew.states_with_and_without_a_name("mixed") {
        crew.start(&state, "passes_it_on_in_every_way", 0).wait();
        let ways = state.numbers[1].get();
        let has_name = Shared::name(&state).is_some();
        assert_eq!(ways, if has_name { 4 } else { 3 });
        assert_eq!(state.numbers[0].get(), 10 * ways);
    }
}

/// The segments that this process has open or mapped.
fn holdings() -> (Vec<String>, Vec<String>) {
    (
        super::support::our_descriptors().into_values().collect(),
        mappings(),
    )
}

const DEPTH: usize = 5;

/// Makes segments of its own, has a child of the same kind do so, and holds afterwards what it held before.
pub(crate) fn goes_down(me: &Member<'_>) {
    let before = holdings();
    let others = descriptors().len();
    me.state.numbers[0].fetch_add(1);
    {
        let crew = Crew::ready(me.way, 1);
        let own = State::zeroed().expect("create");
        let view = me.state.read_only();
        if me.seat + 1 < DEPTH {
            crew.start_and_wait(me.state, "goes_down", me.seat + 1);
        }
        own.numbers[0].set(view.numbers[0].get());
        assert_eq!(view.numbers[0].get(), i64::try_from(DEPTH).expect("few"));
    }
    // If something leaked, this would print it.
    assert_eq!(holdings(), before, "at depth {}", me.seat);
    if me.way != Way::Pool {
        assert_eq!(descriptors().len(), others, "at depth {}", me.seat);
    }
}

/// PY fork-aware: nested forks (five deep), and so for the other kinds of children.
pub(crate) fn children_nested_five_deep_leak_nothing(way: Way) {
    watchdog(100);
    let before = holdings();
    {
        let crew = Crew::ready(way, 1);
        let state = crew.state("down");
        crew.start(&state, "goes_down", 0).wait();
        assert_eq!(state.numbers[0].get(), i64::try_from(DEPTH).expect("few"));
    }
    assert_eq!(holdings(), before);
}

/// PY: counts are flat over 1,000 create and drop cycles: 250 with a child of each kind. If something stayed each
/// time, this would print counts that are hundreds apart.
pub(crate) fn a_thousand_segments_leave_nothing_open(way: Way) {
    watchdog(200);
    let crew = Crew::ready(way, 1);
    let cycle = || {
        let state = crew.state("cycle");
        // In a worker of the pool it is the same process each time.
        crew.start(&state, "counts", 0).wait();
        assert_eq!(state.numbers[0].get(), 1);
    };
    (0..10).for_each(|_| cycle());
    let before = (holdings(), descriptors().len(), private_memory());
    (0..250).for_each(|_| cycle());
    if way == Way::Pool {
        // What the pool itself holds for a call goes in threads of its own, at some time.
        while descriptors().len() > before.1 {
            yield_now();
        }
        assert_eq!(holdings(), before.0);
    } else {
        assert_eq!((holdings(), descriptors().len(), private_memory()), before);
    }
}

/// In KiB.
fn private_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("/proc is mounted");
    let data = status.lines().find_map(|line| line.strip_prefix("VmData:"));
    let data = data.expect("a line of it").trim().trim_end_matches(" kB");
    data.parse().expect("a number")
}
