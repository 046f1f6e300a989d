//! Opening what is about to be created.

use std::time::Duration;

use shmstate::{OpenError, Shared};

use super::start::{Crew, Member, Way, all_reached, order_all};
use super::support::{name, watchdog};

/// Larger than a page: half of it would be seen.
type Words = [u64; 4096];

const WHOLE: u64 = 0x0123_4567_89ab_cdef;

/// Opens a segment of the name that it was told, which may not be there yet: as often as was ordered, each time another.
pub(crate) fn opens_what_comes(me: &Member<'_>) {
    me.wait_for(1);
    let told = me.state.told.get();
    let patient = || Shared::<Words>::opening().wait(Duration::from_mins(1));
    for round in 1..=me.order() {
        me.say(round);
        let words = patient().open(&format!("{told}{round}")).expect("it comes");
        let half = words.iter().position(|word| word.get() != WHOLE);
        assert_eq!(half, None, "half a segment");
    }
    // What never comes is not waited for for ever.
    let limit = Duration::from_millis(20);
    let error = Shared::<Words>::opening()
        .wait(limit)
        .open(&told)
        .expect_err("nobody makes it");
    let timed_out = matches!(&error, OpenError::TimedOut { waited, .. } if *waited >= limit);
    assert!(timed_out, "{error}");
}

/// AG, the activation race: an opener never accepts a segment before it is ready, nor waits for ever for one that never
/// will be. The other way to a segment, the handle, exists only when that is ready; so here the children, of every kind,
/// open another one by name. If wrong: "half a segment", or "somebody hangs".
pub(crate) fn a_segment_is_opened_whole_or_not_at_all(way: Way) {
    const ROUNDS: u64 = 20;
    watchdog(100);
    let crew = Crew::ready(way, 2);
    let state = crew.state("meeting");
    let told = name("comes");
    state.told.set(told.clone()).expect("it fits");
    let children = [0, 1].map(|seat| crew.start(&state, "opens_what_comes", seat));
    order_all(&children, ROUNDS);
    let mut made = Vec::new();
    for round in 1..=ROUNDS {
        all_reached(&children, round);
        let words = Shared::<Words>::create_with(&format!("{told}{round}"), |words| {
            for word in words {
                word.set(WHOLE);
            }
        });
        made.push(words.expect("create"));
    }
    for child in children {
        child.wait();
    }
}
