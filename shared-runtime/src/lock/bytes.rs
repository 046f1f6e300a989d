//! A slot of which only the layout is known.

#![allow(unsafe_code)]

use std::time::{Duration, Instant};

use super::copy;
use super::error::{REENTRANT, Unchanged, UpdateError};
use super::event::Event;
use super::guard::{self, Guard, Host};
use super::head::{HEAD_LEN, Head};
use super::images::IMAGES;
use super::raw::{READ_LIMIT, READS};
use crate::access::Read;
use crate::region::Region;
use crate::sync::AtomicU32;

/// A lock-guarded slot in a segment, without its type.
///
/// Invariants:
/// 1. `images` is aligned to 8, and so is `stride`; `IMAGES * stride` bytes from it lie in the region of `'a`.
/// 2. `len <= stride`.
#[derive(Clone, Copy)]
pub(crate) struct LockedBytes<'a> {
    head: &'a Head,
    images: *const u8,
    stride: usize,
    len: usize,
}

impl Host for LockedBytes<'_> {
    #[inline]
    fn head(&self) -> &Head {
        self.head
    }
}

impl<'a> LockedBytes<'a> {
    /// The slot whose images of `len` bytes lie `stride` apart, the first at `offset`; `None` if that is not a possible
    /// layout of a slot.
    pub(crate) fn new(
        slot: Region<'a>,
        offset: usize,
        stride: usize,
        len: usize,
    ) -> Option<LockedBytes<'a>> {
        let head = slot.part(0, HEAD_LEN)?.base();
        let images = slot.part(offset, IMAGES.checked_mul(stride)?)?.base();
        // All three are multiples of 8.
        let aligned = (head.addr() | images.addr() | stride).trailing_zeros() >= 3;
        if !aligned || len > stride || offset < HEAD_LEN {
            return None;
        }
        #[allow(clippy::cast_ptr_alignment)] // checked
        // SAFETY: the region has as many bytes, mapped and accessed atomically; the head is integers, aligned
        // as checked.
        let head = unsafe { &*head.cast::<Head>() };
        Some(LockedBytes {
            head,
            images,
            stride,
            len,
        })
    }

    /// A private copy of the current image; `None` if writers came in between at each of several tries. Takes no lock and
    /// writes nothing.
    pub(crate) fn try_read(self) -> Option<Vec<u8>> {
        let mut out = vec![0; self.len];
        for turn in 0..READS {
            if self.read_once(&mut out) {
                return Some(out);
            }
            if turn % 8 == 7 {
                std::thread::yield_now();
            }
        }
        None
    }

    /// As `try_read`, but goes on trying for [`READ_LIMIT`].
    pub(crate) fn read(self) -> Option<Vec<u8>> {
        let start = Instant::now();
        let mut pause = Duration::from_micros(1);
        loop {
            if let Some(image) = self.try_read() {
                return Some(image);
            }
            if start.elapsed() >= READ_LIMIT {
                return None;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(1));
        }
    }

    fn read_once(self, out: &mut [u8]) -> bool {
        self.head
            .version
            .try_read::<Read>(|image| self.load(image, out))
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
    ///
    /// # Panics
    ///
    /// If this thread holds the lock.
    pub(crate) fn lock(self, limit: Option<Duration>) -> Result<Guard<Self>, UpdateError> {
        guard::lock(self, limit).map_err(|unchanged| match unchanged {
            Unchanged::Reentrant => panic!("{REENTRANT}"),
            Unchanged::Because(error) => error,
        })
    }

    /// The length of an image.
    pub(crate) fn len(self) -> usize {
        self.len
    }

    pub(crate) fn lock_word(self) -> u64 {
        self.head.lock.get()
    }

    pub(crate) fn version(self) -> u64 {
        self.head.version.get()
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
        self.head.event.wait(limit, check)
    }
}

impl Guard<LockedBytes<'_>> {
    /// A copy of the current image, which nobody else changes now.
    pub(crate) fn image(&self) -> Vec<u8> {
        let slot = *self.host();
        let mut out = vec![0; slot.len];
        slot.load(slot.head.version.held_image(), &mut out);
        out
    }

    /// Makes `image` the current one, all at once, and releases the lock.
    pub(crate) fn replace(self, image: &[u8]) {
        assert_eq!(image.len(), self.host().len, "an image of another slot");
        self.finish(|slot| {
            slot.head.version.commit(|next| {
                let to = slot.image(next).cast_mut();
                // SAFETY: as in `load`, and the slot is writable: only such slots are locked.
                unsafe { copy::store(to, image.as_ptr(), image.len()) };
            });
        });
    }
}

/// The event word of an atomic that can be waited for, which is all of `word`; `None` if it cannot be there. To wait or
/// to notify, the word must be writable.
pub(crate) fn event_at(word: Region<'_>) -> Option<&Event> {
    let word = word.word::<AtomicU32>()?;
    // SAFETY: an event is a transparent `AtomicU32`.
    Some(unsafe { &*core::ptr::from_ref(word).cast::<Event>() })
}
