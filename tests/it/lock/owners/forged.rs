//! Lock words that nobody has put there who holds the lock.
//!
//! If any of this were wrong, it would print that a dead holder holds it, "robbed a living holder", or the
//! watchdog's "somebody hangs".

use std::fs;
use std::process::Stdio;

use super::slot::{WAITERS, hold, serve, word_of};
use super::support::{spawn_self, watchdog};
use super::{LONG, SHORT, add, check, held_by, stage};

pub(crate) fn an_id_that_was_used_again_is_dead() {
    watchdog(100);
    let (pair, file) = stage();
    let other = serve(|_| pair.modify(add));
    let now = word_of(other.id());
    for (done, bit) in (0..).zip([1, 2, 9, 31]) {
        // A thread of the same id that was started at another time.
        file.forge_lock(now ^ 1 << bit);
        pair.try_modify(add).expect("the holder is dead");
        check(&pair, done + 1, done + 1);
    }
    other.kill();
}

pub(crate) fn malformed_lock_words_are_dead() {
    watchdog(100);
    let (pair, file) = stage();
    let beyond = (1_u64 << 22) + 1;
    let words = [
        2,
        3,
        0xffff_fffe,
        0xffff_ffff,
        beyond << 32,
        beyond << 32 | 1,
        1 << 63,
        1 << 62,
        3 << 62 | 1,
        u64::MAX,
        u64::MAX - 1,
    ];
    for (done, word) in (0..).zip(words) {
        file.forge_lock(word);
        assert!(pair.try_modify(add).is_ok(), "{word:#x} is nobody's");
        check(&pair, done + 1, done + 1);
        assert_eq!(file.lock(), 0);
    }
    // Free, and somebody may sleep: that is no holder, dead or alive.
    file.forge_lock(1);
    pair.try_modify(add).expect("it is free");
    check(&pair, words.len() as u64 + 1, words.len() as u64);
}

pub(crate) fn a_live_thread_that_has_the_segment_is_waited_for() {
    watchdog(100);
    let (pair, file) = stage();
    let other = serve(|_| pair.modify(add));
    file.forge_lock(word_of(other.id()));
    held_by(&pair, SHORT, other.id());
    held_by(&pair, LONG, other.id());
    check(&pair, 0, 0);
    // It is the one that can tell, and is not stopped by itself.
    other.order(0);
    other.done();
    check(&pair, 1, 1);
    other.kill();
}

pub(crate) fn a_holder_whose_word_was_overwritten_leaves_the_other_one_there() {
    watchdog(100);
    let (pair, file) = stage();
    let other = serve(|_| pair.modify(add));
    let holder = hold(|inside| pair.modify(|_| inside()));
    let words = [word_of(other.id()), word_of(other.id()) | WAITERS];
    file.forge_lock(words[0]);
    holder.release();
    assert_eq!(file.lock(), words[0], "it has freed another's lock");
    held_by(&pair, SHORT, other.id()); // and says that it sleeps
    assert_eq!(file.lock(), words[1]);
    other.kill();
    pair.modify(add);
    assert_eq!(pair.recoveries(), 1);
}

pub(crate) fn a_live_thread_of_another_program_is_no_holder() {
    watchdog(100);
    let (pair, file) = stage();
    let mut bystander = spawn_self("bystander", |command| {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
    });
    super::exec::until_it_is_there(bystander.stdout.take().expect("piped"));
    file.forge_lock(word_of(bystander.id()));
    pair.modify(add); // waits for a second
    check(&pair, 1, 1);
    bystander.kill().expect("it lives");
    bystander.wait().expect("it is a child");
}

pub(crate) fn a_thread_of_the_kernel_is_no_holder() {
    watchdog(100);
    let (pair, file) = stage();
    let name = fs::read_to_string("/proc/2/comm").unwrap_or_default();
    if name != "kthreadd\n" {
        super::support::skip("no thread of the kernel is to be seen here");
    }
    file.forge_lock(word_of(2));
    pair.modify(add); // waits for a second
    check(&pair, 1, 1);
}
