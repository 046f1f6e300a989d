//! A million elements: never on the stack, never on the heap.

#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

use shmstate::{Access, Shared, SharedState, Slot};

use super::support::{arguments, assert_success, name, spawn_self};

/// Counts the bytes that are asked for, in the whole process.
struct Counting;

static ALLOCATED: AtomicUsize = AtomicUsize::new(0);

// SAFETY: all is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.fetch_add(layout.size(), Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const MILLION: usize = 1_000_000;

#[derive(SharedState)]
struct Cell {
    limit: NonZeroU32,
    ready: bool,
}

/// 8 MB in the plain part, as much in the nested one, and 64 MB where each has a cache line.
#[derive(SharedState)]
struct Big {
    head: u64,
    numbers: [u64; MILLION],
    cells: [Cell; MILLION],
    #[shared(cache_padded)]
    apart: [u8; MILLION],
    tail: u64,
}

/// Runs `f` on a stack of 128 KiB, and fails if it took more than 64 KiB from the heap: a copy of the
/// state on either would end with a signal, or print the millions of bytes that were taken.
fn in_little_room<R: Send>(f: impl FnOnce() -> R + Send) -> R {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(128 * 1024);
        let thread = thread.spawn_scoped(scope, || {
            let before = ALLOCATED.load(Relaxed);
            let result = f();
            let taken = ALLOCATED.load(Relaxed) - before;
            assert!(taken < 64 * 1024, "{taken} bytes were taken from the heap");
            result
        });
        thread.expect("a thread").join().expect("no panic")
    })
}

/// Fills every element with something that tells its place.
fn fill(slots: &BigSlots) {
    slots.head.set(1);
    for (n, slot) in (0..).zip(&slots.numbers) {
        slot.set(n * n);
    }
    for (n, cell) in (1..).zip(&slots.cells) {
        cell.limit.set(NonZeroU32::new(n).expect("counted from 1"));
        cell.ready.set(n % 2 == 0);
    }
    for (n, slot) in (0..=u8::MAX).cycle().zip(&slots.apart) {
        slot.set(n);
    }
    slots.tail.set(2);
}

/// Reads every element, of a handle of either kind.
fn expect_filled<A: Access>(slots: &BigSlots<A>) {
    assert_eq!((slots.head.get(), slots.tail.get()), (1, 2));
    assert_eq!(slots.numbers.len(), MILLION);
    for (n, slot) in (0..).zip(&slots.numbers) {
        assert_eq!(slot.get(), n * n);
    }
    for (n, cell) in (1..).zip(&slots.cells) {
        assert_eq!((cell.limit.get().get(), cell.ready.get()), (n, n % 2 == 0));
    }
    let apart = (0..=u8::MAX).cycle().zip(&slots.apart);
    assert!(apart.into_iter().all(|(n, slot)| slot.get() == n));
}

pub(crate) fn a_million_elements_are_created_zeroed_on_a_small_stack() {
    let name = name("zeroed");
    in_little_room(|| {
        for state in [
            Shared::<[[u64; 1000]; 1000]>::zeroed().unwrap(),
            Shared::create_zeroed(&name).unwrap(),
        ] {
            assert!(state.iter().flatten().all(|slot| slot.get() == 0));
            state[999][999].set(5);
            let shown = format!("{state:?}");
            assert!(shown.starts_with("[[0, 0,") && shown.len() < 2000);
        }
    });
}

pub(crate) fn a_million_elements_are_filled_in_place_on_a_small_stack() {
    let name = name("filled");
    in_little_room(|| {
        let state = Shared::<Big>::new_with(fill).unwrap();
        expect_filled(&state);
        assert_eq!(state.cells[MILLION - 1].limit.get().get(), 1_000_000);
        expect_filled(&state.read_only());
        drop(state);
        let state = Shared::<Big>::create_with(&name, fill).unwrap();
        let again = Shared::<Big>::open_or_create_with(&name, |_| panic!("it is there"));
        expect_filled(&again.unwrap());
        let token = Shared::<Big>::from_token(&state.token()).unwrap();
        token.numbers[MILLION - 1].fetch_add(1);
        let expected = (MILLION as u64 - 1).pow(2) + 1;
        assert_eq!(state.numbers[MILLION - 1].get(), expected);
        // One element without a value is found, without a copy of the others.
        state.cells[MILLION - 1].limit.raw().store(0, Relaxed);
        let result = Shared::<[Cell; MILLION]>::new_with(|cells| {
            for cell in &cells[1..] {
                cell.limit.set(NonZeroU32::MIN);
            }
        });
        let message = result.unwrap_err().to_string();
        assert!(message.contains("field `[0].limit`"), "{message}");
    });
}

/// Opens, uses and shows the segment of that name.
pub(crate) fn child() {
    let name = &arguments()[0];
    in_little_room(|| {
        let state = Shared::<Big>::open(name).unwrap();
        expect_filled(&state);
        let shown = format!("{state:?}");
        let start = "Big { head: 1, numbers: [0, 1, 4, 9, ";
        assert!(shown.starts_with(start), "{shown}");
        assert!(shown.contains("… 999984 more]"), "{shown}");
        assert!(shown.ends_with("tail: 2 }"), "{shown}");
        assert!(shown.len() < 2000, "{} bytes", shown.len());
        let schema = Shared::<Big>::schema().to_string();
        assert!(schema.contains("[u64; 1000000]"), "{schema}");
        for cell in &state.cells {
            cell.limit.update(|limit| limit.saturating_add(1));
        }
        let view = shmstate::ReadOnly::<Big>::open(name).unwrap();
        assert_eq!(view.cells[0].limit.get().get(), 2);
    });
}

pub(crate) fn a_million_elements_are_opened_and_shown_by_a_child_on_a_small_stack() {
    let name = name("opened");
    let state = Shared::<Big>::create_with(&name, fill).unwrap();
    let mut child = spawn_self("big", |command| {
        command.arg(&name);
    });
    assert_success(child.wait().unwrap());
    let limits = (2..).zip(&state.cells);
    assert!(
        limits
            .into_iter()
            .all(|(n, cell)| cell.limit.get().get() == n)
    );
}

pub(crate) fn a_million_elements_are_read_into_a_callers_buffer() {
    let state = Shared::<[u64; MILLION]>::new_with(|slots| {
        for (n, slot) in (0..).zip(slots) {
            slot.set(n);
        }
    });
    let state = state.unwrap();
    let buffer: Box<[u64]> = vec![u64::MAX; MILLION].into();
    let mut buffer: Box<[u64; MILLION]> = buffer.try_into().unwrap();
    in_little_room(|| {
        state.snapshot_into(&mut buffer);
        state[5].set(0);
        Slot::try_snapshot_into(&*state.read_only(), &mut buffer).unwrap();
    });
    assert_eq!(buffer[..7], [0, 1, 2, 3, 4, 0, 6]);
    assert_eq!(buffer[MILLION - 1], 999_999);
}
