//! Tuples: the images of their parts, one after the other.

#![allow(unsafe_code)]
#![allow(non_snake_case)] // a part is named as its type

use bytemuck::{Pod, Zeroable};

use super::Plain;
use super::image::image;
use crate::format::shape::{FieldShape, Shape};
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::Line;
use crate::slot::field::Zeroed;
use crate::slot::mode::Inline;

macro_rules! tuple {
    ($image:ident $($part:ident $index:tt)*) => {
        image! { $image [$($part),*] [] { $($part: $part,)* } }

        // SAFETY: (1) the image is made of images; (2) `AS_IS` is false.
        unsafe impl<$($part: Plain),*> Plain<Inline> for ($($part,)*) {
            type Image = $image<$($part::Image),*>;
            type Cell = Line<Self::Image>;
            const SHAPE: &'static Shape = &Shape::image(
                "",
                size_of::<Self::Image>(),
                align_of::<Self::Image>(),
                &[$(FieldShape::new(
                    stringify!($index),
                    core::mem::offset_of!(Self::Image, $part),
                    $part::SHAPE,
                )),*],
            );

            #[inline]
            fn encode(&self, image: &mut Self::Image) -> Result<(), CapacityExceeded> {
                $(super::encode::<$part, Inline>(
                    stringify!($index),
                    &self.$index,
                    &mut image.$part,
                )?;)*
                Ok(())
            }

            #[inline]
            fn decode(image: &Self::Image) -> Result<Self, Corrupt> {
                Ok(($(super::decode::<$part, Inline>(stringify!($index), &image.$part)?,)*))
            }

            #[inline]
            fn decode_into(image: &Self::Image, out: &mut Self) -> Result<(), Corrupt> {
                $(super::decode_into::<$part, Inline>(
                    stringify!($index),
                    &image.$part,
                    &mut out.$index,
                )?;)*
                Ok(())
            }
        }

        super::whole!([$($part: Plain),*] ($($part,)*));
        impl<$($part: Zeroed),*> Zeroed for ($($part,)*) {}
    };
}

tuple!(Image1 T0 0);
tuple!(Image2 T0 0 T1 1);
tuple!(Image3 T0 0 T1 1 T2 2);
tuple!(Image4 T0 0 T1 1 T2 2 T3 3);
tuple!(Image5 T0 0 T1 1 T2 2 T3 3 T4 4);
tuple!(Image6 T0 0 T1 1 T2 2 T3 3 T4 4 T5 5);
tuple!(Image7 T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6);
tuple!(Image8 T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7);
tuple!(Image9 T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7 T8 8);
tuple!(Image10 T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7 T8 8 T9 9);
tuple!(Image11 T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7 T8 8 T9 9 T10 10);
tuple!(Image12 T0 0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7 T8 8 T9 9 T10 10 T11 11);
