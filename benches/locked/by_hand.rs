//! The same by hand: a value in memory that a fork shares, and two kinds of lock.

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{
    AtomicU32, AtomicU64,
    Ordering::{Acquire, Relaxed, Release},
};

/// On cache lines of its own, also of those that a processor fetches in pairs.
#[repr(C, align(128))]
pub(crate) struct Line<T>(pub(crate) T);

/// A `T` of zeros in memory that a fork shares. Never unmapped.
pub(crate) struct Mapped<T>(*const T);

impl<T> Mapped<T> {
    /// `T` is made of integers, to which zeros are a value, and accessed as shared memory is.
    pub(crate) fn new() -> Self {
        let access = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
        // SAFETY: no address is asked for, so nothing that exists is replaced.
        let base = unsafe { libc::mmap(ptr::null_mut(), size_of::<T>(), access, flags, -1, 0) };
        assert!(base != libc::MAP_FAILED, "mmap");
        Mapped(base.cast())
    }
}

impl<T> std::ops::Deref for Mapped<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: mapped, zeroed, aligned to a page, and never unmapped.
        unsafe { &*self.0 }
    }
}

/// The counterparts: a value, and two kinds of lock.
pub(crate) struct ByHand<const N: usize>(Mapped<Place<N>>);

#[repr(C)]
struct Place<const N: usize> {
    robust: Line<UnsafeCell<libc::pthread_mutex_t>>,
    /// 0 free, 1 held, 2 held and somebody may sleep.
    futex: Line<AtomicU32>,
    value: Line<UnsafeCell<[u64; N]>>,
}

impl<const N: usize> ByHand<N> {
    pub(crate) fn new() -> Self {
        let place = Mapped::<Place<N>>::new();
        let mut attributes = MaybeUninit::uninit();
        let attributes = attributes.as_mut_ptr();
        // SAFETY: a place for the attributes.
        ok(unsafe { libc::pthread_mutexattr_init(attributes) });
        let shared = libc::PTHREAD_PROCESS_SHARED;
        // SAFETY: they have been initialised.
        ok(unsafe { libc::pthread_mutexattr_setpshared(attributes, shared) });
        let robust = libc::PTHREAD_MUTEX_ROBUST;
        // SAFETY: as above.
        ok(unsafe { libc::pthread_mutexattr_setrobust(attributes, robust) });
        // SAFETY: as above, and nobody uses the mutex yet.
        ok(unsafe { libc::pthread_mutex_init(place.robust.0.get(), attributes) });
        ByHand(place)
    }

    pub(crate) fn robust<R>(&self, f: impl FnOnce(&mut [u64; N]) -> R) -> R {
        let mutex = self.0.robust.0.get();
        // SAFETY: the mutex has been initialised, and is never destroyed.
        ok(unsafe { libc::pthread_mutex_lock(mutex) });
        // SAFETY: the lock is held, and the value is used under this lock only, at this time.
        let result = f(unsafe { &mut *self.0.value.0.get() });
        // SAFETY: this thread holds it.
        ok(unsafe { libc::pthread_mutex_unlock(mutex) });
        result
    }

    pub(crate) fn futex<R>(&self, f: impl FnOnce(&mut [u64; N]) -> R) -> R {
        let word = &self.0.futex.0;
        if word.compare_exchange(0, 1, Acquire, Relaxed).is_err() {
            futex_contended(word);
        }
        // SAFETY: as in `robust`.
        let result = f(unsafe { &mut *self.0.value.0.get() });
        if word.swap(0, Release) == 2 {
            futex_call(word, libc::FUTEX_WAKE, 1);
        }
        result
    }

    /// Whole only if nobody writes.
    pub(crate) fn load_words(&self) -> [u64; N] {
        // SAFETY: atomics are laid out as their integers, and nobody uses the value otherwise at this time.
        let words = unsafe { &*self.0.value.0.get().cast::<[AtomicU64; N]>() };
        std::array::from_fn(|i| words[i].load(Relaxed))
    }

    pub(crate) fn copy_to(&self, out: &mut [u64; N]) {
        // SAFETY: nobody else uses the value at this time.
        *out = unsafe { *self.0.value.0.get() };
    }

    pub(crate) fn copy_from(&self, value: &[u64; N]) {
        // SAFETY: as above.
        unsafe { *self.0.value.0.get() = *value };
    }
}

/// As `std::sync::Mutex` does it: it spins a little, then sleeps.
#[cold]
fn futex_contended(word: &AtomicU32) {
    let spin = || {
        for _ in 0..100 {
            if word.load(Relaxed) != 1 {
                break;
            }
            std::hint::spin_loop();
        }
        word.load(Relaxed)
    };
    if spin() == 0 && word.compare_exchange(0, 1, Acquire, Relaxed).is_ok() {
        return;
    }
    while word.swap(2, Acquire) != 0 {
        futex_call(word, libc::FUTEX_WAIT, 2);
        spin();
    }
}

fn futex_call(word: &AtomicU32, operation: libc::c_int, value: u32) {
    // SAFETY: the word is a live one; without a timeout the others are not looked at.
    unsafe {
        libc::syscall(
            libc::SYS_futex,
            word.as_ptr(),
            operation,
            value,
            ptr::null::<libc::timespec>(),
        )
    };
}

#[inline]
fn ok(result: libc::c_int) {
    assert_eq!(result, 0, "a call of pthreads");
}
