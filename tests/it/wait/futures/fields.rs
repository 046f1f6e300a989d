//! What is waited for: a number, in slots of several kinds.

use std::pin::Pin;

use shmstate::{List, Locked, Shared, SharedState, Text, Watched};

#[derive(SharedState, Default)]
pub(crate) struct Board {
    #[shared(watch)]
    pub(crate) watched: u32,
    #[shared(watch)]
    pub(crate) row: [u32; 4],
    #[shared(lock)]
    pub(crate) pair: Pair,
    #[shared(lock)]
    pub(crate) pairs: [Pair; 3],
    #[shared(capacity = 16)]
    pub(crate) text: String,
    #[shared(capacity = 8)]
    pub(crate) list: Vec<u32>,
}

#[derive(SharedState, Default, Clone, Debug, PartialEq)]
#[shared(lock)]
pub(crate) struct Pair {
    pub(crate) low: u32,
    pub(crate) high: u32,
}

pub(crate) type Slots = <Board as SharedState>::Slots;

pub(crate) fn board() -> Shared<Board> {
    Shared::new(Board::default()).expect("create")
}

pub(crate) const FIELDS: usize = 6;

pub(crate) fn field(slots: &Slots, index: usize) -> &dyn Field {
    match index {
        0 => &slots.watched,
        1 => &slots.row[2],
        2 => &slots.pair,
        3 => &slots.pairs[1],
        4 => &slots.text,
        _ => &slots.list,
    }
}

/// A wait. That these are `Send` is one of the tests.
pub(crate) type Wait<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

pub(crate) trait Field {
    fn put(&self, number: u32);

    /// Writes what is there, as a change.
    fn put_again(&self);

    /// The next change, from here on.
    fn changed(&self) -> Wait<'_>;

    /// Waits for that number.
    fn reach(&self, number: u32) -> Wait<'_>;

    /// The same in this thread.
    fn wait(&self, number: u32);
}

impl Field for Watched<u32> {
    fn put(&self, number: u32) {
        self.set(number);
    }
    fn put_again(&self) {
        self.update(|now| now);
    }
    fn changed(&self) -> Wait<'_> {
        let mut changes = self.subscribe();
        Box::pin(async move { changes.changed().await })
    }
    fn reach(&self, number: u32) -> Wait<'_> {
        Box::pin(async move {
            let found = self.wait_until_async(|now| *now == number).await;
            assert_eq!(found, number);
        })
    }
    fn wait(&self, number: u32) {
        self.wait_until(|now| *now == number);
    }
}

impl Field for Locked<Pair> {
    fn put(&self, number: u32) {
        self.modify(|pair| (pair.low, pair.high) = (number, number));
    }
    fn put_again(&self) {
        self.modify(|_| ());
    }
    fn changed(&self) -> Wait<'_> {
        let mut changes = self.subscribe();
        Box::pin(async move { changes.changed().await })
    }
    fn reach(&self, number: u32) -> Wait<'_> {
        Box::pin(async move {
            let pair = self.wait_until_async(|pair| pair.low == number).await;
            assert_eq!((pair.low, pair.high), (number, number));
        })
    }
    fn wait(&self, number: u32) {
        self.wait_until(|pair| pair.low == number);
    }
}

impl Field for Text<16> {
    fn put(&self, number: u32) {
        self.set(number.to_string()).expect("it fits");
    }
    fn put_again(&self) {
        self.modify(|_| ()).expect("it fits");
    }
    fn changed(&self) -> Wait<'_> {
        let mut changes = self.subscribe();
        Box::pin(async move { changes.changed().await })
    }
    fn reach(&self, number: u32) -> Wait<'_> {
        let number = number.to_string();
        Box::pin(async move {
            assert_eq!(self.wait_until_async(|now| now == number).await, number);
        })
    }
    fn wait(&self, number: u32) {
        let number = number.to_string();
        self.wait_until(|now| now == number);
    }
}

impl Field for List<u32, 8> {
    fn put(&self, number: u32) {
        self.set([number; 3]).expect("it fits");
    }
    fn put_again(&self) {
        self.modify(|_| ()).expect("it fits");
    }
    fn changed(&self) -> Wait<'_> {
        let mut changes = self.subscribe();
        Box::pin(async move { changes.changed().await })
    }
    fn reach(&self, number: u32) -> Wait<'_> {
        Box::pin(async move {
            let found = self.wait_until_async(|now| now.first() == Some(&number));
            assert_eq!(found.await, [number; 3]);
        })
    }
    fn wait(&self, number: u32) {
        self.wait_until(|now| now.first() == Some(&number));
    }
}
