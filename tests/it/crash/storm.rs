//! Workers that change three slots, and are killed at random moments, very often.

use std::cell::Cell;
use std::time::{Duration, Instant};

use shmstate::{Access, Atomic, ReadOnly, Shared, SharedState, Slot};

use super::slot::SlotFile;
use super::support::{Process, amount, name, seed, start, watchdog};

const WORKERS: usize = 3;
const ACCOUNTS: usize = 8;
/// What each has at first.
const SHARE: i64 = 1_000;

/// Amounts that move and make no difference to the sum, and who has moved how often.
#[derive(SharedState, Clone, Copy)]
#[shared(lock)]
struct Bank {
    accounts: [i64; ACCOUNTS],
    moves: [u64; WORKERS],
}

impl Bank {
    fn move_some(&mut self, worker: usize, dice: &Dice) {
        let amount = dice.roll(100).cast_signed();
        let (from, to) = (dice.pick(ACCOUNTS), dice.pick(ACCOUNTS));
        self.accounts[from] -= amount;
        self.accounts[to] += amount;
        self.moves[worker] += 1;
    }

    #[track_caller]
    fn check(&self) {
        let sum: i64 = self.accounts.iter().sum();
        assert_eq!(sum, 8 * SHARE, "money made or lost: {:?}", self.accounts);
    }
}

/// Entries of `worker << 48 | number`.
#[derive(SharedState)]
struct Journal {
    #[shared(capacity = 256)]
    entries: Vec<u64>,
}

#[derive(SharedState)]
struct Sign {
    #[shared(capacity = 100)]
    text: String,
}

/// As long as its number says, and of one letter.
fn sign(number: usize) -> String {
    let letter = ["a", "b", "c", "d", "e"][number % 5];
    format!("{number} {}", letter.repeat(number % 77))
}

#[track_caller]
fn check_sign(text: &str) {
    let number = text.split(' ').next().and_then(|n| n.parse().ok());
    let number = number.unwrap_or_else(|| panic!("a torn text: {text}"));
    assert_eq!(text, sign(number), "a torn text");
}

/// What a worker has seen done: counted after the call has returned.
#[derive(SharedState, Default)]
struct Acknowledged {
    moves: [u64; WORKERS],
    entries: [u64; WORKERS],
    signs: [u64; WORKERS],
    stop: bool,
}

struct Stage {
    bank: Shared<Bank>,
    journal: Shared<Journal>,
    sign: Shared<Sign>,
    done: Shared<Acknowledged>,
}

/// Numbers by chance.
struct Dice(Cell<u64>);

impl Dice {
    fn new(seed: u64) -> Dice {
        Dice(Cell::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1))
    }

    fn roll(&self, sides: u64) -> u64 {
        let mut x = self.0.get();
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        self.0.set(x);
        (x >> 16) % sides
    }

    fn pick(&self, sides: usize) -> usize {
        usize::try_from(self.roll(sides as u64)).expect("less than that")
    }
}

fn work(stage: &Stage, me: usize, seed: u64) {
    let dice = Dice::new(seed);
    loop {
        stage.bank.modify(|bank| bank.move_some(me, &dice));
        stage.done.moves[me].fetch_add(1);

        let entry = (me as u64) << 48 | (stage.done.entries[me].get() + 1);
        if stage.journal.entries.push(entry).is_ok() {
            stage.done.entries[me].fetch_add(1);
        }

        stage
            .sign
            .text
            .set(sign(dice.pick(1_000)))
            .expect("it fits");
        stage.done.signs[me].fetch_add(1);
    }
}

/// Reads until it is told to stop. The pauses leave the processors to the workers.
fn read<A: Access>(bank: &Shared<Bank, A>, sign: &Shared<Sign, A>, done: &Shared<Acknowledged>)
where
    Shared<Bank, A>: std::ops::Deref<Target: Slot<Value = Bank>>,
{
    while !done.stop.get() {
        bank.snapshot().check();
        check_sign(&sign.snapshot().text);
        std::thread::sleep(Duration::from_micros(100));
    }
}

/// What is known of a worker's entries.
#[derive(Default)]
struct Books {
    entries: [u64; WORKERS],
}

impl Books {
    /// Takes all entries out of the journal: they must go on where the last ended, for each worker.
    fn take_entries(&mut self, stage: &Stage) {
        let entries = stage.journal.entries.replace([]).expect("it fits");
        for entry in entries {
            let (worker, number) = ((entry >> 48) as usize, entry & ((1 << 48) - 1));
            assert_eq!(
                number,
                self.entries[worker] + 1,
                "an entry lost, or made twice"
            );
            self.entries[worker] = number;
        }
    }

    /// After the death of a worker: it has done what it has acknowledged, or one thing more.
    fn settle(&mut self, stage: &Stage, dead: usize) {
        self.take_entries(stage);
        let bank = stage.bank.get();
        bank.check();
        let moves = &stage.done.moves[dead];
        settle_one("moves", moves.get(), bank.moves[dead]);
        moves.set(bank.moves[dead]);
        let entries = &stage.done.entries[dead];
        settle_one("entries", entries.get(), self.entries[dead]);
        entries.set(self.entries[dead]);
        check_sign(&stage.sign.text.get());
    }
}

#[track_caller]
fn settle_one(what: &str, acknowledged: u64, there: u64) {
    let one_more = there == acknowledged || there == acknowledged + 1;
    assert!(
        one_more,
        "{what}: {there} there of {acknowledged} acknowledged"
    );
}

// If wrong: "money made or lost", "an entry lost", "moves: 41 there of 42 acknowledged", "a torn text", or
// the watchdog's "somebody hangs".
pub(crate) fn no_acknowledged_change_is_lost_in_a_storm_of_kills() {
    watchdog(500);
    let kills = amount(300_u32, 2_000);
    let bank = name("bank");
    let bank_value = Bank {
        accounts: [SHARE; ACCOUNTS],
        moves: [0; WORKERS],
    };
    let text = sign(0);
    let stage = Stage {
        bank: Shared::create(&bank, bank_value).expect("create"),
        journal: Shared::new(Journal { entries: vec![] }).expect("create"),
        sign: Shared::create(&name("sign"), Sign { text }).expect("create"),
        done: Shared::new(Acknowledged::default()).expect("create"),
    };
    let first_sign = stage.sign.text.version();
    let first_move = stage.bank.version();
    let readers = [
        start(|| read(&stage.bank, &stage.sign, &stage.done)),
        start(|| {
            let bank = ReadOnly::<Bank>::open(&bank).expect("open");
            let sign = ReadOnly::<Sign>::open(&name("sign")).expect("open");
            read(&bank, &sign, &stage.done);
        }),
    ];
    let file = SlotFile::of(&bank);
    let dice = Dice::new(seed());
    let mut books = Books::default();
    let mut deaths_with_lock = 0;
    let employ = |who: usize| start(|| work(&stage, who, dice.roll(u64::MAX)));
    let mut workers: Vec<Process> = (0..WORKERS).map(&employ).collect();
    for kill in 0..kills {
        let who = dice.pick(WORKERS);
        // Once it has done something; every fourth at any time at all.
        let before = stage.done.moves[who].get();
        while kill % 4 > 0 && stage.done.moves[who].get() == before {
            std::thread::yield_now();
        }
        let pause = dice.roll(50_000);
        let from = Instant::now();
        while u128::from(pause) > from.elapsed().as_nanos() {
            std::hint::spin_loop();
        }
        let worker = workers.swap_remove(who);
        worker.kill();
        deaths_with_lock += u64::from(file.is_left());
        books.settle(&stage, who);
        workers.push(employ(who));
        let last = workers.len() - 1;
        workers.swap(who, last);
    }
    stage.done.stop.set(true);
    for reader in readers {
        super::support::assert_success(reader.wait());
    }
    for (who, worker) in workers.into_iter().enumerate() {
        worker.kill();
        books.settle(&stage, who);
    }
    let bank = stage.bank.get();
    let moves: u64 = bank.moves.iter().sum();
    assert_eq!(
        stage.bank.version() - first_move,
        moves,
        "not a commit a change"
    );
    let signs: u64 = stage.done.signs.iter().map(Atomic::get).sum();
    let set = stage.sign.text.version() - first_sign;
    let most = signs + u64::from(kills) + WORKERS as u64;
    assert!(
        (signs..=most).contains(&set),
        "{set} texts of {signs} acknowledged"
    );
    let taken_over = stage.bank.recoveries();
    println!(
        "{moves} moves, {set} texts; taken over from {taken_over}, {} and {} dead",
        stage.journal.entries.recoveries(),
        stage.sign.text.recoveries(),
    );
    assert!(taken_over > 0 && taken_over >= deaths_with_lock);
    assert!(taken_over <= u64::from(kills) + WORKERS as u64);
}
