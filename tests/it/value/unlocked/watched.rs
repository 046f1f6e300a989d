//! A field that can be waited for holds what an atomic does, and its verbs do the same.

use std::process::Command;
use std::time::Duration;

use shmstate::slot::{BitOps, Number};
use shmstate::{ShareCommand, Shared, SharedState};

use super::support::{assert_success, in_child};
use super::types::{Edges, InI8, InI16, InI32, InI64, InU8, InU16, InU32, InU64, Live, Phase};
use super::verbs::pairs;

#[derive(SharedState)]
pub(crate) struct Watch<T: SharedState> {
    #[shared(watch)]
    pub(crate) value: T,
}

impl<T: Edges> Live for Shared<Watch<T>> {
    #[track_caller]
    fn expect(&self, i: usize) {
        let edge = T::edges()[i];
        let read = [
            self.value.get(),
            self.value.try_get().expect("a value"),
            self.snapshot().value,
            self.read_only().value.get(),
            self.value
                .wait_until_for(Duration::ZERO, |value| value.bits() == edge.bits())
                .expect("it is that"),
        ];
        for value in read {
            assert_eq!(value.bits(), edge.bits(), "{value:?} instead of {edge:?}");
        }
    }
    fn write(&self, i: usize) {
        self.value.set(T::edges()[i]);
    }
    fn token(&self) -> String {
        self.token()
    }
    fn share(&self, command: &mut Command) {
        command.share("value", self);
    }
}

/// An atomic and a watched field, which the same is done to.
struct Both<T: Edges> {
    atomic: Shared<T>,
    watched: Shared<Watch<T>>,
    before: T,
    what: String,
}

impl<T: Edges> Both<T> {
    fn of(a: T, b: T) -> Self {
        Both {
            atomic: Shared::new(a).expect("create"),
            watched: Shared::new(Watch { value: a }).expect("create"),
            before: a,
            what: format!("{a:?} and {b:?}"),
        }
    }

    /// Fails unless the same verb of the two has returned and left the same; undoes it.
    #[track_caller]
    fn same(&self, verb: &str, one: T, other: T) {
        let what = || format!("{}: {verb}", self.what);
        assert!(
            alike(one, other),
            "{} returns {other:?}, not {one:?}",
            what()
        );
        let (one, other) = (self.atomic.get(), self.watched.value.get());
        assert!(
            alike(one, other),
            "{} leaves {other:?}, not {one:?}",
            what()
        );
        self.atomic.set(self.before);
        self.watched.value.set(self.before);
    }
}

/// The same by bits; or any two `NaN` or zeros, which are the processor's and the compiler's choice where they were
/// computed.
fn alike<T: Edges>(one: T, other: T) -> bool {
    let shown = |value: T| format!("{value:?}").trim_start_matches('-').to_owned();
    one.bits() == other.bits()
        || shown(one) == shown(other) && matches!(&*shown(one), "NaN" | "0.0")
}

macro_rules! verbs {
    ($(#[$attribute:meta])* $function:ident: $bound:path: $($verb:ident)*) => {
        $(#[$attribute])*
        fn $function<T: Edges + $bound>() {
            for (a, b) in pairs::<T>() {
                let both = Both::of(a, b);
                $(both.same(stringify!($verb), both.atomic.$verb(b), both.watched.value.$verb(b));)*
            }
        }
    };
}

verbs!(numbers: Number: fetch_add fetch_sub fetch_max fetch_min);
verbs!(bits: BitOps: fetch_and fetch_or fetch_xor);

fn all<T: Edges>() {
    for (a, b) in pairs::<T>() {
        let both = Both::of(a, b);
        let (atomic, watched) = (&both.atomic, &both.watched.value);
        both.same("replace", atomic.replace(b), watched.replace(b));
        both.same("update", atomic.update(|_| b), watched.update(|_| b));
        for current in [a, b] {
            let (one, other) = (
                atomic.compare_exchange(current, b),
                watched.compare_exchange(current, b),
            );
            assert_eq!(one.is_ok(), other.is_ok(), "{}", both.what);
            let found = |result: Result<T, T>| result.unwrap_or_else(|found| found);
            both.same("compare_exchange", found(one), found(other));
        }
    }
}

/// If a verb were another, this would print both values, what it did, and what it returned.
pub(crate) fn a_watched_field_does_what_the_atomic_does() {
    macro_rules! each {
        ($function:ident: $($ty:ty)*) => {
            $(assert_success(in_child($function::<$ty>));)*
        };
    }
    each!(all: u8 u16 u32 u64 usize i8 i16 i32 i64 isize f32 f64 bool char);
    each!(all: Phase InU8 InU16 InU32 InU64 InI8 InI16 InI32 InI64);
    each!(all: std::num::NonZero<i16> std::num::NonZero<u64> Option<std::num::NonZero<i16>>);
    each!(numbers: u8 u16 u32 u64 usize i8 i16 i32 i64 isize f32 f64);
    each!(bits: u8 u16 u32 u64 usize i8 i16 i32 i64 isize bool);
}
