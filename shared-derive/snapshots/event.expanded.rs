::core::compile_error! {
    "an enum has no slots struct to name: it fits one atomic"
}
::core::compile_error! {
    "a shared enum has no data in its variants; use `Stopped` alone, and a field of the struct for the data"
}
const _: () = {
    impl ::shmstate::__private::Scalar for Event {
        type Raw = ::shmstate::__private::AtomicU8;
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::NOTHING;
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
            Self,
            A,
        >;
        #[inline]
        fn put(self, __slot: &::shmstate::__private::Atomic<Self>) {
            ::shmstate::__private::Atomic::set(__slot, self);
        }
    }
    #[automatically_derived]
    impl ::shmstate::__private::Single for Event {}
    #[automatically_derived]
    impl ::shmstate::__private::Primitive for Event {}
    #[automatically_derived]
    impl ::shmstate::__private::SharedState for Event {
        type Slots = ::shmstate::__private::Atomic<Self>;
    }
    #[automatically_derived]
    impl ::shmstate::__private::Zeroed for Event {}
};
