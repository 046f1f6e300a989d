/// The live fields of a [`Clock`] in shared memory.
#[repr(C)]
struct ClockSlots<A: ::shmstate::__private::Access = ::shmstate::__private::Write> {
    /// The slot of the field `started`.
    started: <Instant as ::shmstate::__private::Field<
        ::shmstate::__private::If<
            { ::shmstate::__private::has_slot!(Instant, ::shmstate::__private::Inline) },
            ::shmstate::__private::Inline,
        >,
    >>::Slot<A>,
}
const _: () = {
    type __Mode0 = ::shmstate::__private::If<
        { ::shmstate::__private::has_slot!(Instant, ::shmstate::__private::Inline) },
        ::shmstate::__private::Inline,
    >;
    #[automatically_derived]
    impl ::shmstate::__private::Field<::shmstate::__private::Inline> for Clock {
        type Slot<A: ::shmstate::__private::Access> = ClockSlots<A>;
    }
    #[automatically_derived]
    impl ::shmstate::__private::Single for Clock {}
    #[automatically_derived]
    impl ::shmstate::__private::SharedState for Clock {
        type Slots = ClockSlots;
    }
    #[automatically_derived]
    impl ::shmstate::__private::Zeroed for Clock
    where
        for<'a> ::shmstate::__private::For<'a, Instant>: ::shmstate::__private::Zeroed,
    {}
    #[doc(hidden)]
    #[allow(missing_debug_implementations, unnameable_types)]
    #[repr(C)]
    struct ClockImage {
        started: <Instant as ::shmstate::__private::Plain<__Mode0>>::Image,
    }
    #[automatically_derived]
    impl ::core::clone::Clone for ClockImage {
        #[inline]
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl ::core::marker::Copy for ClockImage {}
    #[automatically_derived]
    unsafe impl ::shmstate::__private::bytemuck::Zeroable for ClockImage {}
    #[automatically_derived]
    unsafe impl ::shmstate::__private::bytemuck::Pod for ClockImage {}
    #[automatically_derived]
    unsafe impl ::shmstate::__private::Plain<::shmstate::__private::Inline> for Clock {
        type Image = ClockImage;
        type Cell = <::shmstate::__private::Fit<
            { ::shmstate::__private::is_small::<ClockImage>() },
        > as ::shmstate::__private::CellOf>::Cell<ClockImage>;
        const AS_IS: ::core::primitive::bool = <Instant as ::shmstate::__private::Plain<
            __Mode0,
        >>::AS_IS
            && ::core::mem::offset_of!(Clock, started)
                == ::core::mem::offset_of!(ClockImage, started);
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::image(
            "Clock",
            ::core::mem::size_of::<ClockImage>(),
            ::core::mem::align_of::<ClockImage>(),
            &[
                ::shmstate::__private::FieldShape::new(
                    "started",
                    ::core::mem::offset_of!(ClockImage, started),
                    <Instant as ::shmstate::__private::Plain<__Mode0>>::SHAPE,
                ),
            ],
        );
        fn encode(
            &self,
            __image: &mut ClockImage,
        ) -> ::core::result::Result<(), ::shmstate::__private::CapacityExceeded> {
            ::shmstate::__private::encode::<
                Instant,
                __Mode0,
            >("started", &self.started, &mut __image.started)?;
            ::core::result::Result::Ok(())
        }
        fn decode(
            __image: &ClockImage,
        ) -> ::core::result::Result<Self, ::shmstate::__private::Corrupt> {
            ::core::result::Result::Ok(Clock {
                started: ::shmstate::__private::decode::<
                    Instant,
                    __Mode0,
                >("started", &__image.started)?,
            })
        }
        fn decode_into(
            __image: &ClockImage,
            __out: &mut Clock,
        ) -> ::core::result::Result<(), ::shmstate::__private::Corrupt> {
            ::shmstate::__private::decode_into::<
                Instant,
                __Mode0,
            >("started", &__image.started, &mut __out.started)?;
            ::core::result::Result::Ok(())
        }
    }
    const _: &::shmstate::__private::Shape = <Clock as ::shmstate::__private::Plain<
        ::shmstate::__private::Inline,
    >>::SHAPE;
    #[automatically_derived]
    unsafe impl<A: ::shmstate::__private::Access> ::shmstate::__private::Slot
    for ClockSlots<A> {
        type Value = Clock;
        type Access = A;
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::structure(
            "Clock",
            ::core::mem::size_of::<Self>(),
            ::core::mem::align_of::<Self>(),
            &[
                ::shmstate::__private::FieldShape::new(
                    "started",
                    ::core::mem::offset_of!(Self, started),
                    <<Instant as ::shmstate::__private::Field<
                        __Mode0,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                ),
            ],
        );
        fn try_snapshot(
            &self,
        ) -> ::core::result::Result<Clock, ::shmstate::__private::Corrupt> {
            ::core::result::Result::Ok(Clock {
                started: ::shmstate::__private::read("started", &self.started)?,
            })
        }
        fn try_snapshot_into(
            &self,
            __out: &mut Clock,
        ) -> ::core::result::Result<(), ::shmstate::__private::Corrupt> {
            ::shmstate::__private::read_into(
                "started",
                &self.started,
                &mut __out.started,
            )?;
            ::core::result::Result::Ok(())
        }
        fn fits(
            __value: &Clock,
        ) -> ::core::result::Result<(), ::shmstate::__private::CapacityExceeded> {
            ::shmstate::__private::fits::<
                Instant,
                __Mode0,
            >("started", &__value.started)?;
            ::core::result::Result::Ok(())
        }
        #[track_caller]
        fn put(&self, __value: Clock, __writing: ::shmstate::__private::Writing) {
            ::shmstate::__private::Slot::put(&self.started, __value.started, __writing);
        }
    }
    #[automatically_derived]
    impl<A: ::shmstate::__private::Access> ClockSlots<A> {
        /// Reads every field, each leaf whole, one after the other.
        ///
        /// # Panics
        ///
        /// If a field holds bytes that are not a value of its type.
        #[track_caller]
        pub fn snapshot(&self) -> Clock {
            ::shmstate::__private::Slot::snapshot(self)
        }
        /// Reads every field, each leaf whole, one after the other.
        ///
        /// # Errors
        ///
        /// If a field holds bytes that are not a value of its type; the error names the field.
        pub fn try_snapshot(
            &self,
        ) -> ::core::result::Result<Clock, ::shmstate::__private::Corrupt> {
            ::shmstate::__private::Slot::try_snapshot(self)
        }
    }
    #[automatically_derived]
    impl<A: ::shmstate::__private::Access> ::core::fmt::Debug for ClockSlots<A> {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::shmstate::__private::debug(self, __f)
        }
    }
    const _: () = if !::shmstate::__private::has_slot!(
        Instant, ::shmstate::__private::Inline
    ) {
        ::core::panic!(
            "this field has no slot: `Instant` means nothing in another process; store a `shmstate::Timestamp`, or a `SystemTime`"
        )
    };
    trait AStateMustNotImplementDrop {}
    impl<T: ::core::ops::Drop> AStateMustNotImplementDrop for T {}
    impl AStateMustNotImplementDrop for Clock {}
};
