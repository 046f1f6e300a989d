#[allow(dead_code)]
const _: () = {
    #[automatically_derived]
    impl ::shmstate::__private::Scalar for Level {
        type Raw = ::shmstate::__private::AtomicI16;
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::enumeration(
            ::shmstate::__private::Kind::I16,
            &[
                ::shmstate::__private::Variant::new(
                    "Low",
                    Self::Low as ::core::primitive::i16 as ::core::primitive::u64,
                ),
                ::shmstate::__private::Variant::new(
                    "Middle",
                    Self::Middle as ::core::primitive::i16 as ::core::primitive::u64,
                ),
                ::shmstate::__private::Variant::new(
                    "High",
                    Self::High as ::core::primitive::i16 as ::core::primitive::u64,
                ),
            ],
        );
        #[inline]
        fn to_bits(&self) -> ::core::primitive::i16 {
            match self {
                Self::Low => Self::Low as ::core::primitive::i16,
                Self::Middle => Self::Middle as ::core::primitive::i16,
                Self::High => Self::High as ::core::primitive::i16,
            }
        }
        #[inline]
        fn from_bits(__bits: ::core::primitive::i16) -> ::core::option::Option<Self> {
            match __bits {
                __bits if __bits == Self::Low as ::core::primitive::i16 => {
                    ::core::option::Option::Some(Self::Low)
                }
                __bits if __bits == Self::Middle as ::core::primitive::i16 => {
                    ::core::option::Option::Some(Self::Middle)
                }
                __bits if __bits == Self::High as ::core::primitive::i16 => {
                    ::core::option::Option::Some(Self::High)
                }
                _ => ::core::option::Option::None,
            }
        }
    }
    #[automatically_derived]
    impl ::shmstate::__private::Field<::shmstate::__private::Inline> for Level {
        type Slot<A: ::shmstate::__private::Access> = ::shmstate::__private::Atomic<
            Level,
            A,
        >;
    }
    #[automatically_derived]
    impl ::shmstate::__private::Single for Level {}
    #[automatically_derived]
    impl ::shmstate::__private::SharedState for Level {
        type Slots = ::shmstate::__private::Atomic<Level>;
    }
    #[automatically_derived]
    unsafe impl ::shmstate::__private::Plain<::shmstate::__private::Inline> for Level {
        type Image = ::shmstate::__private::ScalarImage<Self>;
        type Cell = ::shmstate::__private::Packed<
            ::shmstate::__private::ScalarImage<Self>,
        >;
        const SHAPE: &'static ::shmstate::__private::Shape = <Self as ::shmstate::__private::Scalar>::SHAPE;
        #[inline]
        fn encode(
            &self,
            __image: &mut ::shmstate::__private::ScalarImage<Self>,
        ) -> ::core::result::Result<(), ::shmstate::__private::CapacityExceeded> {
            *__image = ::shmstate::__private::to_image(self);
            ::core::result::Result::Ok(())
        }
        #[inline]
        fn decode(
            __image: &::shmstate::__private::ScalarImage<Self>,
        ) -> ::core::result::Result<Self, ::shmstate::__private::Corrupt> {
            ::shmstate::__private::of_image(__image)
        }
    }
    #[automatically_derived]
    impl ::shmstate::__private::Zeroed for Level {}
    trait AStateMustNotImplementDrop {}
    impl<T: ::core::ops::Drop> AStateMustNotImplementDrop for T {}
    impl AStateMustNotImplementDrop for Level {}
};
