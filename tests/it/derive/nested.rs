//! Capacities within capacities.

use std::collections::BTreeSet;

use shared_testkit::{Test, tests};
use shmstate::{CapacityExceeded, Shared, SharedState, Slot};

pub(crate) const TESTS: &[Test] = tests![
    each_text_and_list_in_a_type_has_a_capacity_of_its_own,
    what_does_not_fit_is_named_by_its_path,
    the_capacities_are_part_of_the_layout,
];

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
struct State {
    #[shared(capacity = [3, 8])]
    names: Vec<String>,
    #[shared(capacity = 4)]
    named: (String, u32),
    #[shared(capacity = [2, 5, 3], cache_padded)]
    deep: [Vec<(Option<String>, Vec<u16>)>; 2],
    inner: Inner,
}

#[derive(SharedState, Clone, Debug, Default, PartialEq)]
#[shared(lock)]
struct Inner {
    #[shared(capacity = [2, 2])]
    tags: Vec<String>,
    number: u8,
}

fn filled() -> State {
    State {
        names: vec!["12345678".to_owned(), String::new(), "1".to_owned()],
        named: ("1234".to_owned(), 5),
        deep: [
            vec![(Some("12345".to_owned()), vec![1, 2, 3]), (None, vec![])],
            vec![],
        ],
        inner: Inner {
            tags: vec!["12".to_owned(); 2],
            number: 7,
        },
    }
}

fn each_text_and_list_in_a_type_has_a_capacity_of_its_own() {
    let state = Shared::new(State::default()).unwrap();
    assert_eq!(state.snapshot(), State::default());
    Slot::restore(&*state, filled()).unwrap();
    assert_eq!(state.snapshot(), filled());
    state.names.modify(|names| names[1].push('x')).unwrap();
    assert_eq!(state.names.at(1).as_deref(), Some("x"));
    state.named.modify(|named| named.1 += 1);
    assert_eq!(state.named.get(), ("1234".to_owned(), 6));
    assert_eq!(state.deep[0].len(), 2);
}

fn what_does_not_fit_is_named_by_its_path() {
    let state = Shared::new(filled()).unwrap();
    let mut value = filled();
    value.deep[1] = vec![(Some("123456".to_owned()), vec![])];
    let exceeded: CapacityExceeded = Slot::restore(&*state, value).unwrap_err();
    assert_eq!(exceeded.field, "deep[1][0].0");
    assert_eq!(state.snapshot(), filled());
    let exceeded = state.names.set(["123456789".to_owned()]).unwrap_err();
    assert!(exceeded.field.ends_with("[0]"), "{exceeded}");
    let exceeded = state
        .inner
        .try_modify(|inner| inner.tags[1].push('3'))
        .unwrap_err();
    assert!(exceeded.to_string().contains("tags[1]"), "{exceeded}");
}

fn the_capacities_are_part_of_the_layout() {
    #[derive(SharedState)]
    struct Names {
        #[shared(capacity = [3, 8])]
        names: Vec<String>,
    }
    #[derive(SharedState)]
    struct LongerNames {
        #[shared(capacity = [3, 9])]
        names: Vec<String>,
    }
    #[derive(SharedState)]
    struct MoreNames {
        #[shared(capacity = [4, 8])]
        names: Vec<String>,
    }

    let fingerprints: BTreeSet<u64> = [
        Shared::<Names>::schema().fingerprint(),
        Shared::<LongerNames>::schema().fingerprint(),
        Shared::<MoreNames>::schema().fingerprint(),
    ]
    .into();
    assert_eq!(fingerprints.len(), 3);
}
