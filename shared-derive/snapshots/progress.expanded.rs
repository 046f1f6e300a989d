/// The live fields of a [`Progress`] in shared memory.
#[repr(C)]
pub struct ProgressSlots<
    A: ::shmstate::__private::Access = ::shmstate::__private::Write,
> {
    /// Set by the first worker.
    pub started: <bool as ::shmstate::__private::Field<
        ::shmstate::__private::Inline,
    >>::Slot<A>,
    /// The slot of the field `phase`.
    pub(crate) phase: <Phase as ::shmstate::__private::Field<
        ::shmstate::__private::If<
            { ::shmstate::__private::has_slot!(Phase, ::shmstate::__private::Inline) },
            ::shmstate::__private::Inline,
        >,
    >>::Slot<A>,
    /// How many lines
    /// each has read.
    ///
    /// Not the empty ones.
    per_worker: <[u32; 8] as ::shmstate::__private::Field<
        ::shmstate::__private::CachePadded<::shmstate::__private::Inline>,
    >>::Slot<A>,
    /// The slot of the field `limits`.
    limits: <Limits as ::shmstate::__private::Field<
        ::shmstate::__private::If<
            { ::shmstate::__private::has_slot!(Limits, ::shmstate::__private::Inline) },
            ::shmstate::__private::Inline,
        >,
    >>::Slot<A>,
    /// The slot of the field `type`.
    r#type: <u8 as ::shmstate::__private::Field<::shmstate::__private::Inline>>::Slot<A>,
}
const _: () = {
    type __Mode1 = ::shmstate::__private::If<
        { ::shmstate::__private::has_slot!(Phase, ::shmstate::__private::Inline) },
        ::shmstate::__private::Inline,
    >;
    type __Mode3 = ::shmstate::__private::If<
        { ::shmstate::__private::has_slot!(Limits, ::shmstate::__private::Inline) },
        ::shmstate::__private::Inline,
    >;
    #[automatically_derived]
    impl ::shmstate::__private::Field<::shmstate::__private::Inline> for Progress {
        type Slot<A: ::shmstate::__private::Access> = ProgressSlots<A>;
    }
    #[automatically_derived]
    impl ::shmstate::__private::Single for Progress {}
    #[automatically_derived]
    impl ::shmstate::__private::SharedState for Progress {
        type Slots = ProgressSlots;
    }
    #[automatically_derived]
    impl ::shmstate::__private::Zeroed for Progress
    where
        for<'a> ::shmstate::__private::For<'a, bool>: ::shmstate::__private::Zeroed,
        for<'a> ::shmstate::__private::For<'a, Phase>: ::shmstate::__private::Zeroed,
        for<'a> ::shmstate::__private::For<'a, [u32; 8]>: ::shmstate::__private::Zeroed,
        for<'a> ::shmstate::__private::For<'a, Limits>: ::shmstate::__private::Zeroed,
        for<'a> ::shmstate::__private::For<'a, u8>: ::shmstate::__private::Zeroed,
    {}
    #[doc(hidden)]
    #[allow(missing_debug_implementations, unnameable_types)]
    #[repr(C)]
    pub struct ProgressImage {
        started: <bool as ::shmstate::__private::Plain<
            ::shmstate::__private::Inline,
        >>::Image,
        phase: <Phase as ::shmstate::__private::Plain<__Mode1>>::Image,
        per_worker: <[u32; 8] as ::shmstate::__private::Plain<
            ::shmstate::__private::Inline,
        >>::Image,
        limits: <Limits as ::shmstate::__private::Plain<__Mode3>>::Image,
        r#type: <u8 as ::shmstate::__private::Plain<
            ::shmstate::__private::Inline,
        >>::Image,
    }
    #[automatically_derived]
    impl ::core::clone::Clone for ProgressImage {
        #[inline]
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl ::core::marker::Copy for ProgressImage {}
    #[automatically_derived]
    unsafe impl ::shmstate::__private::bytemuck::Zeroable for ProgressImage {}
    #[automatically_derived]
    unsafe impl ::shmstate::__private::bytemuck::Pod for ProgressImage {}
    #[automatically_derived]
    unsafe impl ::shmstate::__private::Plain<::shmstate::__private::Inline>
    for Progress {
        type Image = ProgressImage;
        type Cell = <::shmstate::__private::Fit<
            { ::shmstate::__private::is_small::<ProgressImage>() },
        > as ::shmstate::__private::CellOf>::Cell<ProgressImage>;
        const AS_IS: ::core::primitive::bool = <bool as ::shmstate::__private::Plain<
            ::shmstate::__private::Inline,
        >>::AS_IS
            && ::core::mem::offset_of!(Progress, started)
                == ::core::mem::offset_of!(ProgressImage, started)
            && <Phase as ::shmstate::__private::Plain<__Mode1>>::AS_IS
            && ::core::mem::offset_of!(Progress, phase)
                == ::core::mem::offset_of!(ProgressImage, phase)
            && <[u32; 8] as ::shmstate::__private::Plain<
                ::shmstate::__private::Inline,
            >>::AS_IS
            && ::core::mem::offset_of!(Progress, per_worker)
                == ::core::mem::offset_of!(ProgressImage, per_worker)
            && <Limits as ::shmstate::__private::Plain<__Mode3>>::AS_IS
            && ::core::mem::offset_of!(Progress, limits)
                == ::core::mem::offset_of!(ProgressImage, limits)
            && <u8 as ::shmstate::__private::Plain<::shmstate::__private::Inline>>::AS_IS
            && ::core::mem::offset_of!(Progress, r#type)
                == ::core::mem::offset_of!(ProgressImage, r#type);
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::image(
            "Progress",
            ::core::mem::size_of::<ProgressImage>(),
            ::core::mem::align_of::<ProgressImage>(),
            &[
                ::shmstate::__private::FieldShape::described(
                    "started",
                    ::core::mem::offset_of!(ProgressImage, started),
                    <bool as ::shmstate::__private::Plain<
                        ::shmstate::__private::Inline,
                    >>::SHAPE,
                    "Set by the first worker.",
                    false,
                ),
                ::shmstate::__private::FieldShape::new(
                    "phase",
                    ::core::mem::offset_of!(ProgressImage, phase),
                    <Phase as ::shmstate::__private::Plain<__Mode1>>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::described(
                    "per_worker",
                    ::core::mem::offset_of!(ProgressImage, per_worker),
                    <[u32; 8] as ::shmstate::__private::Plain<
                        ::shmstate::__private::Inline,
                    >>::SHAPE,
                    "How many lines each has read.",
                    true,
                ),
                ::shmstate::__private::FieldShape::new(
                    "limits",
                    ::core::mem::offset_of!(ProgressImage, limits),
                    <Limits as ::shmstate::__private::Plain<__Mode3>>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "type",
                    ::core::mem::offset_of!(ProgressImage, r#type),
                    <u8 as ::shmstate::__private::Plain<
                        ::shmstate::__private::Inline,
                    >>::SHAPE,
                ),
            ],
        );
        fn encode(
            &self,
            __image: &mut ProgressImage,
        ) -> ::core::result::Result<(), ::shmstate::__private::CapacityExceeded> {
            ::shmstate::__private::encode::<
                bool,
                ::shmstate::__private::Inline,
            >("started", &self.started, &mut __image.started)?;
            ::shmstate::__private::encode::<
                Phase,
                __Mode1,
            >("phase", &self.phase, &mut __image.phase)?;
            ::shmstate::__private::encode::<
                [u32; 8],
                ::shmstate::__private::Inline,
            >("per_worker", &self.per_worker, &mut __image.per_worker)?;
            ::shmstate::__private::encode::<
                Limits,
                __Mode3,
            >("limits", &self.limits, &mut __image.limits)?;
            ::shmstate::__private::encode::<
                u8,
                ::shmstate::__private::Inline,
            >("type", &self.r#type, &mut __image.r#type)?;
            ::core::result::Result::Ok(())
        }
        fn decode(
            __image: &ProgressImage,
        ) -> ::core::result::Result<Self, ::shmstate::__private::Corrupt> {
            ::core::result::Result::Ok(Progress {
                started: ::shmstate::__private::decode::<
                    bool,
                    ::shmstate::__private::Inline,
                >("started", &__image.started)?,
                phase: ::shmstate::__private::decode::<
                    Phase,
                    __Mode1,
                >("phase", &__image.phase)?,
                per_worker: ::shmstate::__private::decode::<
                    [u32; 8],
                    ::shmstate::__private::Inline,
                >("per_worker", &__image.per_worker)?,
                limits: ::shmstate::__private::decode::<
                    Limits,
                    __Mode3,
                >("limits", &__image.limits)?,
                r#type: ::shmstate::__private::decode::<
                    u8,
                    ::shmstate::__private::Inline,
                >("type", &__image.r#type)?,
            })
        }
        fn decode_into(
            __image: &ProgressImage,
            __out: &mut Progress,
        ) -> ::core::result::Result<(), ::shmstate::__private::Corrupt> {
            ::shmstate::__private::decode_into::<
                bool,
                ::shmstate::__private::Inline,
            >("started", &__image.started, &mut __out.started)?;
            ::shmstate::__private::decode_into::<
                Phase,
                __Mode1,
            >("phase", &__image.phase, &mut __out.phase)?;
            ::shmstate::__private::decode_into::<
                [u32; 8],
                ::shmstate::__private::Inline,
            >("per_worker", &__image.per_worker, &mut __out.per_worker)?;
            ::shmstate::__private::decode_into::<
                Limits,
                __Mode3,
            >("limits", &__image.limits, &mut __out.limits)?;
            ::shmstate::__private::decode_into::<
                u8,
                ::shmstate::__private::Inline,
            >("type", &__image.r#type, &mut __out.r#type)?;
            ::core::result::Result::Ok(())
        }
    }
    const _: &::shmstate::__private::Shape = <Progress as ::shmstate::__private::Plain<
        ::shmstate::__private::Inline,
    >>::SHAPE;
    #[automatically_derived]
    unsafe impl<A: ::shmstate::__private::Access> ::shmstate::__private::Slot
    for ProgressSlots<A> {
        type Value = Progress;
        type Access = A;
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::structure(
            "Progress",
            ::core::mem::size_of::<Self>(),
            ::core::mem::align_of::<Self>(),
            &[
                ::shmstate::__private::FieldShape::described(
                    "started",
                    ::core::mem::offset_of!(Self, started),
                    <<bool as ::shmstate::__private::Field<
                        ::shmstate::__private::Inline,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                    "Set by the first worker.",
                    false,
                ),
                ::shmstate::__private::FieldShape::new(
                    "phase",
                    ::core::mem::offset_of!(Self, phase),
                    <<Phase as ::shmstate::__private::Field<
                        __Mode1,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::described(
                    "per_worker",
                    ::core::mem::offset_of!(Self, per_worker),
                    <<[u32; 8] as ::shmstate::__private::Field<
                        ::shmstate::__private::CachePadded<::shmstate::__private::Inline>,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                    "How many lines each has read.",
                    true,
                ),
                ::shmstate::__private::FieldShape::new(
                    "limits",
                    ::core::mem::offset_of!(Self, limits),
                    <<Limits as ::shmstate::__private::Field<
                        __Mode3,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "type",
                    ::core::mem::offset_of!(Self, r#type),
                    <<u8 as ::shmstate::__private::Field<
                        ::shmstate::__private::Inline,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                ),
            ],
        );
        fn try_snapshot(
            &self,
        ) -> ::core::result::Result<Progress, ::shmstate::__private::Corrupt> {
            ::core::result::Result::Ok(Progress {
                started: ::shmstate::__private::read("started", &self.started)?,
                phase: ::shmstate::__private::read("phase", &self.phase)?,
                per_worker: ::shmstate::__private::read("per_worker", &self.per_worker)?,
                limits: ::shmstate::__private::read("limits", &self.limits)?,
                r#type: ::shmstate::__private::read("type", &self.r#type)?,
            })
        }
        fn try_snapshot_into(
            &self,
            __out: &mut Progress,
        ) -> ::core::result::Result<(), ::shmstate::__private::Corrupt> {
            ::shmstate::__private::read_into(
                "started",
                &self.started,
                &mut __out.started,
            )?;
            ::shmstate::__private::read_into("phase", &self.phase, &mut __out.phase)?;
            ::shmstate::__private::read_into(
                "per_worker",
                &self.per_worker,
                &mut __out.per_worker,
            )?;
            ::shmstate::__private::read_into("limits", &self.limits, &mut __out.limits)?;
            ::shmstate::__private::read_into("type", &self.r#type, &mut __out.r#type)?;
            ::core::result::Result::Ok(())
        }
        fn fits(
            __value: &Progress,
        ) -> ::core::result::Result<(), ::shmstate::__private::CapacityExceeded> {
            ::shmstate::__private::fits::<Phase, __Mode1>("phase", &__value.phase)?;
            ::shmstate::__private::fits::<Limits, __Mode3>("limits", &__value.limits)?;
            ::core::result::Result::Ok(())
        }
        #[track_caller]
        fn put(&self, __value: Progress, __writing: ::shmstate::__private::Writing) {
            ::shmstate::__private::Slot::put(&self.started, __value.started, __writing);
            ::shmstate::__private::Slot::put(&self.phase, __value.phase, __writing);
            ::shmstate::__private::Slot::put(
                &self.per_worker,
                __value.per_worker,
                __writing,
            );
            ::shmstate::__private::Slot::put(&self.limits, __value.limits, __writing);
            ::shmstate::__private::Slot::put(&self.r#type, __value.r#type, __writing);
        }
    }
    #[automatically_derived]
    impl<A: ::shmstate::__private::Access> ProgressSlots<A> {
        /// Reads every field, each leaf whole, one after the other.
        ///
        /// # Panics
        ///
        /// If a field holds bytes that are not a value of its type.
        #[track_caller]
        pub fn snapshot(&self) -> Progress {
            ::shmstate::__private::Slot::snapshot(self)
        }
        /// Reads every field, each leaf whole, one after the other.
        ///
        /// # Errors
        ///
        /// If a field holds bytes that are not a value of its type; the error names the field.
        pub fn try_snapshot(
            &self,
        ) -> ::core::result::Result<Progress, ::shmstate::__private::Corrupt> {
            ::shmstate::__private::Slot::try_snapshot(self)
        }
    }
    #[automatically_derived]
    impl<A: ::shmstate::__private::Access> ::core::fmt::Debug for ProgressSlots<A> {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::shmstate::__private::debug(self, __f)
        }
    }
    const _: () = ::shmstate::__private::must_have_slot::<
        Phase,
        ::shmstate::__private::Inline,
    >();
    const _: () = ::shmstate::__private::must_have_slot::<
        Limits,
        ::shmstate::__private::Inline,
    >();
    trait AStateMustNotImplementDrop {}
    impl<T: ::core::ops::Drop> AStateMustNotImplementDrop for T {}
    impl AStateMustNotImplementDrop for Progress {}
};
