const _: () = {
    type __Mode2 = ::shmstate::__private::If<
        { ::shmstate::__private::has_slot!(Limits, ::shmstate::__private::Inline) },
        ::shmstate::__private::Inline,
    >;
    #[automatically_derived]
    impl ::shmstate::__private::Field<::shmstate::__private::Inline> for Account {
        type Slot<A: ::shmstate::__private::Access> = ::shmstate::__private::Locked<
            Account,
            A,
        >;
    }
    #[automatically_derived]
    impl ::shmstate::__private::Single for Account {}
    #[automatically_derived]
    impl ::shmstate::__private::SharedState for Account {
        type Slots = ::shmstate::__private::Locked<Account>;
    }
    #[automatically_derived]
    impl ::shmstate::__private::Zeroed for Account
    where
        for<'a> ::shmstate::__private::For<'a, i64>: ::shmstate::__private::Zeroed,
        for<'a> ::shmstate::__private::For<'a, String>: ::shmstate::__private::Zeroed,
        for<'a> ::shmstate::__private::For<'a, Limits>: ::shmstate::__private::Zeroed,
    {}
    #[doc(hidden)]
    #[allow(missing_debug_implementations, unnameable_types)]
    #[repr(C)]
    pub struct AccountImage {
        cents: <i64 as ::shmstate::__private::Plain<
            ::shmstate::__private::Inline,
        >>::Image,
        owner: <String as ::shmstate::__private::Plain<
            ::shmstate::__private::Capacity<{ 32 }>,
        >>::Image,
        limits: <Limits as ::shmstate::__private::Plain<__Mode2>>::Image,
    }
    #[automatically_derived]
    impl ::core::clone::Clone for AccountImage {
        #[inline]
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl ::core::marker::Copy for AccountImage {}
    #[automatically_derived]
    unsafe impl ::shmstate::__private::bytemuck::Zeroable for AccountImage {}
    #[automatically_derived]
    unsafe impl ::shmstate::__private::bytemuck::Pod for AccountImage {}
    #[automatically_derived]
    unsafe impl ::shmstate::__private::Plain<::shmstate::__private::Inline> for Account {
        type Image = AccountImage;
        type Cell = <::shmstate::__private::Fit<
            { ::shmstate::__private::is_small::<AccountImage>() },
        > as ::shmstate::__private::CellOf>::Cell<AccountImage>;
        const AS_IS: ::core::primitive::bool = <i64 as ::shmstate::__private::Plain<
            ::shmstate::__private::Inline,
        >>::AS_IS
            && ::core::mem::offset_of!(Account, cents)
                == ::core::mem::offset_of!(AccountImage, cents)
            && <String as ::shmstate::__private::Plain<
                ::shmstate::__private::Capacity<{ 32 }>,
            >>::AS_IS
            && ::core::mem::offset_of!(Account, owner)
                == ::core::mem::offset_of!(AccountImage, owner)
            && <Limits as ::shmstate::__private::Plain<__Mode2>>::AS_IS
            && ::core::mem::offset_of!(Account, limits)
                == ::core::mem::offset_of!(AccountImage, limits);
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::image(
            "Account",
            ::core::mem::size_of::<AccountImage>(),
            ::core::mem::align_of::<AccountImage>(),
            &[
                ::shmstate::__private::FieldShape::new(
                    "cents",
                    ::core::mem::offset_of!(AccountImage, cents),
                    <i64 as ::shmstate::__private::Plain<
                        ::shmstate::__private::Inline,
                    >>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "owner",
                    ::core::mem::offset_of!(AccountImage, owner),
                    <String as ::shmstate::__private::Plain<
                        ::shmstate::__private::Capacity<{ 32 }>,
                    >>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "limits",
                    ::core::mem::offset_of!(AccountImage, limits),
                    <Limits as ::shmstate::__private::Plain<__Mode2>>::SHAPE,
                ),
            ],
        );
        fn encode(
            &self,
            __image: &mut AccountImage,
        ) -> ::core::result::Result<(), ::shmstate::__private::CapacityExceeded> {
            ::shmstate::__private::encode::<
                i64,
                ::shmstate::__private::Inline,
            >("cents", &self.cents, &mut __image.cents)?;
            ::shmstate::__private::encode::<
                String,
                ::shmstate::__private::Capacity<{ 32 }>,
            >("owner", &self.owner, &mut __image.owner)?;
            ::shmstate::__private::encode::<
                Limits,
                __Mode2,
            >("limits", &self.limits, &mut __image.limits)?;
            ::core::result::Result::Ok(())
        }
        fn decode(
            __image: &AccountImage,
        ) -> ::core::result::Result<Self, ::shmstate::__private::Corrupt> {
            ::core::result::Result::Ok(Account {
                cents: ::shmstate::__private::decode::<
                    i64,
                    ::shmstate::__private::Inline,
                >("cents", &__image.cents)?,
                owner: ::shmstate::__private::decode::<
                    String,
                    ::shmstate::__private::Capacity<{ 32 }>,
                >("owner", &__image.owner)?,
                limits: ::shmstate::__private::decode::<
                    Limits,
                    __Mode2,
                >("limits", &__image.limits)?,
            })
        }
        fn decode_into(
            __image: &AccountImage,
            __out: &mut Account,
        ) -> ::core::result::Result<(), ::shmstate::__private::Corrupt> {
            ::shmstate::__private::decode_into::<
                i64,
                ::shmstate::__private::Inline,
            >("cents", &__image.cents, &mut __out.cents)?;
            ::shmstate::__private::decode_into::<
                String,
                ::shmstate::__private::Capacity<{ 32 }>,
            >("owner", &__image.owner, &mut __out.owner)?;
            ::shmstate::__private::decode_into::<
                Limits,
                __Mode2,
            >("limits", &__image.limits, &mut __out.limits)?;
            ::core::result::Result::Ok(())
        }
    }
    const _: &::shmstate::__private::Shape = <Account as ::shmstate::__private::Plain<
        ::shmstate::__private::Inline,
    >>::SHAPE;
    const _: () = ::shmstate::__private::must_have_slot::<
        Limits,
        ::shmstate::__private::Inline,
    >();
    trait AStateMustNotImplementDrop {}
    impl<T: ::core::ops::Drop> AStateMustNotImplementDrop for T {}
    impl AStateMustNotImplementDrop for Account {}
};
