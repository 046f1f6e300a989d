//! Values that lie in memory as they do at rest: they are copied without a detour.

#![allow(unsafe_code)]

use core::mem::MaybeUninit;

use super::Plain;

/// Whether a value is its image, byte for byte, without any padding.
#[inline]
pub(crate) const fn is_image<T: Plain<M>, M>() -> bool {
    T::AS_IS && size_of::<T>() == size_of::<T::Image>()
}

/// What the functions below rest on. Constant, so the branch is none; not in a constant block, because
/// that would be an error even where the function is named and never called.
const fn check<T: Plain<M>, M>() {
    assert!(T::AS_IS && size_of::<T>() >= size_of::<T::Image>());
    assert!(align_of::<T::Image>() == 1);
}

/// The room for a value as room for its image: filled, it is a value.
#[inline]
pub(crate) fn as_room<T: Plain<M>, M>(room: &mut MaybeUninit<T>) -> &mut MaybeUninit<T::Image> {
    check::<T, M>();
    // SAFETY: the value is as long as the image at least, which has the alignment 1.
    unsafe { &mut *room.as_mut_ptr().cast() }
}

/// The image in a value: whatever is written there makes a value.
#[inline]
pub(crate) fn as_image_mut<T: Plain<M>, M>(value: &mut T) -> &mut T::Image {
    check::<T, M>();
    // SAFETY: (2) of `Plain`, and the image has the alignment 1.
    unsafe { &mut *core::ptr::from_mut(value).cast() }
}

/// The image that a value is.
#[inline]
pub(crate) fn as_image<T: Plain<M>, M>(value: &T) -> &T::Image {
    check::<T, M>();
    // SAFETY: (2) of `Plain`, and the image has the alignment 1.
    unsafe { &*core::ptr::from_ref(value).cast() }
}
