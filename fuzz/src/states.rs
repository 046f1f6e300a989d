//! The states as which an input is opened.

use std::fmt::Debug;
use std::time::Duration;

use shmstate::{ReadOnly, Shared, SharedState, Slot};

use super::forge;
use super::kinds::{self, Account, Everything, Limits, Page, Window, assert_sound};
use super::read::{Reads, reads};

/// How many there are.
pub const STATES: usize = 8;

/// A small one with text and lists: most bytes of it mean something.
#[derive(SharedState, Clone, Debug, PartialEq)]
struct Words {
    #[shared(capacity = 6)]
    text: String,
    #[shared(capacity = 3)]
    list: Vec<Option<char>>,
    #[shared(lock)]
    limits: Limits,
}

fn words() -> Words {
    Words {
        text: "Aß€".to_owned(),
        list: vec![None, Some('x')],
        limits: kinds::limits(-1),
    }
}

type Tuple = (Option<bool>, char, Duration, [Option<u16>; 2], (u8, i128));

const fn tuple() -> Tuple {
    (None, 'x', Duration::MAX, [None, Some(1)], (1, -1))
}

reads!(EverythingSlots: flag, letter, tiny, count, ratio, phase, level, last, tries, per_worker, alone,
    generation, steps, beats, limits, rows, total, maybe, pair, pause, locked_level, foreign, label, lines, recent, letters, people,
    window, account, page, since, host, peer, beat, names, end);
reads!(WordsSlots: text, list, limits);
reads!(LimitsSlots: low, high, strict);
reads!(WindowSlots: low, high, open, level, title, marks, deadline, limits);

use kinds::{EverythingSlots, LimitsSlots, WindowSlots};

/// A state, and what is done with a segment that is opened as one.
pub(crate) struct State {
    pub valid: fn(&str) -> Vec<u8>,
    pub open: fn(&str),
}

macro_rules! state {
    ($ty:ty, $value:expr, $sound:expr) => {
        State {
            valid: |name| {
                let state = Shared::create(name, $value).expect("created");
                let bytes = forge::bytes(name).expect("the file is there");
                drop(state);
                bytes
            },
            open: |name| {
                let writable = Shared::<$ty>::open(name);
                let read_only = ReadOnly::<$ty>::open(name);
                forge::unlink(name);
                if let Ok(view) = &read_only {
                    (**view).read();
                    let _ = format!("{view:?}");
                }
                match (writable, read_only) {
                    (Ok(state), Ok(view)) => use_it(&state, &view, $value, $sound),
                    (Ok(_), Err(error)) => panic!("opened to write, but not to read: {error}"),
                    (Err(one), Err(other)) => drop((one.to_string(), other.to_string())),
                    // Of another namespace, as far as its header says.
                    (Err(error), Ok(_)) => drop(error.to_string()),
                }
            },
        }
    };
}

pub(crate) const ALL: [State; STATES] = [
    state!(Everything, kinds::example(), assert_sound),
    state!(Words, words(), shown),
    state!(Window, kinds::window(1), shown),
    state!(Account, kinds::account(), shown),
    state!(Page, kinds::page(3), shown),
    state!(Tuple, tuple(), shown),
    state!(Option<Limits>, Some(kinds::limits(1)), shown),
    state!(
        Rows,
        Rows {
            rows: [kinds::people(), vec![]]
        },
        shown
    ),
];

/// An array of lists of structs with text.
#[derive(SharedState, Clone, Debug, PartialEq)]
struct Rows {
    #[shared(capacity = 3)]
    rows: [Vec<kinds::Person>; 2],
}

reads!(RowsSlots: rows);

fn shown<T: Debug>(value: &T) {
    std::hint::black_box(format!("{value:?}"));
}

/// Reads it both ways, with one result, then writes it, after which it must be well.
fn use_it<T>(state: &Shared<T>, view: &ReadOnly<T>, value: T, sound: fn(&T))
where
    T: SharedState + Clone + Debug + PartialEq,
    T::Slots: Reads,
{
    (**state).read();
    match (state.try_snapshot(), view.try_snapshot()) {
        (Ok(one), Ok(other)) => {
            sound(&one);
            assert_eq!(format!("{one:?}"), format!("{other:?}"));
            let mut out = value.clone();
            state.snapshot_into(&mut out);
            assert_eq!(format!("{out:?}"), format!("{one:?}"));
        }
        (Err(one), Err(other)) => assert_eq!(one.to_string(), other.to_string()),
        (one, other) => panic!("{one:?} to write, but {other:?} to read"),
    }
    assert_eq!(format!("{state:?}"), format!("{view:?}"));
    state.restore(value.clone()).expect("it fits");
    assert_eq!(state.snapshot(), value);
    assert_eq!(Slot::snapshot(&**view), value);
}
