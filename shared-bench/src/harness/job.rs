//! What a peer has to offer: entries, each with a contender, whose jobs do the operations.

use std::time::Duration;

use bytemuck::{Pod, Zeroable};

/// What a worker can be told to do, over and over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u64)]
pub(crate) enum Op {
    /// A field.
    Get,
    Set,
    Add,
    /// A record: into the caller's memory; all of it anew; from the old value to the next.
    Read,
    Write,
    Change,
    /// As [`Op::Read`], and looks whether the value is whole.
    Check,
    /// Not measured: how often [`Op::Add`] or [`Op::Change`] have been done, as the value itself tells.
    Total,
    /// A segment.
    Create,
    CreateUnnamed,
    Open,
    OpenOrCreate,
    Inherit,
    /// A number is handed over and comes back; the other side of that.
    There,
    Back,
    /// A number is handed over to somebody asleep; the sleeper, whose time from the change on is what counts.
    Wake,
    Sleep,
}

impl Op {
    const ALL: [Self; 17] = [
        Self::Get,
        Self::Set,
        Self::Add,
        Self::Read,
        Self::Write,
        Self::Change,
        Self::Check,
        Self::Total,
        Self::Create,
        Self::CreateUnnamed,
        Self::Open,
        Self::OpenOrCreate,
        Self::Inherit,
        Self::There,
        Self::Back,
        Self::Wake,
        Self::Sleep,
    ];

    pub(super) fn from_number(number: u64) -> Self {
        Self::ALL[usize::try_from(number).expect("a small number")]
    }
}

/// What one worker did in a round.
#[derive(Clone, Copy, Default, Debug, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Tally {
    pub(crate) turns: u64,
    /// Nanoseconds that the operations took.
    pub(crate) spent: u64,
    /// Nanoseconds from the start of all to the end of this one.
    pub(crate) wall: u64,
    /// Values that were seen and should not have been.
    pub(crate) faults: u64,
    pub(crate) total: u64,
}

/// One worker's side of a peer.
pub(crate) trait Job {
    /// Does the operation `turns` times, and returns the time that it took.
    fn run(&mut self, op: Op, turns: u64) -> Duration;

    /// How many values have been wrong since the last call.
    fn faults(&mut self) -> u64 {
        0
    }

    /// See [`Op::Total`].
    fn total(&mut self) -> u64 {
        0
    }
}

/// What does a whole round by itself, in processes of its own.
pub(crate) trait Alone {
    /// As [`Job::run`] of `parts` workers, for that long: the first does the first operation, the others the second.
    fn round(&mut self, ops: [Op; 2], parts: usize, length: Duration) -> Vec<Tally>;
}

/// How the workers of a crew live.
pub(crate) enum Kind {
    /// Each is a process: this is for use between processes.
    Processes(Box<dyn Fn(usize) -> Box<dyn Job>>),
    /// Each is a thread of one process: it cannot do more.
    Threads(Box<dyn Fn(usize) -> Box<dyn Job> + Sync>),
    /// Another program, that runs its own.
    Alone(Box<dyn Fn() -> Box<dyn Alone>>),
}

/// What competes: how to join, and what it cannot do.
pub(crate) struct Contender {
    pub(crate) kind: Kind,
    /// The operations that it lacks, and why.
    lacks: Vec<(Op, &'static str)>,
}

/// The worker of index `i` joins by `join(i)`, after the fork; the first one before all others.
pub(crate) fn processes<J: Job + 'static>(join: impl Fn(usize) -> J + 'static) -> Contender {
    Contender {
        kind: Kind::Processes(Box::new(move |worker| Box::new(join(worker)))),
        lacks: Vec::new(),
    }
}

/// As [`processes`], in threads of one process.
pub(crate) fn threads<J: Job + 'static>(join: impl Fn(usize) -> J + Sync + 'static) -> Contender {
    Contender {
        kind: Kind::Threads(Box::new(move |worker| Box::new(join(worker)))),
        lacks: Vec::new(),
    }
}

impl Contender {
    /// A program that runs its own workers.
    pub(crate) fn alone<A: Alone + 'static>(start: impl Fn() -> A + 'static) -> Self {
        Contender {
            kind: Kind::Alone(Box::new(move || Box::new(start()))),
            lacks: Vec::new(),
        }
    }

    pub(crate) fn without(mut self, op: Op, why: &'static str) -> Self {
        self.lacks.push((op, why));
        self
    }

    /// Why it cannot do all of these, if so.
    pub(crate) fn lacks(&self, ops: [Op; 2]) -> Option<&'static str> {
        let lacking = |(op, why): &(Op, &'static str)| ops.contains(op).then_some(*why);
        self.lacks.iter().find_map(lacking)
    }
}

/// A row of a table.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    /// Or why it is not there.
    pub(crate) contender: Result<Contender, String>,
}

impl Entry {
    pub(crate) fn new(name: &'static str, contender: Contender) -> Self {
        Entry {
            name,
            contender: Ok(contender),
        }
    }

    pub(crate) fn absent(name: &'static str, why: impl Into<String>) -> Self {
        Entry {
            name,
            contender: Err(why.into()),
        }
    }
}
