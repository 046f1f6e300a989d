//! A process pool whose workers were started before the state existed, and still change it by its methods.
//!
//! Run `cargo run --release --example pool` (in a crate of your own it needs the feature `serde`). It sends
//! each line of a poem to one of three workers, first with a plain value, then with a shared state. It
//! prints, and asserts:
//!
//! ```text
//! workers are there, and no state yet
//! plain value:  0 lines, 0 words
//! shared state: 4 lines, 36 words
//! ```
//!
//! The handle is one of the arguments, and is sent as its token. The worker opens the segment with that token, and
//! closes it when the call is done.

use std::error::Error;

use procspawn::{JoinHandle, Pool, SpawnError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shmstate::prelude::*;

const POEM: &str = "\
The worker wrote what it was told to write,
and what it wrote was gone the very same night.
The parent asks tomorrow for the sum:
one set of fields, so all of it has come.";

// `Serialize` and `Deserialize` make the plain value a message. The shared state does not need them.
#[derive(SharedState, Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
struct Tally {
    lines: u32,
    words: u64,
}

impl Tally {
    fn count(&mut self, line: &str) {
        self.lines += 1;
        self.words += line.split_whitespace().count() as u64;
    }
}

/// The same, with the fields that all processes share.
impl TallySlots {
    fn count(&self, line: &str) {
        self.lines.fetch_add(1);
        self.words.fetch_add(line.split_whitespace().count() as u64);
    }
}

/// Has the workers count each line, all at once, with what arrives of `tally` there.
fn count_all<T>(pool: &Pool, tally: &T, count: fn((T, String))) -> Result<(), SpawnError>
where
    T: Clone + Serialize + DeserializeOwned,
{
    let spawn = |line: &str| pool.spawn((tally.clone(), line.to_owned()), count);
    let jobs: Vec<_> = POEM.lines().map(spawn).collect();
    jobs.into_iter().try_for_each(JoinHandle::join)
}

fn main() -> Result<(), Box<dyn Error>> {
    procspawn::init(); // in a worker, this does not return
    let pool = Pool::new(3)?;
    println!("workers are there, and no state yet");

    let plain = Tally::default();
    count_all(&pool, &plain, |(mut copy, line)| copy.count(&line))?;
    println!("plain value:  {} lines, {} words", plain.lines, plain.words);
    assert_eq!(plain, Tally::default());

    let shared = Shared::new(Tally::default())?;
    count_all(&pool, &shared, |(shared, line)| shared.count(&line))?;
    let Tally { lines, words } = shared.snapshot();
    println!("shared state: {lines} lines, {words} words");
    assert_eq!((lines, words), (4, 36));
    Ok(())
}
