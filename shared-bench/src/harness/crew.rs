//! The workers of one peer, and how they are told what to do.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use bytemuck::{Pod, Zeroable};

use super::clock::now;
use super::gate::Gate;
use super::job::{Contender, Job, Kind, Op, Tally};
use super::pin::pin;
use super::process::Child;

/// How long the answer to an order may take beyond what was ordered. A worker that needs longer hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the workers do in a round.
#[derive(Clone, Copy)]
pub(crate) struct Round {
    /// What the first does, and the others.
    pub(crate) ops: [Op; 2],
    /// How many turns are done between two looks at the clock.
    pub(crate) batches: [u64; 2],
    pub(crate) length: Length,
}

#[derive(Clone, Copy)]
pub(crate) enum Length {
    Time(Duration),
    /// Each worker does as many.
    Turns(u64),
}

/// As the workers are told.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Order {
    ops: [u64; 2],
    batches: [u64; 2],
    /// 0: by the clock.
    turns: u64,
    nanoseconds: u64,
}

impl Order {
    fn of(self, worker: usize) -> (Op, u64) {
        let role = worker.min(1);
        (Op::from_number(self.ops[role]), self.batches[role])
    }
}

/// How the workers are spread over the processors.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    Spread,
    /// All on the first one.
    One,
}

impl Place {
    fn pin(self, worker: usize) {
        pin(if self == Place::One { 0 } else { worker });
    }
}

/// The workers of a contender. When it is dropped, they end.
pub(crate) struct Crew {
    members: Vec<Member>,
    workers: usize,
}

struct Member {
    line: UnixStream,
    process: Child,
    /// How many workers it stands for.
    parts: usize,
}

impl Crew {
    /// # Errors
    ///
    /// Text that says what happened to a worker that could not join.
    pub(crate) fn start(
        contender: &Contender,
        workers: usize,
        place: Place,
    ) -> Result<Self, String> {
        let (processes, parts) = match contender.kind {
            Kind::Processes(_) => (workers, 1),
            Kind::Threads(_) | Kind::Alone(_) => (1, workers),
        };
        let gate = Gate::new();
        let mut crew = Crew {
            members: Vec::with_capacity(processes),
            workers,
        };
        for worker in 0..processes {
            let (ours, theirs) = UnixStream::pair().map_err(|error| error.to_string())?;
            let limit = Some(PATIENCE);
            ours.set_read_timeout(limit)
                .map_err(|error| error.to_string())?;
            let process = Child::run(|| serve(contender, worker, workers, place, gate, &theirs));
            drop(theirs);
            crew.members.push(Member {
                line: ours,
                process,
                parts,
            });
            // The first worker may have to create what the others open.
            if worker == 0 || worker + 1 == processes {
                let from = usize::from(worker > 0);
                for member in &mut crew.members[from..] {
                    member.hear(&mut [0; 1])?;
                }
            }
        }
        Ok(crew)
    }

    /// Gives an order to all, and returns what each did.
    ///
    /// # Errors
    ///
    /// Text that says what happened to a worker that did not answer.
    pub(crate) fn round(&mut self, round: Round) -> Result<Vec<Tally>, String> {
        let (turns, time) = match round.length {
            Length::Time(time) => (0, time),
            Length::Turns(turns) => (turns, Duration::ZERO),
        };
        let order = Order {
            ops: round.ops.map(|op| op as u64),
            batches: round.batches,
            turns,
            nanoseconds: u64::try_from(time.as_nanos()).expect("a short time"),
        };
        for member in &mut self.members {
            member
                .line
                .write_all(bytemuck::bytes_of(&order))
                .map_err(|error| format!("a worker has gone ({error})"))?;
        }
        let mut tallies = Vec::with_capacity(self.workers);
        for member in &mut self.members {
            for _ in 0..member.parts {
                let mut tally = Tally::default();
                member.hear(bytemuck::bytes_of_mut(&mut tally))?;
                tallies.push(tally);
            }
        }
        Ok(tallies)
    }
}

impl Member {
    fn hear(&mut self, bytes: &mut [u8]) -> Result<(), String> {
        self.line.read_exact(bytes).map_err(|error| {
            use std::io::ErrorKind::{TimedOut, WouldBlock};
            if matches!(error.kind(), TimedOut | WouldBlock) {
                format!("hangs: no answer for {PATIENCE:?}")
            } else {
                "a worker has died; its last words are in the output".to_owned()
            }
        })
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        for member in self.members.drain(..) {
            let Member {
                mut line, process, ..
            } = member;
            // Closing would not do: the workers that were forked later have this end open, too.
            let told = line.shutdown(std::net::Shutdown::Write);
            // It answers by closing its end; one that hangs is killed.
            let ended = told.is_ok() && matches!(line.read(&mut [0; 1]), Ok(0));
            if ended {
                process.wait();
            }
        }
    }
}

/// What a worker's process does all its life.
fn serve(
    contender: &Contender,
    worker: usize,
    workers: usize,
    place: Place,
    gate: &Gate,
    line: &UnixStream,
) {
    let answer = |bytes: &[u8]| {
        let mut line = line;
        // If nobody reads it, no order follows.
        let _ = line.write_all(bytes);
    };
    let orders = || {
        let mut line = line;
        let mut order = Order::zeroed();
        let heard = line.read_exact(bytemuck::bytes_of_mut(&mut order));
        heard.is_ok().then_some(order)
    };
    let ready = [1];
    match &contender.kind {
        Kind::Processes(join) => {
            place.pin(worker);
            let mut job = join(worker);
            answer(&ready);
            while let Some(order) = orders() {
                let tally = play(&mut *job, worker, workers, order, gate);
                answer(bytemuck::bytes_of(&tally));
            }
        }
        Kind::Threads(join) => {
            answer(&ready);
            while let Some(order) = orders() {
                let part = |worker| {
                    place.pin(worker);
                    play(&mut *join(worker), worker, workers, order, gate)
                };
                let tallies: Vec<Tally> = std::thread::scope(|scope| {
                    let others: Vec<_> = (1..workers)
                        .map(|worker| scope.spawn(move || part(worker)))
                        .collect();
                    let others = others.into_iter().map(std::thread::ScopedJoinHandle::join);
                    [Ok(part(0))]
                        .into_iter()
                        .chain(others)
                        .map(|tally| tally.expect("a thread that returns"))
                        .collect()
                });
                answer(bytemuck::cast_slice(&tallies));
            }
        }
        Kind::Alone(start) => {
            let mut program = start();
            answer(&ready);
            while let Some(order) = orders() {
                let ops = [0, 1].map(|role| order.of(role).0);
                let length = Duration::from_nanos(order.nanoseconds);
                let tallies = program.round(ops, workers, length);
                assert_eq!(tallies.len(), workers, "as many as there are workers");
                answer(bytemuck::cast_slice(&tallies));
            }
        }
    }
}

/// One worker's part in a round.
fn play(job: &mut dyn Job, worker: usize, workers: usize, order: Order, gate: &Gate) -> Tally {
    let (op, batch) = order.of(worker);
    let start = gate.pass(u32::try_from(workers).expect("a few"));
    let mut tally = Tally::default();
    if op == Op::Total {
        tally.total = job.total();
    } else if order.turns > 0 {
        tally.turns = order.turns;
        tally.spent = nanoseconds(job.run(op, order.turns));
    } else {
        // At least once, even if it got its processor only when the time was over.
        loop {
            tally.turns += batch;
            tally.spent += nanoseconds(job.run(op, batch));
            if now() >= start + order.nanoseconds {
                break;
            }
        }
    }
    tally.wall = now() - start;
    tally.faults = job.faults();
    tally
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).expect("a short time")
}
