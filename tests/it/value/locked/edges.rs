//! Types with one lock-guarded slot, each with its edge values: the parent's initial value is read by the
//! child, and the child's write is read by the parent.

use std::fmt::Debug;
use std::num::NonZero;
use std::process::Command;
use std::time::Duration;

use shmstate::{ShareCommand, Shared, SharedState};

use super::support::{arguments, assert_success, in_child, name, spawn_self};

#[derive(SharedState, Clone, Debug, PartialEq)]
#[repr(i64)]
enum Sign {
    Minus = i64::MIN,
    Zero = 0,
    Plus = i64::MAX,
}

#[derive(SharedState, Clone, Debug, PartialEq)]
#[shared(lock)]
struct Point {
    x: i128,
    sign: Sign,
    #[shared(capacity = 5)]
    name: String,
    #[shared(capacity = 2)]
    tags: Vec<Option<char>>,
    #[shared(capacity = 3)]
    pair: [String; 2],
}

trait Edges: SharedState + Clone + Debug + PartialEq {
    /// Its extremes, and values that tell a wrong width, sign or place; no two are the same.
    fn edges() -> Vec<Self>;
}

macro_rules! edges {
    ($($ty:ty: [$($edge:expr),* $(,)?];)*) => {
        $(impl Edges for $ty {
            fn edges() -> Vec<$ty> {
                vec![$($edge),*]
            }
        })*

        /// Every type above.
        const CASES: &[Case] = &[$(Case {
            name: stringify!($ty),
            create: |name, i| {
                let value = <$ty>::edges().remove(i);
                let shared = match name {
                    Some(name) => Shared::create(name, value),
                    None => Shared::new(value),
                };
                Box::new(shared.expect("created"))
            },
            open: |way, argument| {
                Box::new(match way {
                    "name" => Shared::<$ty>::open(argument),
                    "inherit" => Shared::inherit("value"),
                    _ => Shared::from_token(argument),
                }.expect("opened"))
            },
            edges: || <$ty>::edges().len(),
        }),*];
    };
}

edges! {
    u128: [0, u128::MAX, 1, 1 << 127, 0x0123_4567_89ab_cdef_1122_3344_5566_7788];
    i128: [0, i128::MIN, i128::MAX, -1, 1 << 64, -(1 << 64)];
    Option<u8>: [None, Some(0), Some(u8::MAX)];
    Option<bool>: [None, Some(false), Some(true)];
    Option<char>: [None, Some('\0'), Some(char::MAX), Some('ß')];
    Option<i64>: [None, Some(0), Some(i64::MIN), Some(-1)];
    Option<u128>: [None, Some(0), Some(u128::MAX)];
    Option<Sign>: [None, Some(Sign::Minus), Some(Sign::Zero), Some(Sign::Plus)];
    Option<Option<u16>>: [None, Some(None), Some(Some(0)), Some(Some(u16::MAX))];
    Option<(u8, Duration)>: [None, Some((0, Duration::ZERO)), Some((255, Duration::MAX))];
    Option<[u32; 3]>: [None, Some([0; 3]), Some([1, 2, u32::MAX])];
    (u64,): [(0,), (u64::MAX,), (1 << 33,)];
    (u8, u64): [(0, 0), (u8::MAX, 1), (1, u64::MAX), (0, 1 << 33)];
    (bool, char, i16): [(false, '\0', 0), (true, char::MAX, i16::MIN), (true, 'ß', -1)];
    (Option<NonZero<u32>>, NonZero<i8>): [
        (None, NonZero::<i8>::MIN),
        (NonZero::new(1), NonZero::<i8>::MAX),
        (NonZero::new(u32::MAX), NonZero::<i8>::MIN),
    ];
    ((u8, u8), [u16; 2], ()): [((0, 0), [0; 2], ()), ((1, 2), [3, 4], ()), ((2, 1), [4, 3], ())];
    (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u128): [
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, u128::MAX - 11),
    ];
    Duration: [
        Duration::ZERO,
        Duration::MAX,
        Duration::from_nanos(1),
        Duration::new(0, 999_999_999),
        Duration::new(1 << 33, 5),
    ];
    [u128; 3]: [[0; 3], [1, 2, u128::MAX]];
    Point: [
        Point {
            x: 0,
            sign: Sign::Zero,
            name: String::new(),
            tags: vec![],
            pair: [const { String::new() }; 2],
        },
        Point {
            x: i128::MIN,
            sign: Sign::Minus,
            name: "äb\0".to_owned(),
            tags: vec![None, Some('\u{10ffff}')],
            pair: ["abc".to_owned(), "\0".to_owned()],
        },
        Point {
            x: i128::MAX,
            sign: Sign::Plus,
            name: "12345".to_owned(),
            tags: vec![Some('x')],
            pair: [String::new(), "ß".to_owned()],
        },
    ];
}

struct Case {
    name: &'static str,
    create: fn(Option<&str>, usize) -> Box<dyn Live>,
    open: fn(&str, &str) -> Box<dyn Live>,
    edges: fn() -> usize,
}

/// A handle, whatever its type.
trait Live {
    fn expect(&self, i: usize);
    fn write(&self, i: usize);
    fn share(&self, command: &mut Command);
    fn token(&self) -> String;
}

impl<T: Edges> Live for Shared<T> {
    fn expect(&self, i: usize) {
        let expected = &T::edges()[i];
        assert_eq!(&self.snapshot(), expected);
        assert_eq!(&self.read_only().snapshot(), expected);
        let mut out = T::edges().remove(0);
        self.snapshot_into(&mut out);
        assert_eq!(&out, expected);
    }

    fn write(&self, i: usize) {
        self.restore(T::edges().remove(i)).expect("it fits");
    }

    fn share(&self, command: &mut Command) {
        command.share("value", self);
    }

    fn token(&self) -> String {
        Shared::token(self)
    }
}

/// What a child does: it reads edge number `i`, and writes the one after it.
fn take_turn(value: &dyn Live, i: usize, edges: usize) {
    value.expect(i);
    value.write((i + 1) % edges);
}

fn for_every_value(named: bool, turn: impl Fn(&Case, &dyn Live, &str, usize)) {
    let name = name("value");
    for case in CASES {
        let edges = (case.edges)();
        assert!(edges > 1, "one value could not tell a write from none");
        for i in 0..edges {
            let value = (case.create)(named.then_some(&name), i);
            turn(case, &*value, &name, i);
            value.expect((i + 1) % edges);
        }
    }
}

fn spawn(way: &str, case: &Case, i: usize, argument: &str, value: Option<&dyn Live>) {
    let mut child = spawn_self("edge", |command| {
        command.args([way, case.name, &i.to_string(), argument]);
        if let Some(value) = value {
            value.share(command);
        }
    });
    let status = child.wait().expect("waited for");
    assert!(
        status.success(),
        "{}, edge {i}, by {way}: {status}",
        case.name
    );
}

pub(crate) fn child() {
    let arguments = arguments();
    let [way, ty, i, argument] = &arguments[..] else {
        panic!("{arguments:?}");
    };
    let case = CASES
        .iter()
        .find(|case| case.name == ty)
        .expect("a type of the table");
    let value = (case.open)(way, argument);
    take_turn(&*value, i.parse().expect("a number"), (case.edges)());
}

pub(crate) fn every_value_goes_both_ways_through_a_fork() {
    for named in [true, false] {
        for_every_value(named, |case, value, _, i| {
            assert_success(in_child(|| take_turn(value, i, (case.edges)())));
        });
    }
}

pub(crate) fn every_value_goes_both_ways_by_name() {
    for_every_value(true, |case, _, name, i| spawn("name", case, i, name, None));
}

pub(crate) fn every_value_goes_both_ways_by_inheritance() {
    for_every_value(false, |case, value, _, i| {
        spawn("inherit", case, i, "", Some(value));
    });
}

pub(crate) fn every_value_goes_both_ways_by_a_token() {
    for named in [true, false] {
        for_every_value(named, |case, value, _, i| {
            spawn("token", case, i, &value.token(), None);
        });
    }
}

pub(crate) fn floats_in_a_locked_value_keep_their_bits() {
    let values = [
        0.0,
        -0.0,
        f64::MIN,
        f64::MAX,
        f64::INFINITY,
        f64::MIN_POSITIVE,
        3.625,
    ];
    // Two kinds of what is no number, and the least that is one.
    let odd = [0x7ff8_0000_0000_0001, 0xfff4_dead_beef_0000, 1].map(f64::from_bits);
    let state = Shared::new((0.0_f64, Some(0.0_f32), 0.0_f64)).expect("created");
    for value in values.into_iter().chain(odd) {
        #[allow(clippy::cast_possible_truncation)] // any value will do
        let small = f32::from_bits(value.to_bits() as u32);
        assert_success(in_child(|| state.set((value, Some(small), -value))));
        let (first, second, third) = state.get();
        assert_eq!(first.to_bits(), value.to_bits());
        assert_eq!(second.map(f32::to_bits), Some(small.to_bits()));
        assert_eq!(third.to_bits(), (-value).to_bits());
    }
}
