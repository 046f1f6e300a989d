//! This library's text, of 64 bytes.

use std::hint::black_box;
use std::time::Duration;

use shmstate::{Shared, SharedState};

use crate::harness::clock::time;
use crate::harness::job::{Entry, Job, Op};
use crate::harness::processes;
use crate::rows::TEXT;

const LEN: usize = 64;

#[derive(SharedState)]
struct Label {
    #[shared(capacity = LEN)]
    text: String,
}

struct TextJob {
    shared: Shared<Label>,
    buffer: String,
    faults: u64,
}

pub(super) fn entry() -> Entry {
    let text = "A".repeat(LEN);
    let shared = Shared::new(Label { text }).expect("created");
    let join = move |_| TextJob {
        shared: shared.clone(),
        buffer: "A".repeat(LEN),
        faults: 0,
    };
    Entry::new(TEXT, processes(join))
}

/// The same text with the next letter, 64 times: the first, after the last.
fn next(text: &mut String) {
    let letter = match text.as_bytes()[0] {
        b'Z' => b'A',
        letter => letter + 1,
    };
    text.clear();
    text.extend(std::iter::repeat_n(char::from(letter), LEN));
}

impl Job for TextJob {
    fn run(&mut self, op: Op, turns: u64) -> Duration {
        let TextJob {
            shared,
            buffer,
            faults,
        } = self;
        match op {
            Op::Read => time(turns, || shared.text.read_into(black_box(buffer))),
            Op::Write => {
                let letters = ["A", "B"].map(|letter| letter.repeat(LEN));
                let mut letters = letters.iter().cycle();
                time(turns, || {
                    let text = black_box(letters.next().expect("a cycle"));
                    shared.text.set(text).expect("it fits");
                })
            }
            Op::Change => time(turns, || shared.text.modify(next).expect("it fits")),
            Op::Check => time(turns, || {
                shared.text.read_into(buffer);
                let bytes = buffer.as_bytes();
                *faults += u64::from(bytes.iter().any(|byte| *byte != bytes[0]));
            }),
            op => unreachable!("{op:?} of a text"),
        }
    }

    fn faults(&mut self) -> u64 {
        std::mem::take(&mut self.faults)
    }

    fn total(&mut self) -> u64 {
        self.shared.text.version()
    }
}
