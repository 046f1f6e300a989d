//! The verbs of an atomic slot, each beside what `std` does.

use std::num::NonZeroI16;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{
    AtomicBool, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicU8, AtomicU16,
    AtomicU32, AtomicU64, AtomicUsize,
};

use shmstate::Shared;

use super::support::{assert_success, in_child};
use super::types::{Edges, InI32, Phase};

/// Pairs of a type's edges: what is there, and what comes.
pub(crate) fn pairs<T: Edges>() -> impl Iterator<Item = (T, T)> {
    let edges = T::edges();
    let second = edges.clone();
    edges
        .into_iter()
        .flat_map(move |a| second.clone().into_iter().map(move |b| (a, b)))
}

/// For each pair: the same verb on both sides returns and leaves the same.
macro_rules! integer {
    ($int:ident $std:ident: $($verb:ident)*) => {
        for (a, b) in pairs::<$int>() {
            let (ours, theirs) = (Shared::new(a).unwrap(), $std::new(a));
            let same = |verb: &str, one: $int, other: $int| {
                let what = || format!("{}: {a} {verb} {b}", stringify!($int));
                assert_eq!(one, other, "{} returns", what());
                assert_eq!(ours.get(), theirs.load(SeqCst), "{} leaves", what());
                ours.set(a);
                theirs.store(a, SeqCst);
            };
            $(same(stringify!($verb), ours.$verb(b), theirs.$verb(b, SeqCst));)*
            same("replace", ours.replace(b), theirs.swap(b, SeqCst));
            let f = |v: $int| v.rotate_left(3).wrapping_add(b);
            let updated = theirs.fetch_update(SeqCst, SeqCst, |v| Some(f(v))).unwrap();
            same("update", ours.update(f), updated);
            for current in [a, b] {
                let one = ours.compare_exchange(current, b);
                let other = theirs.compare_exchange(current, b, SeqCst, SeqCst);
                assert_eq!(one, other, "{a} compare_exchange {current} {b}");
                same("compare_exchange", 0, 0);
            }
            assert_eq!(ours.raw().load(SeqCst), a);
        }
    };
}

pub(crate) fn integers_behave_as_the_atomics_of_std() {
    assert_success(in_child(|| {
        macro_rules! all {
            ($($int:ident $std:ident),*) => {$(
                integer!($int $std: fetch_add fetch_sub fetch_max fetch_min fetch_and fetch_or fetch_xor);
            )*};
        }
        all!(u8 AtomicU8, u16 AtomicU16, u32 AtomicU32, u64 AtomicU64, usize AtomicUsize);
        all!(i8 AtomicI8, i16 AtomicI16, i32 AtomicI32, i64 AtomicI64, isize AtomicIsize);
    }));
}

/// The same by bits, or both `NaN` where it was computed: which `NaN` is the processor's choice; or
/// both zero: which of the two `max` and `min` return is the compiler's.
macro_rules! float {
    ($float:ident: $($verb:ident $plain:expr),*) => {
        for (a, b) in pairs::<$float>() {
            let ours = Shared::new(a).unwrap();
            let leaves = |verb: &str, returned: $float, expected: $float| {
                let what = || format!("{a} {verb} {b}");
                assert_eq!(returned.to_bits(), a.to_bits(), "{} returns", what());
                let left = ours.get();
                let same = left.to_bits() == expected.to_bits()
                    || left.is_nan() && expected.is_nan()
                    || left.abs().to_bits() == 0 && expected.abs().to_bits() == 0;
                assert!(same, "{} leaves {left} instead of {expected}", what());
                ours.set(a);
            };
            $({
                let plain: fn($float, $float) -> $float = $plain;
                leaves(stringify!($verb), ours.$verb(b), plain(a, b));
            })*
            leaves("update", ours.update(|v| v * 2.0 + b), a * 2.0 + b);
            let returned = ours.replace(b);
            assert_eq!(ours.get().to_bits(), b.to_bits());
            leaves("replace", returned, b);
        }
    };
}

pub(crate) fn floats_behave_as_plain_arithmetic() {
    assert_success(in_child(|| {
        float!(f64: fetch_add |a, b| a + b, fetch_sub |a, b| a - b, fetch_max f64::max, fetch_min f64::min);
        float!(f32: fetch_add |a, b| a + b, fetch_sub |a, b| a - b, fetch_max f32::max, fetch_min f32::min);
        let number = Shared::new(f64::NAN).unwrap();
        number.fetch_max(-3.5);
        assert_eq!(
            number.get().to_bits(),
            (-3.5_f64).to_bits(),
            "`NaN` gives way"
        );
        number.fetch_min(f64::NAN);
        assert_eq!(number.get().to_bits(), (-3.5_f64).to_bits(), "to a number");
    }));
}

pub(crate) fn floats_are_compared_by_their_bits() {
    let number = Shared::new(-0.0_f64).unwrap();
    assert_success(in_child(|| {
        let found = number.compare_exchange(0.0, 1.0).unwrap_err();
        assert!(found.is_sign_negative(), "-0.0 is not 0.0 here");
        assert!(number.compare_exchange(-0.0, f64::NAN).is_ok());
        assert!(number.compare_exchange(f64::NAN, 2.5).is_ok());
    }));
    assert_eq!(number.get().to_bits(), 2.5_f64.to_bits());
}

pub(crate) fn bools_behave_as_the_atomic_of_std() {
    assert_success(in_child(|| {
        for (a, b) in pairs::<bool>() {
            let (ours, theirs) = (Shared::new(a).unwrap(), AtomicBool::new(a));
            let same = |verb: &str, one: bool, other: bool| {
                assert_eq!(one, other, "{a} {verb} {b} returns");
                assert_eq!(ours.get(), theirs.load(SeqCst), "{a} {verb} {b} leaves");
                ours.set(a);
                theirs.store(a, SeqCst);
            };
            same("and", ours.fetch_and(b), theirs.fetch_and(b, SeqCst));
            same("or", ours.fetch_or(b), theirs.fetch_or(b, SeqCst));
            same("xor", ours.fetch_xor(b), theirs.fetch_xor(b, SeqCst));
            same("replace", ours.replace(b), theirs.swap(b, SeqCst));
            let updated = theirs.fetch_update(SeqCst, SeqCst, |v| Some(!v)).unwrap();
            same("update", ours.update(|v| !v), updated);
            for current in [false, true] {
                let one = ours.compare_exchange(current, b);
                let other = theirs.compare_exchange(current, b, SeqCst, SeqCst);
                assert_eq!(one, other, "{a} compare_exchange {current} {b}");
                same("compare_exchange", a, a);
            }
        }
    }));
}

/// `replace`, `update` and `compare_exchange` of a type that has no others.
fn exchange<T: Edges + PartialEq>() {
    for (a, b) in pairs::<T>() {
        let slot = Shared::new(a).unwrap();
        assert_success(in_child(|| assert!(slot.replace(b) == a)));
        assert!(slot.get() == b);
        assert_success(in_child(|| {
            let before = slot.update(|v| if v == b { a } else { b });
            assert!(before == b);
        }));
        assert!(slot.get() == a);
        assert_success(in_child(|| {
            assert!(slot.compare_exchange(a, b) == Ok(a));
            if a != b {
                assert!(slot.compare_exchange(a, b) == Err(b));
            }
        }));
        assert!(slot.get() == b);
    }
}

pub(crate) fn values_that_are_no_numbers_are_replaced_and_exchanged() {
    exchange::<char>();
    exchange::<Phase>();
    exchange::<InI32>();
    exchange::<NonZeroI16>();
    exchange::<Option<NonZeroI16>>();
}
