//! Waiters that do not take the lock when it is theirs.
//!
//! If any of this were wrong, it would print the watchdog's "somebody hangs": a wake-up went to one who
//! could not use it, and nobody else was woken.

#![allow(unsafe_code)]

use std::os::unix::process::ExitStatusExt;

use shmstate::Shared;

use super::os;
use super::slot::{hold, serve, until_state};
use super::support::{Process, amount, assert_success, start, watchdog};
use super::{Pair, add, stage};

fn rounds() -> u64 {
    amount(60, 300)
}

/// Takes the processor only if nobody else wants it.
fn stand_back() {
    // SAFETY: the call takes a number.
    unsafe { libc::nice(19) };
}

fn kill(process: u32) {
    // SAFETY: the call takes numbers; the process is not reaped yet, so the id is its own.
    unsafe { libc::kill(process.cast_signed(), libc::SIGKILL) };
}

/// Releases the lock, which wakes one of two waiters, and kills the first of them at once; both share one
/// processor with the one that does so, which goes before them.
fn kill_woken_waiters(pair: &Shared<Pair>) {
    os::stay_on_one_processor();
    let survivor = serve(|_| pair.modify(add));
    let mut not_in_time = 0;
    for _ in 0..rounds() {
        let (tell_victim, victim_told) = super::support::pipe();
        let holder = hold(|inside| {
            let mut victim = 0;
            pair.modify(|pair| {
                add(pair);
                inside();
                victim = u32::try_from(tell_victim.number()).expect("a process id");
            });
            kill(victim);
        });
        let victim = start(|| {
            stand_back();
            pair.modify(add);
        });
        survivor.order(0);
        until_state(victim.id(), "S");
        until_state(survivor.id(), "S");
        victim_told.send(&u64::from(victim.id()).to_le_bytes());
        holder.release();
        let status = victim.wait();
        not_in_time += u64::from(status.signal().is_none());
        survivor.done();
    }
    survivor.kill();
    println!(
        "{not_in_time} of {} were done before they were killed",
        rounds()
    );
    assert!(not_in_time < rounds(), "nobody was killed");
}

/// Every change of those who live is there, and at most one of each who was killed.
fn check(pair: &Shared<Pair>, surely: u64) {
    let (low, high) = pair.get();
    assert_eq!(low, high);
    assert!(
        (surely..=surely + rounds()).contains(&low),
        "{low}, not {surely} or more"
    );
}

pub(crate) fn a_woken_waiter_killed_before_it_runs_strands_nobody() {
    watchdog(300);
    let (pair, _) = stage();
    kill_woken_waiters(&pair);
    check(&pair, 2 * rounds());
}

/// The others come and go all the time, without sleeping.
pub(crate) fn a_woken_waiter_killed_before_it_runs_strands_nobody_among_others() {
    watchdog(300);
    let (pair, _) = stage();
    let done = Shared::new([0_u64; 2]).expect("create");
    let traffic: Vec<Process> = (0..2)
        .map(|who| {
            let (pair, done) = (&pair, &done);
            start(move || {
                loop {
                    if pair.try_modify(add).is_ok() {
                        done[who].fetch_add(1);
                    }
                    std::thread::yield_now();
                }
            })
        })
        .collect();
    kill_woken_waiters(&pair);
    for process in traffic {
        process.kill();
    }
    let others: u64 = done.iter().map(shmstate::Atomic::get).sum();
    assert!(others > 0, "there was no traffic");
    // Each of the two may have been killed between its change and the count.
    let (low, high) = pair.get();
    assert_eq!(low, high);
    assert!(low >= others + 2 * rounds(), "{low}, {others} by others");
    assert!(
        low <= others + 2 + 3 * rounds(),
        "{low}, {others} by others"
    );
}

/// It sleeps on the lock, and does not run when it is its turn.
pub(crate) fn a_waiter_that_is_stopped_holds_up_nobody() {
    watchdog(100);
    let (pair, file) = stage();
    let survivor = serve(|_| pair.modify(add));
    for round in 0..20 {
        let holder = hold(|inside| {
            pair.modify(|pair| {
                add(pair);
                inside();
            });
        });
        let stopped = start(|| pair.modify(add));
        file.until_lock_is_waited_for();
        stopped.signal(libc::SIGSTOP);
        until_state(stopped.id(), "T");
        survivor.order(0);
        holder.release();
        survivor.done();
        assert_eq!(pair.get().0, 3 * round + 2);
        stopped.signal(libc::SIGCONT);
        assert_success(stopped.wait());
        super::check(&pair, 3 * round + 3);
    }
    survivor.kill();
}
