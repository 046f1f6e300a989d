//! Type and const parameters under every attribute.

use std::num::NonZeroU16;
use std::time::Duration;

use shmstate::{Access, Shared, SharedState, Slot};

use super::{Limits, Phase, Window};

/// A generic state may use its parameter in every way.
#[derive(SharedState, Clone, Debug, PartialEq)]
struct Generic<T: SharedState, const N: usize> {
    plain: T,
    #[shared(lock)]
    locked: T,
    option: Option<T>,
    #[shared(lock)]
    locked_option: Option<T>,
    pair: (T, u8),
    #[shared(capacity = N)]
    list: Vec<T>,
    #[shared(capacity = N)]
    text: String,
    #[shared(lock)]
    array: [T; N],
    #[shared(cache_padded)]
    padded: [Option<T>; N],
    inner: LockedGeneric<T, N>,
}

#[derive(SharedState, Clone, Debug, PartialEq)]
#[shared(lock)]
struct LockedGeneric<T: SharedState, const N: usize> {
    first: T,
    rest: [T; N],
    #[shared(capacity = N)]
    list: Vec<T>,
}

impl<T: SharedState, const N: usize> GenericSlots<T, N> {
    fn exchange(&self, value: LockedGeneric<T, N>) -> LockedGeneric<T, N> {
        self.inner.replace(value)
    }
}

impl<T: SharedState, const N: usize, A: Access> GenericSlots<T, N, A> {
    fn both(&self) -> (T, T) {
        (self.plain.snapshot(), self.locked.snapshot())
    }
}

fn generic<T: SharedState + Clone + PartialEq + std::fmt::Debug>(one: &T, two: &T) {
    let inner = LockedGeneric {
        first: one.clone(),
        rest: [two.clone(), one.clone()],
        list: vec![two.clone()],
    };
    let value = Generic::<T, 2> {
        plain: one.clone(),
        locked: two.clone(),
        option: Some(one.clone()),
        locked_option: None,
        pair: (two.clone(), 3),
        list: vec![one.clone(), two.clone()],
        text: "ab".to_owned(),
        array: [two.clone(), one.clone()],
        padded: [None, Some(two.clone())],
        inner: inner.clone(),
    };
    let state = Shared::new(value.clone()).unwrap();
    assert_eq!(state.snapshot(), value);
    assert_eq!(state.read_only().both(), (one.clone(), two.clone()));
    let other = LockedGeneric {
        list: vec![],
        ..inner.clone()
    };
    assert_eq!(state.exchange(other.clone()), inner);
    assert_eq!(state.inner.get(), other);
    let long = Generic {
        list: vec![one.clone(); 3],
        ..value.clone()
    };
    assert_eq!(state.restore(long).unwrap_err().field, "list");
    let long = LockedGeneric {
        list: vec![one.clone(); 3],
        ..inner
    };
    let long = Generic {
        inner: long,
        ..value
    };
    assert_eq!(state.restore(long).unwrap_err().field, "inner.list");
}

pub(super) fn a_parameter_may_stand_under_every_attribute() {
    generic(&1_u32, &2);
    generic(&true, &false);
    generic(&Phase::Idle, &Phase::Busy);
    generic(&Limits { low: 1, high: 2 }, &Limits::default());
    generic(&(1_u8, Some(2_u64)), &(3, None));
    generic(&NonZeroU16::MIN, &NonZeroU16::MAX);
    generic(&NonZeroU16::new(4), &None);
    generic(&[1_u128, 2], &[3, 4]);
    generic(&Some(Duration::MAX), &None);
    generic(&(), &());
    generic(
        &Account {
            cents: -1,
            of: Window::default(),
        },
        &Account::default(),
    );
}

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
#[shared(lock)]
struct Account {
    cents: i64,
    of: Window,
}
