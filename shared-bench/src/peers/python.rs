//! Python's `multiprocessing`, by a script that runs its own workers: `Value` in shared memory behind a lock, and
//! `Manager`, a server process with proxies. The script measures itself, in loops of Python.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::harness::job::{Alone, Contender, Entry, Op, Tally};
use crate::work::peer::Peer;
use crate::work::recovery;

const VALUE: &str = "Python `Value`";
const UNLOCKED: &str = "Python `Value`, `+= 1` without its lock";
const MANAGER: &str = "Python `Manager`";

pub(super) struct Python;

impl Peer for Python {
    fn counters(&self) -> Vec<Entry> {
        vec![
            entry(VALUE, "value"),
            entry(UNLOCKED, "unlocked"),
            entry(MANAGER, "manager"),
        ]
    }

    fn segments(&self) -> Vec<Entry> {
        let lacking = |entry: Entry, ops: &[Op]| Entry {
            contender: entry.contender.map(|mut contender| {
                for op in ops {
                    contender = contender.without(*op, "it has no such call");
                }
                contender
            }),
            ..entry
        };
        let no = [Op::OpenOrCreate, Op::Inherit, Op::CreateUnnamed];
        vec![
            lacking(entry("Python `SharedMemory`", "segments"), &no),
            lacking(entry(MANAGER, "managers"), &[Op::Open, no[0], no[1], no[2]]),
        ]
    }

    fn holders(&self) -> Vec<recovery::Entry> {
        vec![(
            VALUE,
            Err("not measured: its lock is a semaphore, which is lost with its holder".to_owned()),
        )]
    }
}

/// Python's version, if it is there.
pub(crate) fn version() -> Option<String> {
    let output = Command::new("python3").arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().trim_start_matches("Python ").to_owned())
}

fn entry(name: &'static str, what: &'static str) -> Entry {
    match version() {
        Some(_) => Entry::new(name, Contender::alone(move || Script::start(what))),
        None => Entry::absent(name, "there is no `python3`"),
    }
}

struct Script {
    child: Child,
    /// Closed before the child is waited for: that is how it is told to end.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Script {
    fn start(what: &str) -> Self {
        let mut child = Command::new("python3")
            .args(["-c", include_str!("python.py"), what])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 starts");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut script = Script {
            input: child.stdin.take(),
            output,
            child,
        };
        assert_eq!(script.line().trim(), "ready", "the script is there");
        script
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output
            .read_line(&mut line)
            .expect("the script answers");
        line
    }
}

impl Alone for Script {
    fn round(&mut self, ops: [Op; 2], parts: usize, length: Duration) -> Vec<Tally> {
        let [first, rest] = ops.map(|op| format!("{op:?}").to_lowercase());
        let seconds = length.as_secs_f64();
        let mut input = self.input.as_ref().expect("not ended");
        writeln!(input, "{first} {rest} {parts} {seconds}").expect("the script listens");
        let tally = |line: String| {
            let mut numbers = line
                .split_whitespace()
                .map(|number| number.parse().expect("a number"));
            let mut next = || numbers.next().expect("four numbers");
            Tally {
                turns: next(),
                spent: next(),
                wall: next(),
                total: next(),
                faults: 0,
            }
        };
        (0..parts).map(|_| tally(self.line())).collect()
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.child.wait();
    }
}
