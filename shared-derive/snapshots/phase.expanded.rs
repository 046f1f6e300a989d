const _: () = {
    #[automatically_derived]
    impl ::shmstate::__private::Scalar for Phase {
        type Raw = ::shmstate::__private::AtomicU8;
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::enumeration(
            ::shmstate::__private::Kind::U8,
            &[
                ::shmstate::__private::Variant::new("Idle", 0u64),
                ::shmstate::__private::Variant::new("Busy", 1u64),
                ::shmstate::__private::Variant::new("Done", 2u64),
            ],
        );
        #[inline]
        fn to_bits(&self) -> ::core::primitive::u8 {
            match self {
                Self::Idle => 0u8,
                Self::Busy => 1u8,
                Self::r#Done => 2u8,
            }
        }
        #[inline]
        fn from_bits(__bits: ::core::primitive::u8) -> ::core::option::Option<Self> {
            match __bits {
                0u8 => ::core::option::Option::Some(Self::Idle),
                1u8 => ::core::option::Option::Some(Self::Busy),
                2u8 => ::core::option::Option::Some(Self::r#Done),
                _ => ::core::option::Option::None,
            }
        }
    }
    #[automatically_derived]
    impl ::shmstate::__private::Field<::shmstate::__private::Inline> for Phase {
        type Slot<A: ::shmstate::__private::Access> = ::shmstate::__private::Atomic<
            Phase,
            A,
        >;
    }
    #[automatically_derived]
    impl ::shmstate::__private::Single for Phase {}
    #[automatically_derived]
    impl ::shmstate::__private::SharedState for Phase {
        type Slots = ::shmstate::__private::Atomic<Phase>;
    }
    #[automatically_derived]
    unsafe impl ::shmstate::__private::Plain<::shmstate::__private::Inline> for Phase {
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
    impl ::shmstate::__private::Zeroed for Phase {}
    trait AStateMustNotImplementDrop {}
    impl<T: ::core::ops::Drop> AStateMustNotImplementDrop for T {}
    impl AStateMustNotImplementDrop for Phase {}
};
