::core::compile_error! {
    "an enum has no slots struct to name: it fits one atomic"
}
::core::compile_error! {
    "a shared enum has no data in its variants; use `Stopped` alone, and a field of the struct for the data"
}
const _: () = {
    impl ::shmstate::__private::Scalar for Event {
        type Raw = ::shmstate::__private::AtomicU8;
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::enumeration(
            ::shmstate::__private::Kind::U8,
            &[::shmstate::__private::Variant::new("refused", 0)],
        );
        fn to_bits(&self) -> ::core::primitive::u8 {
            loop {}
        }
        fn from_bits(_: ::core::primitive::u8) -> ::core::option::Option<Self> {
            loop {}
        }
    }
    #[automatically_derived]
    impl ::shmstate::__private::Field<::shmstate::__private::Inline> for Event {
        type Slot<A: ::shmstate::__private::Access> = ::shmstate::__private::Atomic<
            Event,
            A,
        >;
    }
    #[automatically_derived]
    impl ::shmstate::__private::Single for Event {}
    #[automatically_derived]
    impl ::shmstate::__private::SharedState for Event {
        type Slots = ::shmstate::__private::Atomic<Event>;
    }
    #[automatically_derived]
    unsafe impl ::shmstate::__private::Plain<::shmstate::__private::Inline> for Event {
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
    impl ::shmstate::__private::Zeroed for Event {}
};
