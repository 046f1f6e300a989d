//! Reading a slot of which only the layout is known.

#![allow(unsafe_code)]

use super::READS;
use super::copy;
use super::head::{Head, IMAGES};
use crate::access::Read;
use crate::region::Region;

/// A private copy of the current image, of `len` bytes; the first of the images lies at `offset`, each
/// `stride` behind the one before. `None` if it does not hold still, or the slot cannot have this layout.
///
/// Takes no lock and writes nothing.
pub(crate) fn read_untyped(
    slot: Region<'_>,
    offset: usize,
    stride: usize,
    len: usize,
) -> Option<Vec<u8>> {
    let head = slot.part(0, size_of::<Head>())?.base();
    let images = slot.part(offset, IMAGES.checked_mul(stride)?)?.base();
    let aligned = head.addr().is_multiple_of(8)
        && images.addr().is_multiple_of(8)
        && stride.is_multiple_of(8);
    if !aligned || len > stride {
        return None;
    }
    #[allow(clippy::cast_ptr_alignment)] // checked
    // SAFETY: the region has as many bytes, mapped and accessed atomically; the head is integers, aligned
    // as checked.
    let head = unsafe { &*head.cast::<Head>() };
    let mut out = vec![0; len];
    for turn in 0..READS {
        let copy = |image: usize| {
            let from = images.wrapping_add(image * stride);
            // SAFETY: `from` is aligned, and `stride` bytes from it lie in the region, which is as many as
            // `len` rounded up to 8. Slots access their images by `copy` only.
            unsafe { copy::load(from, out.as_mut_ptr(), len) };
        };
        if head.try_read::<Read>(copy) {
            return Some(out);
        }
        if turn % 8 == 7 {
            std::thread::yield_now();
        }
    }
    None
}
