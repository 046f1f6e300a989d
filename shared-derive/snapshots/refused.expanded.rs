::core::compile_error! {
    "this field has no slot: `&'a str` is a reference, which means nothing in another process; use `String` with `#[shared(capacity = N)]`"
}
::core::compile_error! {
    "this field has no slot: `Vec<T>` needs `#[shared(capacity = N)]`, the most elements it may hold"
}
::core::compile_error! {
    "unknown attribute `locked`; expected one of `lock`, `capacity`, `watch`, `cache_padded`, `pod`, `counter`, `help`"
}
/// The live fields of a [`Mixed`] in shared memory.
#[repr(C)]
struct MixedSlots<
    T: SharedState,
    A: ::shmstate::__private::Access = ::shmstate::__private::Write,
>
where
    T: ::shmstate::__private::Field<::shmstate::__private::Inline>,
{
    /// The slot of the field `good`.
    good: <T as ::shmstate::__private::Field<::shmstate::__private::Inline>>::Slot<A>,
    /// The slot of the field `text`.
    text: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `list`.
    list: <() as ::shmstate::__private::Field<::shmstate::__private::Refused>>::Slot<A>,
    /// The slot of the field `count`.
    count: <u32 as ::shmstate::__private::Field<::shmstate::__private::Inline>>::Slot<A>,
    __parameters: ::core::marker::PhantomData<
        fn() -> (A, ::core::marker::PhantomData<T>),
    >,
}
const _: () = {
    #[automatically_derived]
    impl<T: SharedState> ::shmstate::__private::Field<::shmstate::__private::Inline>
    for Mixed<'static, T>
    where
        T: 'static,
        T: ::shmstate::__private::Field<::shmstate::__private::Inline>,
    {
        type Slot<A: ::shmstate::__private::Access> = MixedSlots<T, A>;
    }
    #[automatically_derived]
    impl<T: SharedState> ::shmstate::__private::Single for Mixed<'static, T>
    where
        T: 'static,
        T: ::shmstate::__private::Field<::shmstate::__private::Inline>,
        T: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
    {}
    #[automatically_derived]
    impl<T: SharedState> ::shmstate::__private::SharedState for Mixed<'static, T>
    where
        T: 'static,
        T: ::shmstate::__private::Field<::shmstate::__private::Inline>,
        T: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
    {
        type Slots = MixedSlots<T>;
    }
    #[automatically_derived]
    impl<T: SharedState> ::shmstate::__private::Zeroed for Mixed<'static, T>
    where
        T: 'static,
        T: ::shmstate::__private::Field<::shmstate::__private::Inline>,
    {}
    unsafe impl<
        T: SharedState,
    > ::shmstate::__private::Plain<::shmstate::__private::Inline> for Mixed<'static, T>
    where
        T: 'static,
        T: ::shmstate::__private::Field<::shmstate::__private::Inline>,
    {
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
    unsafe impl<
        T: SharedState,
        A: ::shmstate::__private::Access,
    > ::shmstate::__private::Slot for MixedSlots<T, A>
    where
        T: 'static,
        T: ::shmstate::__private::Field<::shmstate::__private::Inline>,
    {
        type Value = Mixed<'static, T>;
        type Access = A;
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::NOTHING;
        fn try_snapshot(
            &self,
        ) -> ::core::result::Result<Mixed<'static, T>, ::shmstate::__private::Corrupt> {
            loop {}
        }
        fn fits(
            _: &Mixed<'static, T>,
        ) -> ::core::result::Result<(), ::shmstate::__private::CapacityExceeded> {
            loop {}
        }
        fn put(&self, _: Mixed<'static, T>, _: ::shmstate::__private::Writing) {
            loop {}
        }
    }
    #[automatically_derived]
    impl<T: SharedState, A: ::shmstate::__private::Access> MixedSlots<T, A>
    where
        T: 'static,
        T: ::shmstate::__private::Field<::shmstate::__private::Inline>,
    {
        /// Reads every field, each leaf whole, one after the other.
        ///
        /// # Panics
        ///
        /// If a field holds bytes that are not a value of its type.
        #[track_caller]
        pub fn snapshot(&self) -> Mixed<'static, T> {
            ::shmstate::__private::Slot::snapshot(self)
        }
        /// Reads every field, each leaf whole, one after the other.
        ///
        /// # Errors
        ///
        /// If a field holds bytes that are not a value of its type; the error names the field.
        pub fn try_snapshot(
            &self,
        ) -> ::core::result::Result<Mixed<'static, T>, ::shmstate::__private::Corrupt> {
            ::shmstate::__private::Slot::try_snapshot(self)
        }
    }
    #[automatically_derived]
    impl<T: SharedState, A: ::shmstate::__private::Access> ::core::fmt::Debug
    for MixedSlots<T, A>
    where
        T: 'static,
        T: ::shmstate::__private::Field<::shmstate::__private::Inline>,
    {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::shmstate::__private::debug(self, __f)
        }
    }
};
