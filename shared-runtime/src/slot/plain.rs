//! Values at rest: the image of a value, in which a lock-guarded slot keeps it.
//!
//! An image is a `bytemuck::Pod` of alignment 1, so it has no padding and no invalid bytes. Decoding
//! trusts nothing in it.

#![allow(unsafe_code)]

use core::mem::MaybeUninit;

use bytemuck::Pod;

use super::mode::Inline;
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt, value};
use crate::lock::{ImageCell, Line, Packed};

/// A value that can be kept in a lock-guarded slot, in the mode `M` (see [`mode`](crate::slot::mode)).
///
/// Implemented by `#[derive(SharedState)]` and, in this crate, for everything else that a field may be.
/// The derive and this crate implement it; use [`SharedState`](crate::SharedState) as a bound.
///
/// # Safety
///
/// 1. `Image` has the alignment 1.
/// 2. If `AS_IS` is true, the first bytes of a value, as many as an image has, are its image; they are
///    initialised, and whatever is written there makes a value; the rest is padding. Values are not dropped.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be kept in a lock-guarded slot",
    label = "this type has no form at rest",
    note = "it can be a primitive number, `bool`, `char`, `NonZero*`, `Duration`, a point in time, an address, `PhantomData`, `()`, a tuple, `Option` or fixed array of those, or a struct or fieldless enum with `#[derive(SharedState)]`",
    note = "text or a list in it needs a field of its own with `#[shared(capacity = N)]`; if `{Self}` is a type parameter, bound it with `SharedState`"
)]
pub unsafe trait Plain<M = Inline>: Sized + 'static {
    /// The value at rest: of alignment 1.
    #[doc(hidden)]
    type Image: Pod;

    /// How a slot stores the images.
    #[doc(hidden)]
    type Cell: ImageCell<Image = Self::Image> + CellOf;

    /// Whether a value lies in memory as it does at rest, so that it can be copied without a detour.
    #[doc(hidden)]
    const AS_IS: bool = false;

    /// The fields in the image.
    #[doc(hidden)]
    const SHAPE: &'static Shape;

    /// Writes the value to `image`. Bytes behind the end of a text or list, and those of an absent value, are left as
    /// they are.
    #[doc(hidden)]
    fn encode(&self, image: &mut Self::Image) -> Result<(), CapacityExceeded>;

    /// Fails if the value cannot be encoded.
    #[doc(hidden)]
    fn fits(&self) -> Result<(), CapacityExceeded> {
        if Self::SHAPE.has_capacity() {
            with_zeros(|image| self.encode(image))
        } else {
            Ok(())
        }
    }

    #[doc(hidden)]
    fn decode(image: &Self::Image) -> Result<Self, Corrupt>;

    /// As `decode`, reusing what `out` has on the heap. After an error `out` is some mixture of old and new.
    #[doc(hidden)]
    fn decode_into(image: &Self::Image, out: &mut Self) -> Result<(), Corrupt> {
        *out = Self::decode(image)?;
        Ok(())
    }
}

/// A kind of cell, for any image: by a cell of that kind (the image of an `Option<T>` is stored as that of `T`), or by
/// [`Fit`].
#[doc(hidden)]
pub trait CellOf {
    type Cell<I: Pod>: ImageCell<Image = I> + CellOf;
}

impl<I: Pod> CellOf for Packed<I> {
    type Cell<J: Pod> = Packed<J>;
}

impl<I: Pod> CellOf for Line<I> {
    type Cell<J: Pod> = Line<J>;
}

/// The kind of cell for small images or for large ones: generated code knows which with [`is_small`].
#[doc(hidden)]
pub struct Fit<const SMALL: bool>(());

impl CellOf for Fit<true> {
    type Cell<I: Pod> = Packed<I>;
}

impl CellOf for Fit<false> {
    type Cell<I: Pod> = Line<I>;
}

/// Up to this size images share cache lines.
#[doc(hidden)]
#[must_use]
pub const fn is_small<I>() -> bool {
    size_of::<I>() <= 16
}

/// Encodes one field; an error names it.
#[doc(hidden)]
#[inline]
pub fn encode<T: Plain<M>, M>(
    name: &str,
    value: &T,
    image: &mut T::Image,
) -> Result<(), CapacityExceeded> {
    value
        .encode(image)
        .map_err(|exceeded| exceeded.in_field(name))
}

/// Decodes one field; an error names it.
#[doc(hidden)]
#[inline]
pub fn decode<T: Plain<M>, M>(name: &str, image: &T::Image) -> Result<T, Corrupt> {
    T::decode(image).map_err(|corrupt| corrupt.in_field(name))
}

/// Decodes one field in place; an error names it.
#[doc(hidden)]
#[inline]
pub fn decode_into<T: Plain<M>, M>(
    name: &str,
    image: &T::Image,
    out: &mut T,
) -> Result<(), Corrupt> {
    T::decode_into(image, out).map_err(|corrupt| corrupt.in_field(name))
}

/// Decodes images one after the other, each over a value.
#[inline]
pub(super) fn decode_all<T: Plain<M>, M>(
    images: &[T::Image],
    values: &mut [T],
) -> Result<(), Corrupt> {
    for (i, (image, value)) in images.iter().zip(values).enumerate() {
        T::decode_into(image, value).map_err(|corrupt| corrupt.at_index(i))?;
    }
    Ok(())
}

/// The length of a text or list that has room for `capacity`.
#[inline]
pub(super) fn length(len: [u8; 4], capacity: usize) -> Result<usize, Corrupt> {
    value::length(u32::from_le_bytes(len), capacity)
}

/// A length as it lies in an image. It is at most a capacity, which has 32 bits.
#[allow(clippy::cast_possible_truncation)] // `Shape::text` and `Shape::list` check the capacity
pub(super) fn to_length(len: usize) -> [u8; 4] {
    (len as u32).to_le_bytes()
}

/// Images up to this size are built on the stack.
const ON_STACK: usize = 4096;

/// Calls `f` with room for an image or a value to work on.
#[inline]
pub(crate) fn with_room<I, R>(f: impl FnOnce(&mut MaybeUninit<I>) -> R) -> R {
    if size_of::<I>() <= ON_STACK {
        on_stack(f)
    } else {
        f(&mut Box::new_uninit())
    }
}

/// Calls `f` with an image of zeros to work on.
#[inline]
pub(crate) fn with_zeros<I: Pod, R>(f: impl FnOnce(&mut I) -> R) -> R {
    if size_of::<I>() <= ON_STACK {
        on_stack(|room| f(room.write(I::zeroed())))
    } else {
        f(&mut *bytemuck::allocation::zeroed_box())
    }
}

/// A separate function, so that only frames in which an image is built have room for one.
#[inline]
fn on_stack<I, R>(f: impl FnOnce(&mut MaybeUninit<I>) -> R) -> R {
    f(&mut MaybeUninit::uninit())
}

/// Whether a value is its image, byte for byte, without any padding.
#[inline]
pub(crate) const fn is_image<T: Plain<M>, M>() -> bool {
    T::AS_IS && size_of::<T>() == size_of::<T::Image>()
}

/// What the functions below rest on. The conditions are constants, so no branch is left in the machine code. This is
/// not a constant block, because that would be an error even where the function is named and never called.
const fn assert_as_is<T: Plain<M>, M>() {
    assert!(T::AS_IS && size_of::<T>() >= size_of::<T::Image>());
    assert!(align_of::<T::Image>() == 1);
}

/// The room for a value as room for its image: once filled, it is a value.
#[inline]
pub(crate) fn as_room<T: Plain<M>, M>(room: &mut MaybeUninit<T>) -> &mut MaybeUninit<T::Image> {
    assert_as_is::<T, M>();
    // SAFETY: the value is as long as the image at least, which has the alignment 1.
    unsafe { &mut *room.as_mut_ptr().cast() }
}

/// The image in a value: whatever is written there makes a value.
#[inline]
pub(crate) fn as_image_mut<T: Plain<M>, M>(value: &mut T) -> &mut T::Image {
    assert_as_is::<T, M>();
    // SAFETY: (2) of `Plain`, and the image has the alignment 1.
    unsafe { &mut *core::ptr::from_mut(value).cast() }
}

/// The image that a value is.
#[inline]
pub(crate) fn as_image<T: Plain<M>, M>(value: &T) -> &T::Image {
    assert_as_is::<T, M>();
    // SAFETY: (2) of `Plain`, and the image has the alignment 1.
    unsafe { &*core::ptr::from_ref(value).cast() }
}

/// Declares an image of several parts: `repr(C)`, and plain bytes if its parts are.
///
/// All parts of an image are images, of alignment 1, so `repr(C)` leaves no padding between them. `Shape::locked`
/// compares the size of each image that is used with that of its parts.
macro_rules! image {
    ($(#[$attr:meta])* $name:ident [$($ty:ident),*] [$(const $n:ident)?] { $($field:ident: $part:ty,)* }) => {
        $(#[$attr])*
        #[derive(Clone, Copy, Debug)]
        #[repr(C)]
        #[doc(hidden)]
        pub struct $name<$($ty,)* $(const $n: usize)?> {
            $(pub(crate) $field: $part,)*
        }

        // SAFETY: every part may be zero.
        unsafe impl<$($ty: ::bytemuck::Pod,)* $(const $n: usize)?> ::bytemuck::Zeroable for $name<$($ty,)* $($n)?> {}
        // SAFETY: `repr(C)`, every part is plain bytes of alignment 1, so there is no padding.
        unsafe impl<$($ty: ::bytemuck::Pod,)* $(const $n: usize)?> ::bytemuck::Pod for $name<$($ty,)* $($n)?> {}
    };
}
pub(super) use image;
