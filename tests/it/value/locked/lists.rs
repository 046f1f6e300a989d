//! Lists: what fits, what does not, and what every verb does, by several processes.

use shmstate::{CapacityExceeded, Shared, SharedState, UpdateError};

use super::support::{arguments, assert_success, in_child, name, spawn_self, start};

#[derive(SharedState, Clone, Debug, PartialEq)]
pub(crate) struct Lists {
    before: u64,
    #[shared(capacity = 4)]
    items: Vec<u32>,
    #[shared(capacity = 3)]
    next: Vec<Option<char>>,
    after: u64,
    #[shared(capacity = 0)]
    none: Vec<u8>,
    #[shared(capacity = 1200)]
    many: Vec<(u8, u32)>,
}

const BEFORE: u64 = 0x5555_5555_5555_5555;
const AFTER: u64 = !BEFORE;

fn lists() -> Lists {
    Lists {
        before: BEFORE,
        items: vec![7],
        next: vec![None, Some('ß'), None],
        after: AFTER,
        none: vec![],
        many: vec![],
    }
}

/// Fails unless the list is this one, also for another process, and all around it as it was.
#[track_caller]
fn expect(state: &Shared<Lists>, items: &[u32]) {
    let look = || {
        let found = state.snapshot();
        assert_eq!(found.items, items);
        assert_eq!(
            found,
            Lists {
                items: found.items.clone(),
                ..lists()
            }
        );
    };
    look();
    assert_success(in_child(look));
}

pub(crate) fn a_list_at_capacity_fits_and_one_element_more_does_not() {
    let state = Shared::new(lists()).expect("created");
    let too_long = |result: Result<(), CapacityExceeded>, needed: usize| {
        let exceeded = result.expect_err("it does not fit");
        assert_eq!((exceeded.capacity, exceeded.needed), (4, needed));
        assert!(
            exceeded.to_string().contains("at most 4 elements"),
            "{exceeded}"
        );
    };
    for items in [&[1, 2, 3, u32::MAX][..], &[0, 0, 0, 0]] {
        assert_success(in_child(|| state.items.set(items).expect("it fits")));
        expect(&state, items);
        let version = state.items.version();
        too_long(state.items.push(5), 5);
        too_long(state.items.extend([5, 6]), 6);
        too_long(state.items.set([9; 5]), 5);
        too_long(state.items.replace([9; 6]).map(drop), 6);
        too_long(state.items.modify(|items| items.insert(0, 9)), 5);
        for result in [
            state.items.try_set([9; 7]),
            state.items.try_modify(|items| items.resize(7, 9)),
        ] {
            let Err(UpdateError::CapacityExceeded(exceeded)) = result else {
                panic!("{result:?}");
            };
            too_long(Err(exceeded), 7);
        }
        state.items.extend([]).expect("nothing fits always");
        assert_eq!(state.items.version(), version + 1, "one was committed");
        expect(&state, items);
    }
    // All or nothing, also where a part would fit.
    state.items.set([1, 2, 3]).expect("it fits");
    too_long(state.items.extend(4..=5), 5);
    expect(&state, &[1, 2, 3]);
    assert!(state.none.push(0).is_err());
    state.none.set([]).expect("nothing fits always");
    assert_eq!((state.none.pop(), state.none.at(0)), (None, None));
    expect(&state, &[1, 2, 3]);
}

pub(crate) fn elements_pushed_by_one_process_are_popped_by_another() {
    let state = Shared::new(lists()).expect("created");
    state.items.clear();
    expect(&state, &[]);
    for i in 0..4 {
        assert_success(in_child(|| state.items.push(i).expect("it fits")));
        assert_eq!(state.items.len(), i as usize + 1);
        assert_eq!(state.items.at(i as usize), Some(i));
        assert_eq!(state.items.at(i as usize + 1), None);
    }
    for i in (0..4).rev() {
        assert_success(in_child(|| assert_eq!(state.items.pop(), Some(i))));
        assert_eq!(state.items.len(), i as usize);
    }
    assert_eq!(state.items.pop(), None);
    assert!(state.items.is_empty());
    expect(&state, &[]);
}

pub(crate) fn each_verb_of_a_list_does_what_a_vector_does() {
    let state = Shared::new(lists()).expect("created");
    let items = &state.items;
    assert_eq!(items.replace(vec![1, 2]).expect("it fits"), [7]);
    items.extend([3, 4]).expect("it fits");
    assert_eq!(items.modify(|items| items.remove(0)).expect("it fits"), 1);
    assert_eq!(items.get(), [2, 3, 4]);
    assert_eq!(items.try_get().expect("a list"), [2, 3, 4]);
    assert_eq!(items.at(usize::MAX), None);
    assert_eq!(
        items
            .try_modify(|items| items.swap_remove(0))
            .expect("free"),
        2
    );
    let mut out = vec![0; 100];
    let room = out.capacity();
    items.read_into(&mut out);
    assert_eq!((out.as_slice(), out.capacity()), (&[4, 3][..], room));
    assert_eq!(format!("{items:?}"), "[4, 3]");
    assert_eq!(items.wait_until(|items| items.len() == 2), [4, 3]);
    let message = super::support::panic_of(|| {
        items.modify(|items| {
            items.clear();
            panic!("its own")
        })
    });
    assert_eq!(message, "its own");
    expect(&state, &[4, 3]);
    // An iterator that uses the list: it is run before the lock is taken.
    items
        .extend((0..2).map(|i| items.at(i).expect("an element") + 1))
        .expect("it fits");
    expect(&state, &[4, 3, 5, 4]);
}

// If wrong: an element less than 1,200, or one that no process pushed.
pub(crate) fn every_element_pushed_by_many_processes_is_there() {
    let state = Shared::new(lists()).expect("created");
    let processes = [0_u8, 1, 2].map(|process| {
        let state = &state;
        start(move || {
            for i in 0..200 {
                state.many.push((process, i * 2)).expect("it fits");
                state.many.extend([(process, i * 2 + 1)]).expect("it fits");
            }
        })
    });
    for process in processes {
        assert_success(process.wait());
    }
    let many = state.many.get();
    assert_eq!(many.len(), 1200);
    for process in [0, 1, 2] {
        let of = many
            .iter()
            .filter(|(by, _)| *by == process)
            .map(|(_, i)| *i);
        assert!(of.eq(0..400), "the elements of process {process}");
    }
    assert!(state.many.push((0, 0)).is_err());
    assert_eq!(state.many.version(), 1 + 1200);
}

pub(crate) fn lists_go_both_ways_between_programs() {
    let name = name("lists");
    let state = Shared::create(&name, lists()).expect("created");
    let mut child = spawn_self("locked_list", |command| {
        command.arg(&name);
    });
    state.items.set([1, 2, 3]).expect("it fits");
    let answer = state
        .next
        .wait_until(|next| next.first() == Some(&Some('!')));
    assert_eq!(answer, [Some('!'), None]);
    assert_success(child.wait().expect("waited for"));
    state.next.set(lists().next).expect("it fits");
    expect(&state, &[1, 2]);
}

pub(crate) fn child() {
    let state = Shared::<Lists>::open(&arguments()[0]).expect("opened");
    state.items.wait_until(|items| items.len() == 3);
    assert_eq!(state.items.pop(), Some(3));
    state.next.set([Some('!'), None]).expect("it fits");
}
