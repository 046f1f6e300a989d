//! Holders that others cannot see in `/proc`.

use shmstate::Shared;

use super::slot::hold;
use super::support::{Process, assert_success, name, pipe, start, watchdog};
use super::{LONG, Pair, SHORT, add, check, held_by, os};

const NOBODY: u32 = 65_534;

/// Forks a process of another user, for whom `/proc` hides the processes of all others.
fn start_half_blind(f: impl FnOnce()) -> Process {
    start(move || {
        os::private_mounts().expect("mounts of its own");
        let data = "hidepid=2";
        os::mount("proc", "/proc", "proc", 0, data).expect("a /proc that hides");
        os::become_user(NOBODY);
        f();
    })
}

// If wrong: "robbed a living holder": what may not be read was taken for what is not there.
pub(crate) fn the_living_are_not_robbed_by_those_who_cannot_see_them() {
    watchdog(100);
    if !os::is_root() {
        super::support::skip("only root can hide processes");
    }
    os::umask(0);
    let name = name("open-to-all");
    let pair = Shared::creating().mode(0o666).create(&name, (0, 0));
    let pair: Shared<Pair> = pair.expect("create");
    let holder = hold(|inside| {
        pair.modify(|pair| {
            add(pair);
            inside();
        });
    });
    let id = holder.id();
    let (waited, tell) = pipe();
    let (wait, go_on) = pipe();
    let other = start_half_blind(move || {
        assert!(!std::fs::exists(format!("/proc/{id}")).expect("/proc is mounted"));
        let options = Shared::<Pair>::opening().foreign_owner();
        let pair = options.open(&name).expect("open");
        held_by(&pair, SHORT, id);
        held_by(&pair, LONG, id);
        tell.tell();
        wait.wait();
        // That it is gone can be told all the same.
        pair.try_modify(add).expect("the holder is dead");
    });
    waited.wait();
    holder.kill();
    go_on.tell();
    assert_success(other.wait());
    check(&pair, 1, 1);
}
