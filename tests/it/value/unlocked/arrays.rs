//! Arrays: they are slices of slots, in every process.

use shmstate::slot::Atomic;
use shmstate::{Shared, Slot};

use super::support::{arguments, assert_success, in_child, name, spawn_self};

const LEN: usize = 50;

pub(crate) fn an_array_has_a_length_indices_and_iteration() {
    let array = Shared::new([10_i32, 20, 30, 40]).unwrap();
    assert_success(in_child(|| {
        assert_eq!(array.len(), 4);
        assert_eq!(array[0].get(), 10);
        assert_eq!(array.last().unwrap().get(), 40);
        assert!(array.get(4).is_none());
        assert_eq!(array[1..3].iter().map(Atomic::get).sum::<i32>(), 50);
        assert_eq!(array[1..3].len(), 2);
        for (i, slot) in (0..).zip(array.iter()) {
            slot.set(-i);
        }
        array[2].fetch_add(100);
    }));
    assert_eq!(array.snapshot(), [0, -1, 98, -3]);
    assert_eq!(array.iter().next_back().unwrap().get(), -3);
    let message = super::support::panic_of(|| array[array.len()].get());
    assert!(message.contains("out of bounds"), "{message}");

    // An array of arrays, and one without elements.
    let grid = Shared::new([[1_u8, 2], [3, 4], [5, 6]]).unwrap();
    assert_success(in_child(|| grid[2][1].set(60)));
    assert_eq!(grid.snapshot(), [[1, 2], [3, 4], [5, 60]]);
    assert_eq!(grid[1].snapshot(), [3, 4]);
    let empty = Shared::new([0_u64; 0]).unwrap();
    assert_success(in_child(|| assert!(empty.is_empty())));
    assert_eq!(empty.snapshot(), [0; 0]);
}

/// Each element becomes the sum of those up to it.
fn prefix_sum(array: &Shared<[i64; LEN]>) {
    for i in 1..array.len() {
        let before = array[i - 1].get();
        array[i].update(|own| own.wrapping_add(before));
    }
}

fn example() -> [i64; LEN] {
    let mut next = 7_i64;
    [(); LEN].map(|()| {
        next = next.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        next
    })
}

pub(crate) fn a_childs_prefix_sum_in_place_is_the_parents_own() {
    let mut own = example();
    for i in 1..LEN {
        own[i] = own[i].wrapping_add(own[i - 1]);
    }
    let array = Shared::new(example()).unwrap();
    assert_success(in_child(|| prefix_sum(&array)));
    assert_eq!(array.snapshot(), own);

    let array = Shared::create(&name("array"), example()).unwrap();
    let mut child = spawn_self("array", |command| {
        command.arg(name("array"));
    });
    assert_success(child.wait().unwrap());
    assert_eq!(array.snapshot(), own);
}

pub(crate) fn child() {
    prefix_sum(&Shared::open(&arguments()[0]).unwrap());
}

/// If it were not zeroed, this would name the first element that holds the last round's bytes.
fn expect_zeroed(array: &Shared<[u64; 1000]>) {
    for (i, slot) in array.iter().enumerate() {
        assert_eq!(slot.get(), 0, "element {i}");
        slot.set(u64::MAX);
    }
}

pub(crate) fn an_anonymous_array_is_zeroed_three_times_in_a_row() {
    for _ in 0..3 {
        let array = Shared::<[u64; 1000]>::zeroed().unwrap();
        assert_success(in_child(|| expect_zeroed(&array)));
        assert!(array.iter().all(|slot| slot.get() == u64::MAX));
    }
}

pub(crate) fn a_named_array_is_zeroed_also_after_the_name_was_used_before() {
    for _ in 0..3 {
        let array = Shared::<[u64; 1000]>::create_zeroed(&name("zeroed")).unwrap();
        assert_success(in_child(|| {
            expect_zeroed(&Shared::open(&name("zeroed")).unwrap());
        }));
        assert!(array.iter().all(|slot| slot.get() == u64::MAX));
    }
}
