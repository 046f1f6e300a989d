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
            { ::shmstate::__private::has_slot!(Phase) },
            ::shmstate::__private::Inline,
        >,
    >>::Slot<A>,
    /// The slot of the field `per_worker`.
    per_worker: <[u32; 8] as ::shmstate::__private::Field<
        ::shmstate::__private::CachePadded<::shmstate::__private::Inline>,
    >>::Slot<A>,
    /// The slot of the field `limits`.
    limits: <Limits as ::shmstate::__private::Field<
        ::shmstate::__private::If<
            { ::shmstate::__private::has_slot!(Limits) },
            ::shmstate::__private::Inline,
        >,
    >>::Slot<A>,
    /// The slot of the field `type`.
    r#type: <u8 as ::shmstate::__private::Field<::shmstate::__private::Inline>>::Slot<A>,
}
const _: () = {
    #[automatically_derived]
    impl ::shmstate::__private::Field<::shmstate::__private::Inline> for Progress {
        type Slot<A: ::shmstate::__private::Access> = ProgressSlots<A>;
        fn put(self, __slot: &ProgressSlots) {
            <bool as ::shmstate::__private::Field<
                ::shmstate::__private::Inline,
            >>::put(self.started, &__slot.started);
            <Phase as ::shmstate::__private::Field<
                ::shmstate::__private::If<
                    { ::shmstate::__private::has_slot!(Phase) },
                    ::shmstate::__private::Inline,
                >,
            >>::put(self.phase, &__slot.phase);
            <[u32; 8] as ::shmstate::__private::Field<
                ::shmstate::__private::CachePadded<::shmstate::__private::Inline>,
            >>::put(self.per_worker, &__slot.per_worker);
            <Limits as ::shmstate::__private::Field<
                ::shmstate::__private::If<
                    { ::shmstate::__private::has_slot!(Limits) },
                    ::shmstate::__private::Inline,
                >,
            >>::put(self.limits, &__slot.limits);
            <u8 as ::shmstate::__private::Field<
                ::shmstate::__private::Inline,
            >>::put(self.r#type, &__slot.r#type);
        }
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
    #[automatically_derived]
    unsafe impl<A: ::shmstate::__private::Access> ::shmstate::__private::Slot
    for ProgressSlots<A> {
        type Value = Progress;
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::structure(
            "Progress",
            ::core::mem::size_of::<Self>(),
            ::core::mem::align_of::<Self>(),
            &[
                ::shmstate::__private::FieldShape::new(
                    "started",
                    ::core::mem::offset_of!(Self, started),
                    <<bool as ::shmstate::__private::Field<
                        ::shmstate::__private::Inline,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "phase",
                    ::core::mem::offset_of!(Self, phase),
                    <<Phase as ::shmstate::__private::Field<
                        ::shmstate::__private::If<
                            { ::shmstate::__private::has_slot!(Phase) },
                            ::shmstate::__private::Inline,
                        >,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "per_worker",
                    ::core::mem::offset_of!(Self, per_worker),
                    <<[u32; 8] as ::shmstate::__private::Field<
                        ::shmstate::__private::CachePadded<::shmstate::__private::Inline>,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "limits",
                    ::core::mem::offset_of!(Self, limits),
                    <<Limits as ::shmstate::__private::Field<
                        ::shmstate::__private::If<
                            { ::shmstate::__private::has_slot!(Limits) },
                            ::shmstate::__private::Inline,
                        >,
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
    }
    #[automatically_derived]
    impl<A: ::shmstate::__private::Access> ProgressSlots<A> {
        /// Reads every field, each leaf whole, one after the other.
        ///
        /// # Panics
        ///
        /// If a field holds bytes that are no value of its type.
        pub fn snapshot(&self) -> Progress {
            ::shmstate::__private::Slot::snapshot(self)
        }
        /// Reads every field, each leaf whole, one after the other.
        ///
        /// # Errors
        ///
        /// If a field holds bytes that are no value of its type; the error names the field.
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
    const _: () = {
        struct HasSlot(
            <Phase as ::shmstate::__private::Field<
                ::shmstate::__private::Inline,
            >>::Slot<::shmstate::__private::Write>,
        );
    };
    const _: () = {
        struct HasSlot(
            <Limits as ::shmstate::__private::Field<
                ::shmstate::__private::Inline,
            >>::Slot<::shmstate::__private::Write>,
        );
    };
    trait AStateMustNotImplementDrop {}
    impl<T: ::core::ops::Drop> AStateMustNotImplementDrop for T {}
    impl AStateMustNotImplementDrop for Progress {}
};
