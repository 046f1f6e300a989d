//! Types without bytes.

#![allow(unsafe_code)]

use core::marker::PhantomData;

use super::Plain;
use crate::format::shape::Shape;
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::Packed;
use crate::slot::mode::Inline;

macro_rules! nothing {
    ($([$($param:tt)*] $ty:ty = $value:expr;)*) => {$(
        // SAFETY: (1) the image is bytes; (2) `AS_IS` is false.
        unsafe impl<$($param)*> Plain<Inline> for $ty {
            type Image = [u8; 0];
            type Cell = Packed<[u8; 0]>;
            const SHAPE: &'static Shape = &Shape::NOTHING;

            fn encode(&self, _: &mut [u8; 0]) -> Result<(), CapacityExceeded> {
                Ok(())
            }

            fn decode(_: &[u8; 0]) -> Result<Self, Corrupt> {
                Ok($value)
            }
        }
    )*};
}

nothing! {
    [] () = ();
    [T: ?Sized + 'static] PhantomData<T> = PhantomData;
}
