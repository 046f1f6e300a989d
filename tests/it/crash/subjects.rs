//! The slots that are written by those who are killed. The value of each stands for a number, and is seen
//! to be torn if it does not.

use shmstate::{List, Locked, SharedState, Text};

/// A slot under test.
pub(crate) trait Subject {
    /// The number that the whole value stands for.
    fn number(&self) -> u64;
    /// Makes it stand for `number`.
    fn put(&self, number: u64);
    /// [`number`](Self::number), as soon as it is `number` or more.
    fn wait_for(&self, number: u64) -> u64;
    fn commits(&self) -> u64;
    fn taken_over(&self) -> u64;
}

macro_rules! subject {
    ([$($params:tt)*] $slot:ty, |$value:ident| $number:expr, |$n:ident| $make:expr, $set:ident) => {
        impl<$($params)*> Subject for $slot {
            #[track_caller]
            fn number(&self) -> u64 {
                let $value = &self.get();
                $number
            }
            fn put(&self, $n: u64) {
                $set(self.set($make));
            }
            fn wait_for(&self, least: u64) -> u64 {
                let $value = &self.wait_until(|$value| $number >= least);
                $number
            }
            fn commits(&self) -> u64 {
                self.version()
            }
            fn taken_over(&self) -> u64 {
                self.recoveries()
            }
        }
    };
}

/// Two numbers that are equal, and what is computed from them.
#[derive(SharedState, Clone, Copy, Debug, PartialEq)]
#[shared(lock)]
pub(crate) struct Pair {
    pub(crate) first: u64,
    pub(crate) second: u64,
    pub(crate) checksum: u64,
}

const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

impl Pair {
    pub(crate) fn of(number: u64) -> Pair {
        Pair {
            first: number,
            second: number,
            checksum: number.wrapping_mul(FACTOR),
        }
    }

    /// One change, in three steps.
    pub(crate) fn step(&mut self) {
        self.first += 1;
        self.second += 1;
        self.checksum = self.first.wrapping_mul(FACTOR);
    }

    #[track_caller]
    pub(crate) fn number(self) -> u64 {
        assert_eq!(self, Pair::of(self.first), "a torn pair");
        self.first
    }
}

/// Words that are all the same.
#[derive(SharedState, Clone, Copy)]
#[shared(lock)]
pub(crate) struct Block<const N: usize> {
    pub(crate) words: [u64; N],
}

impl<const N: usize> Block<N> {
    pub(crate) fn of(number: u64) -> Block<N> {
        Block { words: [number; N] }
    }

    #[track_caller]
    pub(crate) fn number(&self) -> u64 {
        let first = self.words[0];
        let same = self.words.iter().all(|word| *word == first);
        assert!(same, "a torn block: {:?}", self.words);
        first
    }
}

/// A number, and letters that it says.
#[derive(SharedState)]
pub(crate) struct Note {
    #[shared(capacity = 64)]
    pub(crate) text: String,
}

pub(crate) fn text_of(number: u64) -> String {
    let letter = char::from(b'a' + (number % 26) as u8);
    format!("{number:08} {}", letter.to_string().repeat(40))
}

#[track_caller]
fn number_of_text(text: &str) -> u64 {
    let number = text
        .split(' ')
        .next()
        .and_then(|digits| digits.parse().ok());
    let number = number.unwrap_or_else(|| panic!("a torn text: {text}"));
    assert_eq!(text, text_of(number), "a torn text");
    number
}

/// One number over and over: so long that it is copied by a single instruction, which can be interrupted
/// after each byte.
#[derive(SharedState)]
pub(crate) struct Page {
    #[shared(capacity = 16_384)]
    pub(crate) text: String,
}

pub(crate) fn page_of(number: u64) -> String {
    format!("{number:08}").repeat(16_384 / 8)
}

#[track_caller]
fn number_of_page(text: &str) -> u64 {
    let first = &text[..8];
    let torn = text.len() != 16_384 || text.as_bytes().chunks(8).any(|c| c != first.as_bytes());
    assert!(!torn, "a torn page: {text}");
    first.parse().expect("digits")
}

/// Numbers that follow one another; it stands for the last.
#[derive(SharedState)]
pub(crate) struct Log {
    #[shared(capacity = 16)]
    pub(crate) numbers: Vec<u64>,
}

#[track_caller]
fn last_of(numbers: &[u64]) -> u64 {
    let follow = numbers.windows(2).all(|two| two[0] + 1 == two[1]);
    assert!(follow && !numbers.is_empty(), "a torn list: {numbers:?}");
    numbers[numbers.len() - 1]
}

fn done(_: ()) {}

fn fits(set: Result<(), shmstate::CapacityExceeded>) {
    set.expect("it fits");
}

subject!([] Locked<Pair>, |value| value.number(), |n| Pair::of(n), done);
subject!([const N: usize] Locked<Block<N>>, |value| value.number(), |n| Block::of(n), done);
subject!([] Text<64>, |text| number_of_text(text), |n| text_of(n), fits);
subject!([] Text<16_384>, |text| number_of_page(text), |n| page_of(n), fits);
subject!([] List<u64, 16>, |list| last_of(list), |n| [n - 1, n], fits);
