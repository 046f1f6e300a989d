//! What is handed over: a number, in slots of several kinds.

#![allow(unsafe_code)]

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use shmstate::{List, Locked, Text, Watched};

pub(super) trait Ball {
    fn put(&self, number: u32);

    /// Waits for that number.
    fn take(&self, number: u32);

    fn now(&self) -> u32;

    /// Writes what is there, as a change.
    fn put_again(&self);

    /// Waits for what never comes.
    fn wait_for_nothing(&self);

    /// Whether somebody has said that it is about to sleep until there is a change.
    fn is_waited_for(&self) -> bool;

    /// Wakes those who sleep until there is a change, whatever they have said: as the bound of their sleep would.
    fn end_sleeps(&self);
}

/// Behind the value, which has 4 bytes here.
const WATCHED_EVENT: usize = 4;
const LOCK: usize = 0;
/// Behind the lock and the version.
const LOCKED_EVENT: usize = 16;

/// Whether somebody has said that it is about to sleep until the lock is free.
pub(super) fn lock_is_waited_for(slot: &Locked<u32>) -> bool {
    is_odd(slot, LOCK)
}

/// Whether the word at that place of a slot is odd.
fn is_odd<S>(slot: &S, place: usize) -> bool {
    word(slot, place).load(SeqCst) & 1 == 1
}

fn word<S>(slot: &S, place: usize) -> &AtomicU32 {
    assert!(place + 4 <= size_of::<S>());
    let word = (&raw const *slot).cast::<u8>().wrapping_add(place);
    // SAFETY: `docs/format.md` has an aligned word there, which all access atomically, and which lives as long as the slot.
    unsafe { AtomicU32::from_ptr(word.cast_mut().cast()) }
}

fn wake_all(word: &AtomicU32) {
    // SAFETY: the word lives, and the call takes numbers besides.
    let woken =
        unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE, i32::MAX) };
    assert!(woken >= 0, "{}", std::io::Error::last_os_error());
}

impl Ball for Watched<u32> {
    fn put(&self, number: u32) {
        self.set(number);
    }
    fn take(&self, number: u32) {
        self.wait_until(|now| *now == number);
    }
    fn now(&self) -> u32 {
        self.get()
    }
    fn put_again(&self) {
        self.update(|now| now);
    }
    fn wait_for_nothing(&self) {
        self.wait_until(|_| false);
    }
    fn is_waited_for(&self) -> bool {
        is_odd(self, WATCHED_EVENT)
    }
    fn end_sleeps(&self) {
        wake_all(word(self, WATCHED_EVENT));
    }
}

impl Ball for Locked<u32> {
    fn put(&self, number: u32) {
        self.modify(|now| *now = number);
    }
    fn take(&self, number: u32) {
        self.wait_until(|now| *now == number);
    }
    fn now(&self) -> u32 {
        self.get()
    }
    fn put_again(&self) {
        self.modify(|_| ());
    }
    fn wait_for_nothing(&self) {
        self.wait_until(|_| false);
    }
    fn is_waited_for(&self) -> bool {
        is_odd(self, LOCKED_EVENT)
    }
    fn end_sleeps(&self) {
        wake_all(word(self, LOCKED_EVENT));
    }
}

impl Ball for Text<16> {
    fn put(&self, number: u32) {
        self.set(number.to_string()).expect("it fits");
    }
    fn take(&self, number: u32) {
        let number = number.to_string();
        self.wait_until(|now| now == number);
    }
    fn now(&self) -> u32 {
        self.get().parse().unwrap_or(0)
    }
    fn put_again(&self) {
        self.modify(|_| ()).expect("it fits");
    }
    fn wait_for_nothing(&self) {
        self.wait_until(|_| false);
    }
    fn is_waited_for(&self) -> bool {
        is_odd(self, LOCKED_EVENT)
    }
    fn end_sleeps(&self) {
        wake_all(word(self, LOCKED_EVENT));
    }
}

impl Ball for List<u32, 8> {
    fn put(&self, number: u32) {
        let length = number as usize % 8 + 1;
        self.set(vec![number; length]).expect("it fits");
    }
    fn take(&self, number: u32) {
        self.wait_until(|now| now.first() == Some(&number));
    }
    fn now(&self) -> u32 {
        self.at(0).unwrap_or(0)
    }
    fn put_again(&self) {
        self.modify(|_| ()).expect("it fits");
    }
    fn wait_for_nothing(&self) {
        self.wait_until(|_| false);
    }
    fn is_waited_for(&self) -> bool {
        is_odd(self, LOCKED_EVENT)
    }
    fn end_sleeps(&self) {
        wake_all(word(self, LOCKED_EVENT));
    }
}
