::core::compile_error! {
    "a locked struct is one slot, `Locked<Self>`, and has no slots struct to name; remove `slots` or `lock`"
}
::core::compile_error! {
    "the whole struct is locked already; remove `lock` here or on the struct"
}
::core::compile_error! {
    "expected a number without quotes: `capacity = 64`"
}
::core::compile_error! {
    "`pod` is for a single value, and `capacity` for text and lists; put the `pod` type in a struct with the derive, and have a list of that"
}
const _: () = {
    #[automatically_derived]
    impl ::shmstate::__private::Field<::shmstate::__private::Inline> for Contradiction {
        type Slot<A: ::shmstate::__private::Access> = ::shmstate::__private::Locked<
            Contradiction,
            A,
        >;
    }
    #[automatically_derived]
    impl ::shmstate::__private::Single for Contradiction {}
    #[automatically_derived]
    impl ::shmstate::__private::SharedState for Contradiction {
        type Slots = ::shmstate::__private::Locked<Contradiction>;
    }
    #[automatically_derived]
    impl ::shmstate::__private::Zeroed for Contradiction {}
    unsafe impl ::shmstate::__private::Plain<::shmstate::__private::Inline>
    for Contradiction {
        type Image = [::core::primitive::u8; 0];
        type Cell = ::shmstate::__private::Packed<[::core::primitive::u8; 0]>;
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::NOTHING;
        fn encode(
            &self,
            _: &mut [::core::primitive::u8; 0],
        ) -> ::core::result::Result<(), ::shmstate::__private::CapacityExceeded> {
            loop {}
        }
        fn decode(
            _: &[::core::primitive::u8; 0],
        ) -> ::core::result::Result<Self, ::shmstate::__private::Corrupt> {
            loop {}
        }
    }
};
