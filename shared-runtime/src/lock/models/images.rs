//! The version: a copy that counts is whole, whatever is committed meanwhile.

use super::machine::me;
use super::platform::{
    All, NoAcquireFence, NoReleaseFence, RelaxedVersion, Rules, ThreeImages, ValidOneMore,
};
use super::{Explored, Slot, explore, join, must_fail};
use crate::access::{Access, Read, Write};

/// One commits `commits` values, from `version` on, and another reads.
fn read<R: Rules, A: Access>(
    version: u64,
    commits: u64,
    reads: usize,
    preemptions: Option<usize>,
) -> Explored {
    explore(preemptions, move |machine| {
        let slot = Slot::<R>::at(version);
        let committer = {
            let slot = slot.clone();
            machine.spawn(0, move || {
                for _ in 0..commits {
                    slot.change(|value| value + 1);
                }
            })
        };
        let reader = machine.spawn(1, move || {
            let values: Vec<_> = (0..reads).filter_map(|_| slot.try_read::<A>()).collect();
            assert!(values.is_sorted(), "went back: {values:?}");
        });
        join([committer, reader].into_iter());
    })
}

/// The fourth commit from a version on writes the image that was current then.
#[test]
fn a_copy_is_torn_by_no_commit() {
    read::<All, Write>(0, 4, 1, None).at_least(7_000);
    read::<All, Write>(0, 5, 1, Some(3)).at_least(3_000);
}

#[test]
fn a_copy_from_a_read_only_mapping_is_torn_by_no_commit() {
    read::<All, Read>(0, 4, 1, None).at_least(7_000);
    read::<All, Read>(0, 5, 1, Some(3)).at_least(3_000);
}

#[test]
fn a_copy_is_torn_by_no_commit_where_the_version_wraps_around() {
    for before in 0..4 {
        read::<All, Write>(u64::MAX - before, 4, 1, Some(3)).at_least(900);
    }
}

#[test]
fn the_next_read_is_not_older() {
    read::<All, Write>(0, 4, 2, Some(2)).at_least(2_000);
    read::<All, Read>(0, 4, 2, Some(2)).at_least(2_000);
}

#[test]
fn a_copy_is_torn_by_neither_of_two_committers() {
    explore(Some(2), |machine| {
        let slot = Slot::<All>::new();
        join((0..3).map(|actor| {
            let slot = slot.clone();
            machine.spawn(actor, move || {
                if actor == 2 {
                    slot.try_read::<Read>();
                } else {
                    for _ in 0..2 {
                        slot.update(me(actor), |value| value + 1);
                    }
                }
            })
        }));
        assert_eq!(slot.value(), 4, "lost update");
    })
    .at_least(4_000);
}

/// Adds, for each rule, the test that copies are torn without it.
macro_rules! torn_without {
    ($($test:ident: $rule:ty, $commits:literal commits from $version:expr;)*) => {$(
        #[test]
        fn $test() {
            must_fail("torn", || {
                read::<$rule, Write>($version, $commits, 1, Some(3));
            });
        }
    )*};
}
torn_without! {
    a_copy_that_counts_for_one_commit_more_is_torn: ValidOneMore, 4 commits from 0;
    without_a_release_fence_before_the_image_a_copy_is_torn: NoReleaseFence, 4 commits from 0;
    without_an_acquire_fence_after_the_image_a_copy_is_torn: NoAcquireFence, 4 commits from 0;
    with_a_relaxed_version_a_copy_is_torn: RelaxedVersion, 1 commits from 0;
    // 2^64 is not a multiple of 3: the greatest version and the next one have the same image.
    with_three_images_a_copy_is_torn_where_the_version_wraps_around: ThreeImages, 1 commits from u64::MAX;
}

#[test]
fn three_images_do_where_the_version_does_not_wrap_around() {
    read::<ThreeImages, Write>(0, 4, 1, Some(3)).at_least(1_000);
}
