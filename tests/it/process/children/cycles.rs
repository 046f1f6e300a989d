//! A thousand times the same, and nothing stays: no descriptor, no mapping, no memory.

use std::fs;

use shmstate::{OpenError, ReadOnly, Shared};

use super::State;
use super::support::{descriptors, name};

/// What the kernel counts: the descriptors, the mappings of every kind, and the private memory in KiB.
fn held() -> (usize, usize, u64) {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let data = status.lines().find_map(|line| line.strip_prefix("VmData:"));
    let data = data.unwrap().trim().trim_end_matches(" kB");
    (
        descriptors().len(),
        maps.lines().count(),
        data.parse().unwrap(),
    )
}

/// If one of them stayed each time, this would print counts a thousand apart.
fn a_thousand_times(cycle: impl Fn(u64)) {
    for n in 0..10 {
        cycle(n); // the allocator, the name of this process, the page that a fork wipes
    }
    let before = held();
    for n in 0..1000 {
        cycle(n);
    }
    assert_eq!(held(), before, "descriptors, mappings, KiB");
}

pub(crate) fn a_thousand_named_segments_leave_nothing_open() {
    a_thousand_times(|n| {
        let created = State::create(&name("cycle"), [n; 4]).unwrap();
        let opened = State::open(&name("cycle")).unwrap();
        assert_eq!(opened.clone()[0].get(), n);
        drop(created);
    });
}

pub(crate) fn a_thousand_anonymous_segments_leave_nothing_open() {
    a_thousand_times(|n| {
        let state = State::new([n; 4]).unwrap();
        assert_eq!(state.clone()[0].get(), n);
        drop(State::zeroed().unwrap());
        drop(State::new_with(|slots| slots[0].set(n)).unwrap());
    });
}

pub(crate) fn a_thousand_read_only_views_leave_nothing_open() {
    let state = State::create(&name("viewed"), [0; 4]).unwrap();
    let anonymous = State::new([0; 4]).unwrap();
    a_thousand_times(|n| {
        state[0].set(n);
        anonymous[0].set(n);
        let views = [
            state.read_only(),
            anonymous.read_only(),
            ReadOnly::open(&name("viewed")).unwrap(),
            ReadOnly::from_token(&state.token()).unwrap(),
            ReadOnly::from_token(&anonymous.token()).unwrap(),
        ];
        for view in views {
            assert_eq!(view[0].get(), n);
        }
    });
}

pub(crate) fn a_thousand_tokens_leave_nothing_open() {
    let named = State::create(&name("token"), [0; 4]).unwrap();
    let anonymous = State::new([0; 4]).unwrap();
    let tokens = [named.token(), anonymous.token()];
    a_thousand_times(|n| {
        for (token, state) in tokens.iter().zip([&named, &anonymous]) {
            State::from_token(token).unwrap()[0].set(n);
            assert_eq!(state[0].get(), n);
        }
    });
}

pub(crate) fn a_thousand_failed_opens_leave_nothing_open() {
    let named = State::create(&name("wrong"), [0; 4]).unwrap();
    let anonymous = State::new([0; 4]).unwrap();
    // A token of another instance under the same name, and descriptor.
    let stale = |token: String, id: u128| {
        let (mine, other) = (format!("{id:032x}"), format!("{:032x}", id ^ 1));
        let changed = token.replace(&mine, &other);
        assert_ne!(changed, token);
        changed
    };
    let tokens = [
        stale(named.token(), Shared::id(&named)),
        stale(anonymous.token(), Shared::id(&anonymous)),
    ];
    // A name that means another segment, and a number that means another file.
    let refused = |error: &OpenError| {
        matches!(
            error,
            OpenError::WrongInstance { .. } | OpenError::Gone { .. }
        )
    };
    a_thousand_times(|_| {
        for token in &tokens {
            let error = State::from_token(token).unwrap_err();
            assert!(refused(&error), "{error}");
            let error = ReadOnly::<[u64; 4]>::from_token(token).unwrap_err();
            assert!(refused(&error), "{error}");
        }
        let error = Shared::<u8>::from_token(&anonymous.token()).unwrap_err();
        assert!(matches!(error, OpenError::Mismatch { .. }), "{error}");
        assert!(Shared::<u8>::open(&name("wrong")).is_err());
        assert!(ReadOnly::<u8>::open(&name("wrong")).is_err());
        assert!(State::create(&name("wrong"), [0; 4]).is_err());
        assert!(State::inherit("missing").is_err());
        let refused = Shared::<std::num::NonZeroU8>::new_with(|_| ());
        assert!(refused.is_err());
    });
}
