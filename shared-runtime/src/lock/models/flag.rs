//! A design that does not work: watchers leave a flag, which the committer clears, and sleep on the version of the slot.
//! It is why the event is a counter, and why watchers sleep on the very word that says that they were seen.

use std::rc::Rc;
use std::sync::atomic::Ordering::SeqCst;

use super::machine::me;
use super::platform::All;
use super::{Explored, Slot, explore, join, must_fail};
use crate::access::Write;
use crate::sync::Word;

impl Slot<All> {
    fn update_and_clear_the_flag(&self, me: u64) {
        self.lock(me);
        self.change(|value| value + 1);
        self.unlock(me);
        loom::sync::atomic::fence(SeqCst);
        if self.event.load(SeqCst) & 1 != 0 {
            self.event.store(0, SeqCst);
            self.version.wake(1);
        }
    }

    fn wait_by_flag(&self, least: u64) {
        loop {
            self.event.store(1, SeqCst);
            loom::sync::atomic::fence(SeqCst);
            let seen = self.version.load(SeqCst);
            if self.try_read::<Write>().is_some_and(|value| value >= least) {
                return;
            }
            self.version.sleep(|now| now == seen);
        }
    }
}

/// One actor commits several times, and another one waits for all of these commits.
fn watch(commits: u64, preemptions: Option<usize>) -> Explored {
    explore(preemptions, move |machine| {
        let slot = Slot::<All>::new();
        let watcher = {
            let slot: Rc<_> = slot.clone();
            machine.spawn(0, move || slot.wait_by_flag(commits))
        };
        let committer = machine.spawn(1, move || {
            for _ in 0..commits {
                slot.update_and_clear_the_flag(me(1));
            }
        });
        join([watcher, committer].into_iter());
    })
}

#[test]
fn a_flag_that_the_committer_clears_does_for_one_commit() {
    watch(1, None).at_least(1_500);
}

#[test]
fn a_flag_that_the_committer_clears_loses_the_second_commit() {
    must_fail("deadlock", || {
        watch(2, Some(3));
    });
}
