//! What the kernel is told of the lock that a thread holds: the word that it looks at when the thread ends.
//!
//! If any of this were wrong, a lock of the living could be given away, or a waiter for one of the dead be forgotten.

#![allow(unsafe_code)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use shmstate::{Locked, Shared};

use super::support::{in_child, watchdog};
use super::{Pair, add, check, stage};

/// Where this thread leaves its note: the third word of the C library's list.
fn place() -> *mut usize {
    let (mut list, mut len) = (ptr::null_mut::<usize>(), 0_usize);
    // SAFETY: the kernel fills the two.
    let told = unsafe { libc::syscall(libc::SYS_get_robust_list, 0, &raw mut list, &raw mut len) };
    assert_eq!((told, len), (0, 24));
    list.wrapping_add(2)
}

fn note() -> usize {
    // SAFETY: a word of this thread.
    unsafe { place().read_volatile() }
}

/// Leaves a note as the C library does.
fn leave(note: usize) {
    // SAFETY: a word of this thread; the kernel reads it when the thread ends, which is not before it is put back.
    unsafe { place().write_volatile(note) };
}

/// The note about this lock.
fn of(pair: &Locked<Pair>) -> usize {
    let mut of = 0;
    pair.modify(|_| of = note());
    assert_ne!(of, 0);
    of
}

fn fails(f: impl FnOnce()) {
    catch_unwind(AssertUnwindSafe(f)).expect_err("it panics");
}

pub(crate) fn the_kernel_is_told_of_the_innermost_lock_as_long_as_it_is_held() {
    watchdog(100);
    let (pair, _) = stage();
    let other: Shared<Pair> = Shared::new((0, 0)).expect("create");
    let (outer, inner) = (of(&pair), of(&other));
    assert_ne!(outer, inner);
    assert_eq!(note(), 0);
    pair.modify(|_| {
        assert_eq!(note(), outer);
        other.modify(|_| assert_eq!(note(), inner));
        assert_eq!(note(), outer);
        other.set((1, 1));
        assert_eq!(note(), outer);
        fails(|| other.modify(|_| panic!("in the middle")));
        assert_eq!(note(), outer);
        fails(|| pair.modify(|_| ()));
        assert_eq!(note(), outer);
    });
    assert_eq!(note(), 0);
    fails(|| pair.modify(|_| panic!("in the middle")));
    assert_eq!(note(), 0);
}

pub(crate) fn who_does_not_get_the_lock_leaves_no_note() {
    watchdog(100);
    let (pair, _) = stage();
    let holder = super::slot::hold(|inside| pair.modify(|_| inside()));
    pair.try_modify(add).expect_err("it is held");
    assert_eq!(note(), 0);
    holder.release();
}

/// The number of its thread may be the parent's, in another PID namespace, or be anywhere where the segment was.
pub(crate) fn a_child_that_is_forked_within_a_change_has_no_note() {
    watchdog(100);
    let (pair, _) = stage();
    let outer = of(&pair);
    pair.modify(|_| {
        let child = in_child(|| {
            assert_eq!(note(), 0);
            let other: Shared<Pair> = Shared::new((0, 0)).expect("create");
            let inner = of(&other);
            other.modify(|_| assert_eq!(note(), inner));
            assert_eq!(note(), 0);
        });
        assert!(child.success());
        assert_eq!(note(), outer);
    });
    // One that comes back from the change, and goes on.
    let parent = std::process::id();
    let mut child = None;
    pair.modify(|pair| {
        add(pair);
        child = match super::support::fork() {
            super::support::Fork::Parent(process) => Some(process),
            super::support::Fork::Child => None,
        };
    });
    assert_eq!(note(), 0);
    let Some(child) = child else {
        assert_ne!(std::process::id(), parent);
        of(&Shared::<Pair>::new((0, 0)).expect("create"));
        assert_eq!(note(), 0);
        // SAFETY: ends the process.
        unsafe { libc::_exit(0) };
    };
    super::support::assert_success(child.wait());
    check(&pair, 1, 0);
}

/// A signal handler may change a slot while its thread is about one of the C library's own robust mutexes.
pub(crate) fn the_note_of_the_c_library_is_put_back() {
    watchdog(100);
    let (pair, _) = stage();
    let lock = of(&pair);
    let word = 0_u64;
    for theirs in [(&raw const word).addr(), (&raw const word).addr() | 1] {
        leave(theirs);
        pair.modify(|_| assert_eq!(note(), lock));
        assert_eq!(note(), theirs);
        fails(|| pair.modify(|_| panic!("in the middle")));
        assert_eq!(note(), theirs);
        leave(0);
    }
}

/// The closure may lock one of them, after which there is no note. If that were taken for "within no change", the inner
/// change would take the lock from the outer one.
pub(crate) fn a_change_within_itself_is_refused_although_the_c_library_has_cleared_the_note() {
    watchdog(100);
    let (pair, _) = stage();
    of(&pair);
    pair.modify(|outer| {
        leave(0);
        fails(|| pair.modify(add));
        add(outer);
    });
    assert_eq!(note(), 0);
    check(&pair, 1, 0);
}
