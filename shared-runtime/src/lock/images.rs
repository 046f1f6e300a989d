//! The images of a value, and the version that says which of them is current.
//!
//! Version `v` says that image `v mod 4` is current. A commit writes image `v + 1 mod 4`, then the version. A reader copies
//! image `v mod 4` and looks at the version again: the image is overwritten by the commit of `v + 4`, which starts once the
//! version is `v + 3`; so a copy is whole if the version has moved by at most 2. (After Lamport, "Concurrent Reading and
//! Writing", 1977; the fences are those of Boehm, "Can seqlocks get along with programming language memory models?", 2012.)
//!
//! # Why these orders suffice on a weak machine
//!
//! One thread commits at a time: it holds the lock, whose hand-over orders the commits. Readers take no lock. The images are
//! copied by relaxed accesses, so all order comes from two pairs:
//!
//! - *The image that a version names has been written.* `commit` stores the version with Release after the image; the first
//!   load of `try_read` is an Acquire (or a relaxed load and an acquire fence, on a read-only mapping). A reader that sees
//!   version `v` sees the whole image `v`, or parts of a later one.
//! - *Parts of a later image are noticed.* Before the commit of `v + 4` stores into the image, it runs a release fence; after
//!   the copy the reader runs an acquire fence. If the reader has copied one of these stores, the two fences synchronise: what
//!   the committer did or saw before its fence happens before what the reader does after its own. The committer held the lock
//!   with the version at `v + 3`, so the reader's second load returns `v + 3` or more, and the copy does not count.
//!
//! The second load may be relaxed, because the fence stands between it and the copy; and the committer's stores cannot move
//! above its fence. Without either fence ARM may reorder them, and so may the compiler anywhere.

use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::platform::{Platform, System};
use crate::access::Access;
use crate::sync::Word;

/// How many images a slot has: a power of two, so that the version may wrap around.
pub(crate) const IMAGES: usize = System::IMAGES;

const _: () = assert!(IMAGES.is_power_of_two());

/// Which of several images of a value is current.
#[repr(transparent)]
pub(crate) struct Version<P: Platform = System> {
    version: P::U64,
}

impl<P: Platform> Version<P> {
    #[cfg(test)]
    pub(crate) fn new(version: P::U64) -> Self {
        Version { version }
    }

    /// The current image, for the holder of the lock.
    #[inline]
    pub(crate) fn held_image(&self) -> usize {
        image_of::<P>(self.held())
    }

    #[inline]
    fn held(&self) -> u64 {
        // Relaxed: the lock has ordered it after the last commit.
        self.version.load(Relaxed)
    }

    /// Has `store` write the image whose number it is given, and makes that the current one. Only for the holder of the lock.
    #[inline]
    pub(crate) fn commit(&self, store: impl FnOnce(usize)) {
        let next = self.held().wrapping_add(1);
        // Pairs with the acquire fence in `try_read`.
        P::fence(Release);
        store(image_of::<P>(next));
        // Pairs with the first load in `try_read`, and in `get`.
        self.version.store(next, Release);
    }

    /// Copies the current image with `copy`. Returns whether the copy is whole.
    #[inline]
    pub(crate) fn try_read<A: Access>(&self, copy: impl FnOnce(usize)) -> bool {
        let before = if A::WRITABLE {
            // Pairs with the store of the version in `commit`.
            self.version.load(Acquire)
        } else {
            self.get()
        };
        copy(image_of::<P>(before));
        // Pairs with the release fence in `commit`.
        P::fence(Acquire);
        let overtaken_by = self.version.load(Relaxed).wrapping_sub(before);
        overtaken_by <= P::MOST_OVERTAKING
    }

    /// The version: how many commits there have been, modulo 2^64.
    #[inline]
    pub(crate) fn get(&self) -> u64 {
        // On a read-only mapping only relaxed loads are defined; the fence after it orders as an acquire load does. Pairs
        // with the store of the version in `commit`.
        let version = self.version.load(Relaxed);
        P::fence(Acquire);
        version
    }
}

/// The image that is current at that version.
#[inline]
#[allow(clippy::cast_possible_truncation)] // the low bits decide
pub(super) fn image_of<P: Platform>(version: u64) -> usize {
    version as usize % P::IMAGES
}
