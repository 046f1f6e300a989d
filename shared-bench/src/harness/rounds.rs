//! Rounds in turns: all peers of a column of a table, measured and checked.

use std::time::Duration;

use super::crew::{Crew, Length, Place, Round};
use super::job::{Entry, Op, Tally};

/// How thorough the run is.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) rounds: usize,
    /// The length of a round of one worker; those of more are longer.
    pub(crate) length: Duration,
    /// The most processes that hammer one thing.
    pub(crate) most_processes: usize,
    /// How often a holder is killed.
    pub(crate) kills: usize,
}

/// What is measured in one column of a table.
#[derive(Clone)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) workers: usize,
    pub(crate) place: Place,
    /// What the first worker does, and the others.
    pub(crate) ops: [Op; 2],
    pub(crate) value: Value,
    pub(crate) check: Check,
}

/// What the figure is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Value {
    /// Nanoseconds an operation of this worker.
    Nanoseconds(usize),
    /// The same in microseconds.
    Microseconds(usize),
    /// Millions of operations a second of all workers together.
    Millions,
}

/// What must hold, or the figure is marked as of a wrong result.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Check {
    Nothing,
    /// Every addition or change is found in the value afterwards, and nothing else.
    Sum,
    /// No read sees a part of one value and a part of another.
    Whole,
}

/// A figure of each round, or why there is none.
pub(crate) enum Cell {
    Figures {
        /// Of each round, in the order of time: those of one round of different peers are comparable.
        rounds: Vec<f64>,
        /// What the check has found.
        wrong: Option<String>,
    },
    Without(String),
}

impl Column {
    /// One worker alone.
    pub(crate) fn solo(name: &str, op: Op) -> Self {
        Column {
            name: name.to_owned(),
            workers: 1,
            place: Place::Spread,
            ops: [op; 2],
            value: Value::Nanoseconds(0),
            check: Check::Nothing,
        }
    }

    fn length(&self, plan: Plan) -> Duration {
        // With more workers than processors, each has to get its turns.
        let sharing = self.workers.div_ceil(super::pin::processors());
        match (self.workers, sharing) {
            (1, _) => plan.length,
            (_, 1) => plan.length * 2,
            (_, sharing) => plan.length * 4 * u32::try_from(sharing).expect("a few"),
        }
    }
}

/// What is under way with one peer.
enum Run {
    Going(Box<Going>),
    Over(Cell),
}

struct Going {
    crew: Crew,
    batches: [u64; 2],
    turns: u64,
    rounds: Vec<f64>,
    faults: u64,
    looks: u64,
    before: u64,
    done: u64,
}

/// Measures all peers of a column, taking turns.
pub(crate) fn measure(entries: &[Entry], column: &Column, plan: Plan) -> Vec<Cell> {
    let length = column.length(plan);
    let start = |entry| start(entry, column, length);
    let mut runs: Vec<Run> = entries.iter().map(start).collect();
    let mut order: Vec<usize> = (0..runs.len()).collect();
    let mut random = fastrand::Rng::with_seed(1); // the same in each run of the program
    for _ in 0..plan.rounds {
        // A peer that follows a server, which sleeps and wakes, finds the processors in another state than one that
        // follows a loop.
        random.shuffle(&mut order);
        for &turn in &order {
            let run = &mut runs[turn];
            if let Run::Going(going) = run
                && let Err(why) = going.measure(column, length)
            {
                *run = Run::Over(Cell::Without(why));
            }
        }
    }
    runs.into_iter().map(|run| finish(run, column)).collect()
}

fn start(entry: &Entry, column: &Column, length: Duration) -> Run {
    let without = |why: &str| Run::Over(Cell::Without(why.to_owned()));
    let contender = match &entry.contender {
        Ok(contender) => contender,
        Err(why) => return without(why),
    };
    if let Some(why) = contender.lacks(column.ops) {
        return without(why);
    }
    let going = Crew::start(contender, column.workers, column.place).and_then(|crew| {
        let mut going = Box::new(Going {
            crew,
            batches: [1; 2],
            turns: 1,
            rounds: Vec::new(),
            faults: 0,
            looks: 0,
            before: 0,
            done: 0,
        });
        going.warm_up(column, length)?;
        Ok(going)
    });
    match going {
        Ok(going) => Run::Going(going),
        Err(why) => without(&why),
    }
}

impl Going {
    fn round(
        &mut self,
        column: &Column,
        ops: [Op; 2],
        length: Duration,
    ) -> Result<Vec<Tally>, String> {
        let length = match ops[0] {
            // Both sides have to know how often.
            Op::There | Op::Wake => Length::Turns(self.turns),
            Op::Total => Length::Turns(1),
            _ => Length::Time(length),
        };
        let tallies = self.crew.round(Round {
            ops,
            batches: self.batches,
            length,
        })?;
        debug_assert_eq!(tallies.len(), column.workers);
        Ok(tallies)
    }

    /// Twice: the first time finds out about how long an operation takes, the second time better.
    fn warm_up(&mut self, column: &Column, length: Duration) -> Result<(), String> {
        const BETWEEN_LOOKS: u64 = 20_000; // nanoseconds
        if column.check == Check::Sum {
            self.before = self.total(column)?;
        }
        for _ in 0..2 {
            let tallies = self.round(column, column.ops, length)?;
            self.count(&tallies);
            for (role, batch) in self.batches.iter_mut().enumerate() {
                if let Some(tally) = tallies.get(role) {
                    *batch = (BETWEEN_LOOKS * tally.turns / tally.spent.max(1)).clamp(1, 1 << 20);
                }
            }
        }
        if matches!(column.ops[0], Op::There | Op::Wake) {
            let enough = |wall: u64| u128::from(wall) >= length.as_nanos() / 2;
            while !enough(self.round(column, column.ops, length)?[0].wall) {
                self.turns *= 2;
            }
        }
        Ok(())
    }

    fn measure(&mut self, column: &Column, length: Duration) -> Result<(), String> {
        let tallies = self.round(column, column.ops, length)?;
        self.count(&tallies);
        self.rounds.push(figure(column.value, &tallies));
        if column.check == Check::Whole {
            let ops = column
                .ops
                .map(|op| if op == Op::Read { Op::Check } else { op });
            let tallies = self.round(column, ops, length)?;
            for (tally, op) in tallies
                .iter()
                .zip([ops[0]].into_iter().chain(std::iter::repeat(ops[1])))
            {
                if op == Op::Check {
                    self.looks += tally.turns;
                    self.faults += tally.faults;
                }
            }
        }
        Ok(())
    }

    fn count(&mut self, tallies: &[Tally]) {
        self.done += tallies.iter().map(|tally| tally.turns).sum::<u64>();
    }

    fn total(&mut self, column: &Column) -> Result<u64, String> {
        let tallies = self.round(column, [Op::Total; 2], Duration::ZERO)?;
        self.faults += tallies[0].faults;
        Ok(tallies[0].total)
    }
}

fn finish(run: Run, column: &Column) -> Cell {
    let mut going = match run {
        Run::Going(going) => going,
        Run::Over(cell) => return cell,
    };
    let wrong = match column.check {
        Check::Nothing => None,
        Check::Sum => match going.total(column) {
            Ok(total) => wrong_sum(total.wrapping_sub(going.before), going.done, going.faults),
            Err(why) => return Cell::Without(why),
        },
        Check::Whole => torn(going.faults, going.looks),
    };
    Cell::Figures {
        rounds: going.rounds,
        wrong,
    }
}

#[allow(clippy::cast_precision_loss)] // for people to read
fn wrong_sum(found: u64, done: u64, faults: u64) -> Option<String> {
    if faults > 0 {
        return Some("torn".to_owned());
    }
    (found != done).then(|| {
        let lost = 100.0 - found as f64 * 100.0 / done as f64;
        format!("{lost:.2} % lost")
    })
}

#[allow(clippy::cast_precision_loss)] // for people to read
fn torn(faults: u64, looks: u64) -> Option<String> {
    let share = faults as f64 * 100.0 / looks.max(1) as f64;
    (faults > 0).then(|| match share {
        share if share < 0.01 => "torn, less than 0.01 %".to_owned(),
        share => format!("{share:.2} % torn"),
    })
}

#[allow(clippy::cast_precision_loss)] // some millions, in nanoseconds
fn figure(value: Value, tallies: &[Tally]) -> f64 {
    let each = |worker: usize| {
        let tally = &tallies[worker];
        tally.spent as f64 / tally.turns.max(1) as f64
    };
    match value {
        Value::Nanoseconds(worker) => each(worker),
        Value::Microseconds(worker) => each(worker) / 1000.0,
        Value::Millions => {
            let turns: u64 = tallies.iter().map(|tally| tally.turns).sum();
            let wall = tallies.iter().map(|tally| tally.wall).max().unwrap_or(1);
            turns as f64 * 1000.0 / wall as f64
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_right_only_if_it_is_exact() {
        assert_eq!(wrong_sum(1_000_000, 1_000_000, 0), None);
        let lost = wrong_sum(999_900, 1_000_000, 0);
        assert_eq!(lost.as_deref(), Some("0.01 % lost"));
        assert_eq!(wrong_sum(10, 10, 1).as_deref(), Some("torn"));
    }

    #[test]
    fn one_torn_read_of_millions_is_told() {
        assert_eq!(torn(0, 5_000_000), None);
        assert!(torn(1, 5_000_000).is_some_and(|text| text.contains("less than")));
        assert_eq!(torn(1, 4).as_deref(), Some("25.00 % torn"));
    }

    /// Of two workers, of which one came to its processor late: what both did, in the time of both.
    #[test]
    fn a_rate_is_of_all_workers_in_all_the_time() {
        let tally = |turns, wall| Tally {
            turns,
            spent: wall / 2,
            wall,
            ..Tally::default()
        };
        let tallies = [tally(3_000, 1_000_000), tally(1_000, 2_000_000)];
        let near = |value, expected: f64| (figure(value, &tallies) - expected).abs() < 1e-9;
        assert!(near(Value::Millions, 2.0));
        assert!(near(Value::Nanoseconds(1), 1_000.0));
    }
}
