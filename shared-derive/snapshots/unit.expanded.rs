/// The live fields of a [`Nothing`] in shared memory.
#[repr(C)]
struct NothingSlots<A: ::shmstate::__private::Access = ::shmstate::__private::Write>(
    ::core::marker::PhantomData<A>,
);
const _: () = {
    #[automatically_derived]
    impl ::shmstate::__private::Field<::shmstate::__private::Inline> for Nothing {
        type Slot<A: ::shmstate::__private::Access> = NothingSlots<A>;
    }
    #[automatically_derived]
    impl ::shmstate::__private::Single for Nothing {}
    #[automatically_derived]
    impl ::shmstate::__private::SharedState for Nothing {
        type Slots = NothingSlots;
    }
    #[automatically_derived]
    impl ::shmstate::__private::Zeroed for Nothing {}
    #[doc(hidden)]
    #[allow(missing_debug_implementations, unnameable_types)]
    #[repr(C)]
    struct NothingImage {}
    #[automatically_derived]
    impl ::core::clone::Clone for NothingImage {
        #[inline]
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl ::core::marker::Copy for NothingImage {}
    #[automatically_derived]
    unsafe impl ::shmstate::__private::bytemuck::Zeroable for NothingImage {}
    #[automatically_derived]
    unsafe impl ::shmstate::__private::bytemuck::Pod for NothingImage {}
    #[automatically_derived]
    unsafe impl ::shmstate::__private::Plain<::shmstate::__private::Inline> for Nothing {
        type Image = NothingImage;
        type Cell = <::shmstate::__private::Fit<
            { ::shmstate::__private::is_small::<NothingImage>() },
        > as ::shmstate::__private::CellOf>::Cell<NothingImage>;
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::image(
            "Nothing",
            ::core::mem::size_of::<NothingImage>(),
            ::core::mem::align_of::<NothingImage>(),
            &[],
        );
        fn encode(
            &self,
            _: &mut NothingImage,
        ) -> ::core::result::Result<(), ::shmstate::__private::CapacityExceeded> {
            ::core::result::Result::Ok(())
        }
        fn decode(
            _: &NothingImage,
        ) -> ::core::result::Result<Self, ::shmstate::__private::Corrupt> {
            ::core::result::Result::Ok(Nothing {})
        }
    }
    const _: &::shmstate::__private::Shape = <Nothing as ::shmstate::__private::Plain<
        ::shmstate::__private::Inline,
    >>::SHAPE;
    #[automatically_derived]
    unsafe impl<A: ::shmstate::__private::Access> ::shmstate::__private::Slot
    for NothingSlots<A> {
        type Value = Nothing;
        type Access = A;
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::structure(
            "Nothing",
            ::core::mem::size_of::<Self>(),
            ::core::mem::align_of::<Self>(),
            &[],
        );
        fn try_snapshot(
            &self,
        ) -> ::core::result::Result<Nothing, ::shmstate::__private::Corrupt> {
            ::core::result::Result::Ok(Nothing {})
        }
        fn fits(
            _: &Nothing,
        ) -> ::core::result::Result<(), ::shmstate::__private::CapacityExceeded> {
            ::core::result::Result::Ok(())
        }
        #[track_caller]
        fn put(&self, _: Nothing, _: ::shmstate::__private::Writing) {}
    }
    #[automatically_derived]
    impl<A: ::shmstate::__private::Access> NothingSlots<A> {
        /// Reads every field, each leaf whole, one after the other.
        ///
        /// # Panics
        ///
        /// If a field holds bytes that are not a value of its type.
        #[track_caller]
        pub fn snapshot(&self) -> Nothing {
            ::shmstate::__private::Slot::snapshot(self)
        }
        /// Reads every field, each leaf whole, one after the other.
        ///
        /// # Errors
        ///
        /// If a field holds bytes that are not a value of its type; the error names the field.
        pub fn try_snapshot(
            &self,
        ) -> ::core::result::Result<Nothing, ::shmstate::__private::Corrupt> {
            ::shmstate::__private::Slot::try_snapshot(self)
        }
    }
    #[automatically_derived]
    impl<A: ::shmstate::__private::Access> ::core::fmt::Debug for NothingSlots<A> {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::shmstate::__private::debug(self, __f)
        }
    }
    trait AStateMustNotImplementDrop {}
    impl<T: ::core::ops::Drop> AStateMustNotImplementDrop for T {}
    impl AStateMustNotImplementDrop for Nothing {}
};
