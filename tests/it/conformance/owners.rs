//! Who holds a lock, and whether it lives: the dead are told from the living, and whoever cannot be told is alive.

#![allow(unsafe_code)] // `fcntl`

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::sys::signal::Signal;

use super::deaths::done;
use super::locks::{LONG, held_by};
use super::os;
use super::slot::word_of;
use super::start::{Crew, Member, Way, send};
use super::support::{descriptors, watchdog};
use super::world::{State, add, check, file_of, until};

/// US. (A pool reaps its workers by itself, at any time: then the holder is gone.) If wrong: that the dead one holds it.
pub(crate) fn a_zombie_is_dead(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    let state = crew.state("zombie");
    let child = crew.start(&state, "holds", 0);
    child.reached(1);
    let id = child.id();
    let zombie = child.make_zombie();
    // Without any wait: this is the first look.
    state.pair.try_modify(add).expect("the holder is dead");
    check(&state.pair, 1, 1);
    if way != Way::Pool {
        assert_eq!(super::slot::state_of(id), "Z", "it was reaped before");
    }
    zombie.end().expect_err("it was killed");
}

/// US: the lock word of a process that has the id of the child, and was started at another time. If wrong: that the
/// child holds it.
pub(crate) fn an_id_that_was_used_again_is_dead(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    let state = crew.state("reused");
    let file = file_of(&state);
    let child = crew.start(&state, "serves_under_the_lock", 0);
    child.order(1);
    child.reached(done(1));
    let now = word_of(child.id());
    for (done, bit) in (1..).zip([1, 9, 31]) {
        file.forge_lock(now ^ 1 << bit);
        state.pair.try_modify(add).expect("the holder is dead");
        check(&state.pair, done + 1, done);
    }
    // In the child's own word there is no mistake.
    file.forge_lock(now);
    held_by(&state.pair, &[0, 20], child.id());
    child.order(2);
    child.reached(done(2));
    check(&state.pair, 5, 4);
    child.order(u64::MAX);
    child.wait();
}

/// Has another thread hold the lock, when its first one has ended. The process ends with that.
pub(crate) fn ends_its_first_thread(me: &Member<'_>) {
    os::go_on_in_another_thread(&|| super::locks::holds(me));
}

/// US: a group leader that has exited while its threads run. If it were dead: "robbed a living holder".
pub(crate) fn a_thread_is_alive_though_its_leader_has_ended(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    let state = crew.state("leader");
    let child = crew.start(&state, "ends_its_first_thread", 0);
    child.reached(1);
    assert_eq!(super::slot::state_of(child.id()), "Z");
    assert_ne!(file_of(&state).holder(), child.id());
    held_by(&state.pair, &[0, 20, LONG], child.id());
    child.order(1);
    // To a pool, the worker has gone away.
    assert_eq!(child.end().is_ok(), way != Way::Pool);
    check(&state.pair, 1, 0);
}

/// The role of a program that has nothing to do with it.
pub(crate) fn bystander() {
    loop {
        std::thread::park();
    }
}

/// Becomes another program within its update.
pub(crate) fn becomes_another(me: &Member<'_>) {
    me.state.pair.modify(|pair| {
        add(pair);
        me.say(1);
        // As long as these are open, the pool does not know that its worker is another one, and does not end it.
        for (number, target) in descriptors() {
            if target.starts_with("socket:") {
                // SAFETY: the call takes numbers.
                unsafe { libc::fcntl(number, libc::F_SETFD, 0) };
            }
        }
        let mut command = Command::new("/proc/self/exe");
        command.env("SHMSTATE_TEST_ROLE", "member_bystander");
        panic!("exec: {}", command.exec());
    });
}

fn maps(id: u32) -> String {
    fs::read_to_string(format!("/proc/{id}/maps")).expect("it lives")
}

/// US: a holder that exec'd is no holder any more. If it were, the watchdog would end this.
pub(crate) fn a_holder_that_became_another_program_is_no_holder(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 1);
    let state = crew.state("another");
    let child = crew.start(&state, "becomes_another", 0);
    child.reached(1);
    let id = child.id();
    until(&state, || {
        !maps(id).contains("/memfd:shmstate") && !maps(id).contains("/dev/shm/")
    });
    state.pair.modify(add);
    check(&state.pair, 1, 1);
    send(id, Signal::SIGKILL);
    child.end().expect_err("it was killed");
}

const NOBODY: u32 = 65_534;

/// Becomes another user, for whom `/proc` hides the processes of all others, and does not get the lock.
pub(crate) fn is_half_blind(me: &Member<'_>) {
    os::private_mounts().expect("mounts of its own");
    let data = "hidepid=2";
    os::mount("proc", "/proc", "proc", 0, data).expect("a /proc that hides");
    os::become_user(NOBODY);
    refused_until_it_is_dead(me);
}

/// Has no descriptor to look into `/proc` with, and does not get the lock.
pub(crate) fn has_no_descriptor_free(me: &Member<'_>) {
    // Who has never locked cannot, without `/proc`.
    me.state.text.set("itself").expect("it fits");
    os::limit(libc::RLIMIT_NOFILE, 0);
    fs::File::open("/dev/null").expect_err("no descriptor is free");
    refused_until_it_is_dead(me);
}

/// The other seat's process holds the lock, until that is dead.
fn refused_until_it_is_dead(me: &Member<'_>) {
    let holder = me.state.desk.ids[0].get();
    held_by(&me.state.pair, &[0, 20, LONG], holder);
    me.say(1);
    me.wait_for(1);
    // That it is gone can be told all the same.
    me.state.pair.try_modify(add).expect("the holder is dead");
    me.say(2);
    me.wait_for(2); // and is killed here: its pool could not go on with it
}

fn not_robbed_by(role: &str, crew: &Crew, state: &State) {
    let holder = crew.start(state, "holds", 0);
    holder.reached(1);
    let other = crew.start(state, role, 1);
    other.reached(1);
    holder.kill();
    other.order(1);
    other.reached(2);
    check(&state.pair, 1, 1);
    other.kill();
}

/// US: `/proc` with hidepid. The child has the segment from before it became somebody else. If what may not be read were
/// taken for what is not there: "robbed a living holder".
pub(crate) fn the_living_are_not_robbed_by_a_child_that_cannot_see_them(way: Way) {
    watchdog(100);
    if !os::is_root() {
        super::support::skip("only root can hide processes");
    }
    let crew = Crew::ready(way, 2);
    let state = crew.state("blind");
    not_robbed_by("is_half_blind", &crew, &state);
}

/// US: no free descriptor. If wrong: as above.
pub(crate) fn the_living_are_not_robbed_by_a_child_without_a_free_descriptor(way: Way) {
    watchdog(100);
    let crew = Crew::ready(way, 2);
    let state = crew.state("full");
    not_robbed_by("has_no_descriptor_free", &crew, &state);
}
