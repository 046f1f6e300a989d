//! A lock-guarded slot beneath its typed forms: its head, and four images of a value.

#![allow(unsafe_code)]

use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use core::panic::{RefUnwindSafe, UnwindSafe};
use std::time::{Duration, Instant};

use bytemuck::Pod;

use super::copy;
use super::error::Unchanged;
#[cfg(feature = "async")]
use super::event::Event;
use super::guard::{self, Guard, Host};
use super::head::Head;
use super::images::IMAGES;
use crate::access::Access;

/// The storage of one image: [`Packed`] or [`Line`]. Nobody else can name this trait.
///
/// # Safety
///
/// The type is an `UnsafeCell` of the image and of padding behind it, aligned to 8 at least, so its size is a
/// multiple of 8.
pub unsafe trait ImageCell {
    /// What is stored.
    type Image: Pod;
}

/// Images one behind the other: for values of a few words.
#[repr(transparent)]
pub struct Packed<I>(UnsafeCell<Words<I>>);

/// Each image on cache lines of its own, so that reading one does not wait for the writer of the next.
#[repr(transparent)]
pub struct Line<I>(UnsafeCell<Lines<I>>);

/// The alignment is that of the cell's content, so that the padding behind the image is part of the content too: a store of
/// the last word may write it.
#[repr(C, align(8))]
struct Words<I>(I);
/// As `Words`.
#[repr(C, align(64))]
struct Lines<I>(I);

// SAFETY: as the trait asks, by its definition.
unsafe impl<I: Pod> ImageCell for Packed<I> {
    type Image = I;
}
// SAFETY: as above.
unsafe impl<I: Pod> ImageCell for Line<I> {
    type Image = I;
}

/// A lock-guarded image of plain bytes.
///
/// All bytes are accessed atomically: the head by its atomics, the images by [`copy`].
#[repr(C, align(64))]
pub(crate) struct Raw<C: ImageCell> {
    head: Head,
    images: [C; IMAGES],
}

// SAFETY: nothing in it belongs to a thread, and all access is atomic.
unsafe impl<C: ImageCell> Send for Raw<C> {}
// SAFETY: as above.
unsafe impl<C: ImageCell> Sync for Raw<C> {}
// A panic leaves the last committed image.
impl<C: ImageCell> UnwindSafe for Raw<C> {}
impl<C: ImageCell> RefUnwindSafe for Raw<C> {}

/// The value has kept changing for [`READ_LIMIT`], or another program overwrites the version.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unsettled;

/// How often a reader tries before it takes the lock.
pub(super) const READS: usize = 64;
/// How long a reader waits for the lock, or goes on trying where it cannot take it.
pub(super) const READ_LIMIT: Duration = Duration::from_millis(100);

impl<C: ImageCell> Raw<C> {
    pub(crate) const IMAGES: usize = IMAGES;
    pub(crate) const IMAGES_OFFSET: usize = core::mem::offset_of!(Self, images);
    pub(crate) const STRIDE: usize = size_of::<C>();

    /// Copies the current image to `out`, and returns it. Takes no lock and writes nothing, unless 64 commits in a row came
    /// in between. After an error `out` holds some image.
    ///
    /// No function that is called out of line sees `out`, and the compiler sees the words of the copy. So a value that is
    /// made of it, and does not have to lie in memory, stays in registers, and words that nobody uses are not copied.
    #[inline]
    pub(crate) fn read<'o, A: Access>(
        &self,
        out: &'o mut MaybeUninit<C::Image>,
    ) -> Result<&'o mut C::Image, Unsettled> {
        let mut copy = |image| {
            self.fetch(image + 1);
            self.load(image, out);
        };
        if !self.head.version.try_read::<A>(&mut copy) {
            let mut retry = Retry::new(self);
            loop {
                retry.pause::<A>()?;
                if self.head.version.try_read::<A>(&mut copy) {
                    break;
                }
            }
        }
        // SAFETY: `load` has filled it, and any bytes are an image.
        Ok(unsafe { out.assume_init_mut() })
    }

    /// As `read`, over another image. This one lies in memory, so the copy may be made by wider instructions.
    #[inline]
    pub(crate) fn read_over<A: Access>(&self, out: &mut C::Image) -> Result<(), Unsettled> {
        let whole = self.head.version.try_read::<A>(|image| {
            self.fetch(image + 1);
            self.load_opaque(image, room_of(out));
        });
        if whole {
            return Ok(());
        }
        self.read_over_again::<A>(out)
    }

    #[cold]
    #[inline(never)] // so that the callers' own code is that of the common case
    fn read_over_again<A: Access>(&self, out: &mut C::Image) -> Result<(), Unsettled> {
        self.read::<A>(room_of(out)).map(|_| ())
    }

    /// Locks, if that takes no waiting: see [`guard::lock_if_free`].
    #[allow(clippy::inline_always)] // as that
    #[inline(always)]
    pub(crate) fn lock_if_free(&self) -> Option<Guard<&Self>> {
        guard::lock_if_free(self)
    }

    /// Locks, waiting for `limit` at most, or for as long as it takes: see [`guard::lock`].
    #[cold]
    pub(crate) fn lock(&self, limit: Option<Duration>) -> Result<Guard<&Self>, Unchanged> {
        guard::lock(self, limit)
    }

    /// How many commits there have been, modulo 2^64.
    pub(crate) fn version(&self) -> u64 {
        self.head.version.get()
    }

    /// How many dead holders the lock was taken from.
    pub(crate) fn recoveries(&self) -> u64 {
        self.head.recoveries().into()
    }

    /// Waits until `check` returns something; evaluates it at least once after each commit.
    pub(crate) fn wait<R>(
        &self,
        limit: Option<Duration>,
        check: impl FnMut() -> Option<R>,
    ) -> Option<R> {
        self.head.event.wait(limit, check)
    }

    /// For tasks, which wait without a thread of their own.
    #[cfg(feature = "async")]
    pub(crate) fn event(&self) -> &Event {
        &self.head.event
    }

    /// Has the processor fetch an image of one cache line in the background. Under a busy writer the next read waits for the
    /// version, and then for the image behind the current one.
    #[inline]
    fn fetch(&self, image: usize) {
        #[cfg(all(target_arch = "x86_64", not(miri)))]
        if size_of::<C>() == 64 {
            use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            let image = &raw const self.images[image % IMAGES];
            // SAFETY: a hint: as far as the language goes, it accesses nothing.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(image.cast()) };
        }
    }

    /// Fills `out`.
    #[inline]
    fn load(&self, image: usize, out: &mut MaybeUninit<C::Image>) {
        let from = (&raw const self.images[image]).cast();
        // SAFETY: a cell is aligned to 8 and its size is a multiple of 8 (by `ImageCell`); its bytes are
        // accessed by `copy` only. `out` is exclusive.
        unsafe { copy::load(from, out.as_mut_ptr().cast(), size_of::<C::Image>()) };
    }

    /// As `load`, to a place in memory: see [`copy::load_opaque`].
    #[inline]
    fn load_opaque(&self, image: usize, out: &mut MaybeUninit<C::Image>) {
        const { assert!(size_of::<C>() < 64 || align_of::<C>() >= 16) };
        let from = (&raw const self.images[image]).cast();
        // SAFETY: as in `load`; from 64 bytes on a cell is aligned to 16.
        unsafe { copy::load_opaque(from, out.as_mut_ptr().cast(), size_of::<C::Image>()) };
    }

    #[inline]
    fn store(&self, image: usize, value: &C::Image) {
        // Derived from a shared reference, but to an `UnsafeCell`.
        let to = (&raw const self.images[image]).cast_mut().cast();
        // SAFETY: as in `load`, and the slot is writable: only handles that can write lock. A `Pod` has no
        // uninitialised bytes.
        unsafe { copy::store(to, (&raw const *value).cast(), size_of::<C::Image>()) };
    }
}

/// What a reader does between two tries.
struct Retry<'a, C: ImageCell> {
    raw: &'a Raw<C>,
    tries: usize,
    start: Option<Instant>,
    pause: Duration,
    /// Held by a reader that has tried often: nobody commits now.
    guard: Option<Guard<&'a Raw<C>>>,
}

impl<'a, C: ImageCell> Retry<'a, C> {
    fn new(raw: &'a Raw<C>) -> Self {
        Retry {
            raw,
            tries: 1,
            start: None,
            pause: Duration::from_micros(1),
            guard: None,
        }
    }

    /// Returns when it is time to try again: at once at first, then with the lock, if this process can take it. If it cannot,
    /// or if even then the version keeps changing (another program overwrites it), after a sleep.
    #[cold]
    #[inline(never)]
    fn pause<A: Access>(&mut self) -> Result<(), Unsettled> {
        self.tries += 1;
        if self.tries <= READS {
            core::hint::spin_loop();
            return Ok(());
        }
        if self.start.is_none() && A::WRITABLE {
            self.guard = guard::lock(self.raw, Some(READ_LIMIT)).ok();
        } else {
            self.guard = None;
        }
        let start = *self.start.get_or_insert_with(Instant::now);
        if self.guard.is_some() {
            return Ok(());
        }
        if start.elapsed() >= READ_LIMIT {
            return Err(Unsettled);
        }
        std::thread::sleep(self.pause);
        self.pause = (self.pause * 2).min(Duration::from_millis(1));
        Ok(())
    }
}

/// An image as memory that is to be filled with another one.
#[inline]
fn room_of<I: Pod>(image: &mut I) -> &mut MaybeUninit<I> {
    // SAFETY: initialised memory may be treated as uninitialised by code that only stores images there.
    unsafe { &mut *core::ptr::from_mut(image).cast() }
}

impl<C: ImageCell> Host for &Raw<C> {
    #[inline]
    fn head(&self) -> &Head {
        &self.head
    }
}

impl<C: ImageCell> Guard<&Raw<C>> {
    /// Copies the current image, which nobody else changes now, and returns it.
    #[inline]
    pub(crate) fn load<'o>(&self, out: &'o mut MaybeUninit<C::Image>) -> &'o mut C::Image {
        let raw = *self.host();
        raw.load(raw.head.version.held_image(), out);
        // SAFETY: it has been filled, and any bytes are an image.
        unsafe { out.assume_init_mut() }
    }

    /// Makes `image` the current one, all at once, and releases the lock.
    #[allow(clippy::inline_always)] // as `lock_if_free`
    #[inline(always)]
    pub(crate) fn commit(self, image: &C::Image) {
        self.finish(|raw| {
            raw.head.version.commit(|next| raw.store(next, image));
        });
    }
}
