//! A holder is killed, and somebody else wants to go on.

#![allow(unsafe_code)]

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use super::record::{Record, SMALL, Words};
use crate::harness::clock::now;
use crate::harness::memory::shared_zeros;
use crate::harness::pin::pin;
use crate::harness::process::Child;
use crate::harness::{Cell, Plan};
use crate::table::Table;

/// A lock around a value of 64 bytes.
pub(crate) trait Holder {
    /// Changes the first half of the value, and then does `inside`, all under the lock.
    fn hold(&mut self, inside: &mut dyn FnMut());
    /// Changes the value.
    fn change(&mut self);
    /// Whether all of it is of the same change.
    fn whole(&mut self) -> bool;
}

impl<R: Record<SMALL>> Holder for R {
    fn hold(&mut self, inside: &mut dyn FnMut()) {
        self.change(|value| {
            for word in &mut value.words[..SMALL / 2] {
                *std::hint::black_box(word) += 1;
            }
            inside();
        });
    }

    fn change(&mut self) {
        Record::change(self, Words::increment);
    }

    fn whole(&mut self) -> bool {
        let mut value = Words::ZERO;
        self.read(&mut value);
        value.whole()
    }
}

/// Makes a fresh lock, which the processes that are forked then share; then each process joins.
pub(crate) type Make = Box<dyn Fn() -> Box<dyn Fn() -> Box<dyn Holder>>>;

/// A row, with the lock, or why there is none.
pub(crate) type Entry = (&'static str, Result<Make, String>);

/// A row: `make` makes a fresh lock, which each process that is forked then has.
pub(crate) fn entry<R: Record<SMALL> + Clone + 'static>(
    name: &'static str,
    make: impl Fn() -> R + 'static,
) -> Entry {
    let make: Make = Box::new(move || {
        let record = make();
        Box::new(move || Box::new(record.clone()) as Box<dyn Holder>)
    });
    (name, Ok(make))
}

/// How long to wait for a change that may never happen.
const PATIENCE: Duration = Duration::from_millis(500);

pub(crate) const TITLE: &str = "Recovery";
pub(crate) const AFTER: &str = "asked after the kill";
pub(crate) const BEFORE: &str = "asleep before the kill";

pub(crate) fn table(entries: &[Entry], plan: Plan) -> Table {
    let mut table = Table::new(
        TITLE,
        "A process is killed (`SIGKILL`) while it holds the lock and has changed half of the value. The time is from \
         the kill to the return of another process's change: of one that asks for the lock right after the kill, and \
         of one that has waited for 20 ms when it comes. That includes the time in which the kernel ends the process. \
         *Never*: the change had not returned half a second after the kill. *Wrong*: the lock was handed on, with the \
         half-changed value.",
    );
    for (name, waits) in [(AFTER, false), (BEFORE, true)] {
        let cells = entries
            .iter()
            .map(|(row, make)| (*row, measure(make, waits, plan.kills)));
        table.add(name.to_owned(), "µs", cells);
    }
    table
}

fn measure(make: &Result<Make, String>, waits: bool, kills: usize) -> Cell {
    let make = match make {
        Ok(make) => make,
        Err(why) => return Cell::Without(why.clone()),
    };
    let mut rounds = Vec::with_capacity(kills);
    let mut torn = 0;
    for _ in 0..kills {
        match kill_one(&make(), waits) {
            Some((time, whole)) => {
                rounds.push(time);
                torn += usize::from(!whole);
            }
            None => return Cell::Without("never".to_owned()),
        }
    }
    let wrong = (torn > 0).then(|| format!("half-changed after {torn} of {kills} kills"));
    Cell::Figures { rounds, wrong }
}

/// The microseconds to the next change, and whether the value was whole then; nothing if it never came.
#[allow(clippy::cast_precision_loss)] // less than a second, in nanoseconds
fn kill_one(join: &dyn Fn() -> Box<dyn Holder>, waits: bool) -> Option<(f64, bool)> {
    // SAFETY: it is an atomic.
    let killed: &AtomicU64 = unsafe { shared_zeros() };
    let (mut to_us, from_holder) = UnixStream::pair().expect("a socket");
    let holder = Child::run(|| {
        pin(1);
        let mut holder = join();
        holder.hold(&mut || {
            (&from_holder).write_all(&[1]).expect("the parent hears");
            loop {
                // SAFETY: waits for a signal.
                unsafe { libc::pause() };
            }
        });
    });
    drop(from_holder);
    to_us.read_exact(&mut [0]).expect("it holds the lock");

    let (mut answer, from_next) = UnixStream::pair().expect("a socket");
    let kill = || {
        killed.store(now(), SeqCst);
        holder.kill();
    };
    let next = Child::run(|| {
        pin(0);
        let mut next = join();
        if waits {
            (&from_next).write_all(&[1]).expect("the parent hears");
        } else {
            kill();
        }
        next.change();
        let time = now() - killed.load(SeqCst);
        let whole = next.whole();
        let mut words = [0; 9];
        words[..8].copy_from_slice(&time.to_le_bytes());
        words[8] = u8::from(whole);
        (&from_next).write_all(&words).expect("the parent hears");
    });
    drop(from_next);
    if waits {
        answer.read_exact(&mut [0]).expect("it is about to wait");
        std::thread::sleep(Duration::from_millis(20));
        kill();
    }
    answer.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    let mut words = [0; 9];
    let answered = answer.read_exact(&mut words).is_ok();
    drop(next);
    let time = u64::from_le_bytes(words[..8].try_into().expect("8 bytes"));
    answered.then(|| (time as f64 / 1000.0, words[8] == 1))
}
