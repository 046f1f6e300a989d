//! The images that are no plain arrays of bytes.
//!
//! All parts of an image are images, of alignment 1, so `repr(C)` leaves no padding between them.
//! `with_image` makes sure of the alignment, of every image that is used.

#![allow(unsafe_code)]

use bytemuck::{Pod, Zeroable};

/// Declares an image of several parts: `repr(C)`, and plain bytes if its parts are.
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
        unsafe impl<$($ty: Pod,)* $(const $n: usize)?> Zeroable for $name<$($ty,)* $($n)?> {}
        // SAFETY: `repr(C)`, every part is plain bytes of alignment 1, so there is no padding.
        unsafe impl<$($ty: Pod,)* $(const $n: usize)?> Pod for $name<$($ty,)* $($n)?> {}
    };
}
pub(super) use image;

image! {
    /// Text: its length in bytes, and room for `N`. What lies behind the length means nothing.
    TextImage [] [const N] { len: [u8; 4], bytes: [u8; N], }
}

image! {
    /// A list: its length, and room for `N` elements. What lies behind the length means nothing.
    ListImage [I] [const N] { len: [u8; 4], items: [I; N], }
}

image! {
    /// An option: 0 or 1, and the value, which means nothing after 0.
    OptionImage [I] [] { tag: [u8; 1], value: I, }
}

/// A foreign type, without its alignment.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
#[repr(C, packed)]
pub struct PodImage<T>(pub(crate) T);

// SAFETY: `T` may be zero.
unsafe impl<T: Pod> Zeroable for PodImage<T> {}
// SAFETY: `T` is plain bytes, and a packed struct of one field has no padding.
unsafe impl<T: Pod> Pod for PodImage<T> {}
