//! Fields of the kinds that are listed in `format/kind.rs`: what each of them needs, by the size that it has.

/// A type too wide for an atomic: locked as a whole. Zero bytes are a value.
macro_rules! fixed_locked {
    ($($ty:ty),*) => {$(
        // SAFETY: (1) the image is bytes; (2) `AS_IS` is false.
        unsafe impl Plain<Inline> for $ty {
            type Image = <$ty as Fixed>::Bytes;
            type Cell = CellOf<Self::Image>;
            const SHAPE: &'static Shape = &Shape::fixed(<$ty>::KIND);

            #[inline]
            fn encode(&self, image: &mut Self::Image) -> Result<(), CapacityExceeded> {
                *image = self.to_bytes();
                Ok(())
            }

            #[inline]
            fn decode(image: &Self::Image) -> Result<Self, Corrupt> {
                Self::of_bytes(image).ok_or_else(|| Corrupt::fixed(Self::CALLED, image))
            }
        }

        whole!([] $ty);
        impl Zeroed for $ty {}
    )*};
}

/// A type that fits an atomic, of which the integer has the bytes at rest. Zero bytes are a value.
macro_rules! fixed_atomic {
    ($ty:ty, $raw:ident) => {
        impl Scalar for $ty {
            type Raw = $raw;
            const SHAPE: &'static Shape = &Shape::fixed(<$ty>::KIND);

            #[inline]
            fn to_bits(&self) -> Bits<Self> {
                $raw::of_bytes(self.to_bytes())
            }

            #[inline]
            fn from_bits(bits: Bits<Self>) -> Option<Self> {
                Self::of_bytes(&$raw::to_bytes(bits))
            }
        }

        atomic_field!($ty);
        impl Single for $ty {}
        impl Zeroed for $ty {}
    };
}

pub(super) use {fixed_atomic, fixed_locked};
