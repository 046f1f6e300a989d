//! A slot of which only the layout is known.

#![allow(unsafe_code)]

use std::time::{Duration, Instant};

use super::copy;
use super::event::Event;
use super::head::{Head, IMAGES, image_of};
use super::{Guard, HasHead, LockError, READ_LIMIT, READS, Real, lock};
use crate::access::Read;
use crate::region::{Integer, Region};

/// A lock-guarded slot in a segment, without its type.
///
/// Invariants:
/// 1. `images` is aligned to 8, and so is `stride`; `IMAGES * stride` bytes from it lie in the region of `'a`.
/// 2. `len <= stride`.
#[derive(Clone, Copy)]
pub(crate) struct Untyped<'a> {
    head: &'a Head,
    images: *const u8,
    stride: usize,
    len: usize,
}

impl HasHead for Untyped<'_> {
    #[inline]
    fn head(&self) -> &Head {
        self.head
    }
}

impl<'a> Untyped<'a> {
    /// The slot whose images of `len` bytes lie `stride` apart, the first at `offset`; `None` if it cannot have this
    /// layout.
    pub(crate) fn new(
        slot: Region<'a>,
        offset: usize,
        stride: usize,
        len: usize,
    ) -> Option<Untyped<'a>> {
        let head = slot.part(0, size_of::<Head>())?.base();
        let images = slot.part(offset, IMAGES.checked_mul(stride)?)?.base();
        let aligned = head.addr().is_multiple_of(8)
            && images.addr().is_multiple_of(8)
            && stride.is_multiple_of(8);
        if !aligned || len > stride || offset < size_of::<Head>() {
            return None;
        }
        #[allow(clippy::cast_ptr_alignment)] // checked
        // SAFETY: the region has as many bytes, mapped and accessed atomically; the head is integers, aligned
        // as checked.
        let head = unsafe { &*head.cast::<Head>() };
        Some(Untyped {
            head,
            images,
            stride,
            len,
        })
    }

    /// A private copy of the current image; `None` if it does not hold still for long. Takes no lock and writes
    /// nothing.
    pub(crate) fn glance(self) -> Option<Vec<u8>> {
        let mut out = vec![0; self.len];
        for turn in 0..READS {
            if self.try_read(&mut out) {
                return Some(out);
            }
            if turn % 8 == 7 {
                std::thread::yield_now();
            }
        }
        None
    }

    /// As `glance`, for as long as a reader waits.
    pub(crate) fn read(self) -> Option<Vec<u8>> {
        let start = Instant::now();
        let mut pause = Duration::from_micros(1);
        loop {
            if let Some(image) = self.glance() {
                return Some(image);
            }
            if start.elapsed() >= READ_LIMIT {
                return None;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(1));
        }
    }

    fn try_read(self, out: &mut [u8]) -> bool {
        self.head.try_read::<Read>(|image| self.load(image, out))
    }

    fn load(self, image: usize, out: &mut [u8]) {
        let len = self.len.min(out.len());
        // SAFETY: by the invariants `from` is aligned, and `stride` bytes from it lie in the region, which is
        // as many as `len` rounded up to 8. Slots access their images by `copy` only.
        unsafe { copy::load(self.image(image), out.as_mut_ptr(), len) };
    }

    fn image(self, image: usize) -> *const u8 {
        self.images.wrapping_add(image * self.stride)
    }

    /// Locks, waiting for `limit` at most. The slot must be writable.
    pub(crate) fn lock(self, limit: Option<Duration>) -> Result<Guard<Self>, Box<LockError>> {
        lock(self, limit)
    }

    /// Of an image.
    pub(crate) fn len(self) -> usize {
        self.len
    }

    pub(crate) fn lock_word(self) -> u64 {
        self.head.lock_word()
    }

    pub(crate) fn version(self) -> u64 {
        self.head.version()
    }

    pub(crate) fn recoveries(self) -> u64 {
        self.head.recoveries().into()
    }

    /// Waits until `check` returns something. The slot must be writable.
    pub(crate) fn wait<R>(
        self,
        limit: Option<Duration>,
        check: impl FnMut() -> Option<R>,
    ) -> Option<R> {
        self.head.wait(limit, check)
    }
}

impl Guard<Untyped<'_>> {
    /// A copy of the current image, which nobody else changes now.
    pub(crate) fn image(&self) -> Vec<u8> {
        let mut out = vec![0; self.slot.len];
        self.slot.load(image_of::<Real>(self.version), &mut out);
        out
    }

    /// Makes `image` the current one, all at once, and releases the lock.
    pub(crate) fn replace(self, image: &[u8]) {
        let slot = self.slot;
        assert_eq!(image.len(), slot.len, "an image of another slot");
        self.finish(|next| {
            let to = slot.image(next).cast_mut();
            // SAFETY: as in `load`, and the slot is writable: only those that are are locked.
            unsafe { copy::store(to, image.as_ptr(), image.len()) };
        });
    }
}

/// The event word of an atomic that can be waited for, which is all of `word`; `None` if it cannot be there. To wait or
/// to notify, the word must be writable.
pub(crate) fn event_at(word: Region<'_>) -> Option<&Event> {
    match word.integer()? {
        // SAFETY: an event is a transparent `AtomicU32`.
        Integer::U32(word) => Some(unsafe { &*core::ptr::from_ref(word).cast::<Event>() }),
        _ => None,
    }
}
