/// The live fields of a [`Pair`] in shared memory.
#[repr(C)]
pub struct PairSlots<
    A: SharedState = u64,
    const N: usize = 4,
    Access: ::shmstate::__private::Access = ::shmstate::__private::Write,
>
where
    A: Copy,
    A: ::shmstate::__private::Field<::shmstate::__private::Inline>,
    [A; N]: ::shmstate::__private::Field<
        ::shmstate::__private::CachePadded<::shmstate::__private::Inline>,
    >,
    A: ::shmstate::__private::Field<::shmstate::__private::Watch>,
    PhantomData<Pair<A, N>>: ::shmstate::__private::Field<::shmstate::__private::Inline>,
{
    /// The slot of the field `first`.
    first: <A as ::shmstate::__private::Field<
        ::shmstate::__private::Inline,
    >>::Slot<Access>,
    /// The slot of the field `rest`.
    rest: <[A; N] as ::shmstate::__private::Field<
        ::shmstate::__private::CachePadded<::shmstate::__private::Inline>,
    >>::Slot<Access>,
    /// The slot of the field `watched`.
    watched: <A as ::shmstate::__private::Field<
        ::shmstate::__private::Watch,
    >>::Slot<Access>,
    /// The slot of the field `count`.
    count: <u32 as ::shmstate::__private::Field<
        ::shmstate::__private::Inline,
    >>::Slot<Access>,
    /// The slot of the field `of`.
    of: <PhantomData<
        Pair<A, N>,
    > as ::shmstate::__private::Field<::shmstate::__private::Inline>>::Slot<Access>,
}
const _: () = {
    #[automatically_derived]
    impl<
        A: SharedState,
        const N: usize,
    > ::shmstate::__private::Field<::shmstate::__private::Inline> for Pair<A, N>
    where
        A: Copy,
        A: 'static,
        A: ::shmstate::__private::Field<::shmstate::__private::Inline>,
        [A; N]: ::shmstate::__private::Field<
            ::shmstate::__private::CachePadded<::shmstate::__private::Inline>,
        >,
        A: ::shmstate::__private::Field<::shmstate::__private::Watch>,
        PhantomData<
            Pair<A, N>,
        >: ::shmstate::__private::Field<::shmstate::__private::Inline>,
    {
        type Slot<Access: ::shmstate::__private::Access> = PairSlots<A, N, Access>;
    }
    #[automatically_derived]
    impl<A: SharedState, const N: usize> ::shmstate::__private::Single for Pair<A, N>
    where
        A: Copy,
        A: 'static,
        A: ::shmstate::__private::Field<::shmstate::__private::Inline>,
        [A; N]: ::shmstate::__private::Field<
            ::shmstate::__private::CachePadded<::shmstate::__private::Inline>,
        >,
        A: ::shmstate::__private::Field<::shmstate::__private::Watch>,
        PhantomData<
            Pair<A, N>,
        >: ::shmstate::__private::Field<::shmstate::__private::Inline>,
        A: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        [A; N]: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        A: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        PhantomData<
            Pair<A, N>,
        >: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
    {}
    #[automatically_derived]
    impl<A: SharedState, const N: usize> ::shmstate::__private::SharedState
    for Pair<A, N>
    where
        A: Copy,
        A: 'static,
        A: ::shmstate::__private::Field<::shmstate::__private::Inline>,
        [A; N]: ::shmstate::__private::Field<
            ::shmstate::__private::CachePadded<::shmstate::__private::Inline>,
        >,
        A: ::shmstate::__private::Field<::shmstate::__private::Watch>,
        PhantomData<
            Pair<A, N>,
        >: ::shmstate::__private::Field<::shmstate::__private::Inline>,
        A: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        [A; N]: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        A: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        PhantomData<
            Pair<A, N>,
        >: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
    {
        type Slots = PairSlots<A, N>;
    }
    #[automatically_derived]
    impl<A: SharedState, const N: usize> ::shmstate::__private::Zeroed for Pair<A, N>
    where
        A: Copy,
        A: 'static,
        A: ::shmstate::__private::Field<::shmstate::__private::Inline>,
        [A; N]: ::shmstate::__private::Field<
            ::shmstate::__private::CachePadded<::shmstate::__private::Inline>,
        >,
        A: ::shmstate::__private::Field<::shmstate::__private::Watch>,
        PhantomData<
            Pair<A, N>,
        >: ::shmstate::__private::Field<::shmstate::__private::Inline>,
        for<'a> ::shmstate::__private::For<'a, A>: ::shmstate::__private::Zeroed,
        for<'a> ::shmstate::__private::For<'a, [A; N]>: ::shmstate::__private::Zeroed,
        for<'a> ::shmstate::__private::For<'a, u32>: ::shmstate::__private::Zeroed,
        for<'a> ::shmstate::__private::For<
            'a,
            PhantomData<Pair<A, N>>,
        >: ::shmstate::__private::Zeroed,
    {}
    #[doc(hidden)]
    #[allow(missing_debug_implementations, unnameable_types)]
    #[repr(C)]
    pub struct PairImage<A: SharedState, const N: usize>
    where
        A: Copy,
        A: 'static,
        A: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        [A; N]: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        A: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        PhantomData<
            Pair<A, N>,
        >: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
    {
        first: <A as ::shmstate::__private::Plain<::shmstate::__private::Inline>>::Image,
        rest: <[A; N] as ::shmstate::__private::Plain<
            ::shmstate::__private::Inline,
        >>::Image,
        watched: <A as ::shmstate::__private::Plain<
            ::shmstate::__private::Inline,
        >>::Image,
        count: <u32 as ::shmstate::__private::Plain<
            ::shmstate::__private::Inline,
        >>::Image,
        of: <PhantomData<
            Pair<A, N>,
        > as ::shmstate::__private::Plain<::shmstate::__private::Inline>>::Image,
    }
    #[automatically_derived]
    impl<A: SharedState, const N: usize> ::core::clone::Clone for PairImage<A, N>
    where
        A: Copy,
        A: 'static,
        A: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        [A; N]: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        A: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        PhantomData<
            Pair<A, N>,
        >: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
    {
        #[inline]
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl<A: SharedState, const N: usize> ::core::marker::Copy for PairImage<A, N>
    where
        A: Copy,
        A: 'static,
        A: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        [A; N]: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        A: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        PhantomData<
            Pair<A, N>,
        >: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
    {}
    #[automatically_derived]
    unsafe impl<A: SharedState, const N: usize> ::shmstate::__private::bytemuck::Zeroable
    for PairImage<A, N>
    where
        A: Copy,
        A: 'static,
        A: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        [A; N]: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        A: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        PhantomData<
            Pair<A, N>,
        >: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
    {}
    #[automatically_derived]
    unsafe impl<A: SharedState, const N: usize> ::shmstate::__private::bytemuck::Pod
    for PairImage<A, N>
    where
        A: Copy,
        A: 'static,
        A: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        [A; N]: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        A: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        PhantomData<
            Pair<A, N>,
        >: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
    {}
    #[automatically_derived]
    unsafe impl<
        A: SharedState,
        const N: usize,
    > ::shmstate::__private::Plain<::shmstate::__private::Inline> for Pair<A, N>
    where
        A: Copy,
        A: 'static,
        A: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        [A; N]: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        A: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
        PhantomData<
            Pair<A, N>,
        >: ::shmstate::__private::Plain<::shmstate::__private::Inline>,
    {
        type Image = PairImage<A, N>;
        type Cell = ::shmstate::__private::Line<PairImage<A, N>>;
        const AS_IS: ::core::primitive::bool = <A as ::shmstate::__private::Plain<
            ::shmstate::__private::Inline,
        >>::AS_IS
            && ::core::mem::offset_of!(Pair < A, N >, first)
                == ::core::mem::offset_of!(PairImage < A, N >, first)
            && <[A; N] as ::shmstate::__private::Plain<
                ::shmstate::__private::Inline,
            >>::AS_IS
            && ::core::mem::offset_of!(Pair < A, N >, rest)
                == ::core::mem::offset_of!(PairImage < A, N >, rest)
            && <A as ::shmstate::__private::Plain<::shmstate::__private::Inline>>::AS_IS
            && ::core::mem::offset_of!(Pair < A, N >, watched)
                == ::core::mem::offset_of!(PairImage < A, N >, watched)
            && <u32 as ::shmstate::__private::Plain<
                ::shmstate::__private::Inline,
            >>::AS_IS
            && ::core::mem::offset_of!(Pair < A, N >, count)
                == ::core::mem::offset_of!(PairImage < A, N >, count)
            && <PhantomData<
                Pair<A, N>,
            > as ::shmstate::__private::Plain<::shmstate::__private::Inline>>::AS_IS
            && ::core::mem::offset_of!(Pair < A, N >, of)
                == ::core::mem::offset_of!(PairImage < A, N >, of);
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::image(
            "Pair",
            ::core::mem::size_of::<PairImage<A, N>>(),
            ::core::mem::align_of::<PairImage<A, N>>(),
            &[
                ::shmstate::__private::FieldShape::new(
                    "first",
                    ::core::mem::offset_of!(PairImage < A, N >, first),
                    <A as ::shmstate::__private::Plain<
                        ::shmstate::__private::Inline,
                    >>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "rest",
                    ::core::mem::offset_of!(PairImage < A, N >, rest),
                    <[A; N] as ::shmstate::__private::Plain<
                        ::shmstate::__private::Inline,
                    >>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "watched",
                    ::core::mem::offset_of!(PairImage < A, N >, watched),
                    <A as ::shmstate::__private::Plain<
                        ::shmstate::__private::Inline,
                    >>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "count",
                    ::core::mem::offset_of!(PairImage < A, N >, count),
                    <u32 as ::shmstate::__private::Plain<
                        ::shmstate::__private::Inline,
                    >>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "of",
                    ::core::mem::offset_of!(PairImage < A, N >, of),
                    <PhantomData<
                        Pair<A, N>,
                    > as ::shmstate::__private::Plain<
                        ::shmstate::__private::Inline,
                    >>::SHAPE,
                ),
            ],
        );
        fn encode(
            &self,
            __image: &mut PairImage<A, N>,
        ) -> ::core::result::Result<(), ::shmstate::__private::CapacityExceeded> {
            ::shmstate::__private::encode::<
                A,
                ::shmstate::__private::Inline,
            >("first", &self.first, &mut __image.first)?;
            ::shmstate::__private::encode::<
                [A; N],
                ::shmstate::__private::Inline,
            >("rest", &self.rest, &mut __image.rest)?;
            ::shmstate::__private::encode::<
                A,
                ::shmstate::__private::Inline,
            >("watched", &self.watched, &mut __image.watched)?;
            ::shmstate::__private::encode::<
                u32,
                ::shmstate::__private::Inline,
            >("count", &self.count, &mut __image.count)?;
            ::shmstate::__private::encode::<
                PhantomData<Pair<A, N>>,
                ::shmstate::__private::Inline,
            >("of", &self.of, &mut __image.of)?;
            ::core::result::Result::Ok(())
        }
        fn decode(
            __image: &PairImage<A, N>,
        ) -> ::core::result::Result<Self, ::shmstate::__private::Corrupt> {
            ::core::result::Result::Ok(Pair {
                first: ::shmstate::__private::decode::<
                    A,
                    ::shmstate::__private::Inline,
                >("first", &__image.first)?,
                rest: ::shmstate::__private::decode::<
                    [A; N],
                    ::shmstate::__private::Inline,
                >("rest", &__image.rest)?,
                watched: ::shmstate::__private::decode::<
                    A,
                    ::shmstate::__private::Inline,
                >("watched", &__image.watched)?,
                count: ::shmstate::__private::decode::<
                    u32,
                    ::shmstate::__private::Inline,
                >("count", &__image.count)?,
                of: ::shmstate::__private::decode::<
                    PhantomData<Pair<A, N>>,
                    ::shmstate::__private::Inline,
                >("of", &__image.of)?,
            })
        }
        fn decode_into(
            __image: &PairImage<A, N>,
            __out: &mut Pair<A, N>,
        ) -> ::core::result::Result<(), ::shmstate::__private::Corrupt> {
            ::shmstate::__private::decode_into::<
                A,
                ::shmstate::__private::Inline,
            >("first", &__image.first, &mut __out.first)?;
            ::shmstate::__private::decode_into::<
                [A; N],
                ::shmstate::__private::Inline,
            >("rest", &__image.rest, &mut __out.rest)?;
            ::shmstate::__private::decode_into::<
                A,
                ::shmstate::__private::Inline,
            >("watched", &__image.watched, &mut __out.watched)?;
            ::shmstate::__private::decode_into::<
                u32,
                ::shmstate::__private::Inline,
            >("count", &__image.count, &mut __out.count)?;
            ::shmstate::__private::decode_into::<
                PhantomData<Pair<A, N>>,
                ::shmstate::__private::Inline,
            >("of", &__image.of, &mut __out.of)?;
            ::core::result::Result::Ok(())
        }
    }
    #[automatically_derived]
    unsafe impl<
        A: SharedState,
        const N: usize,
        Access: ::shmstate::__private::Access,
    > ::shmstate::__private::Slot for PairSlots<A, N, Access>
    where
        A: Copy,
        A: 'static,
        A: ::shmstate::__private::Field<::shmstate::__private::Inline>,
        [A; N]: ::shmstate::__private::Field<
            ::shmstate::__private::CachePadded<::shmstate::__private::Inline>,
        >,
        A: ::shmstate::__private::Field<::shmstate::__private::Watch>,
        PhantomData<
            Pair<A, N>,
        >: ::shmstate::__private::Field<::shmstate::__private::Inline>,
    {
        type Value = Pair<A, N>;
        type Access = Access;
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::structure(
            "Pair",
            ::core::mem::size_of::<Self>(),
            ::core::mem::align_of::<Self>(),
            &[
                ::shmstate::__private::FieldShape::new(
                    "first",
                    ::core::mem::offset_of!(Self, first),
                    <<A as ::shmstate::__private::Field<
                        ::shmstate::__private::Inline,
                    >>::Slot<Access> as ::shmstate::__private::Slot>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "rest",
                    ::core::mem::offset_of!(Self, rest),
                    <<[A; N] as ::shmstate::__private::Field<
                        ::shmstate::__private::CachePadded<::shmstate::__private::Inline>,
                    >>::Slot<Access> as ::shmstate::__private::Slot>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "watched",
                    ::core::mem::offset_of!(Self, watched),
                    <<A as ::shmstate::__private::Field<
                        ::shmstate::__private::Watch,
                    >>::Slot<Access> as ::shmstate::__private::Slot>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "count",
                    ::core::mem::offset_of!(Self, count),
                    <<u32 as ::shmstate::__private::Field<
                        ::shmstate::__private::Inline,
                    >>::Slot<Access> as ::shmstate::__private::Slot>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "of",
                    ::core::mem::offset_of!(Self, of),
                    <<PhantomData<
                        Pair<A, N>,
                    > as ::shmstate::__private::Field<
                        ::shmstate::__private::Inline,
                    >>::Slot<Access> as ::shmstate::__private::Slot>::SHAPE,
                ),
            ],
        );
        fn try_snapshot(
            &self,
        ) -> ::core::result::Result<Pair<A, N>, ::shmstate::__private::Corrupt> {
            ::core::result::Result::Ok(Pair {
                first: ::shmstate::__private::read("first", &self.first)?,
                rest: ::shmstate::__private::read("rest", &self.rest)?,
                watched: ::shmstate::__private::read("watched", &self.watched)?,
                count: ::shmstate::__private::read("count", &self.count)?,
                of: ::shmstate::__private::read("of", &self.of)?,
            })
        }
        fn try_snapshot_into(
            &self,
            __out: &mut Pair<A, N>,
        ) -> ::core::result::Result<(), ::shmstate::__private::Corrupt> {
            ::shmstate::__private::read_into("first", &self.first, &mut __out.first)?;
            ::shmstate::__private::read_into("rest", &self.rest, &mut __out.rest)?;
            ::shmstate::__private::read_into(
                "watched",
                &self.watched,
                &mut __out.watched,
            )?;
            ::shmstate::__private::read_into("count", &self.count, &mut __out.count)?;
            ::shmstate::__private::read_into("of", &self.of, &mut __out.of)?;
            ::core::result::Result::Ok(())
        }
        fn fits(
            __value: &Pair<A, N>,
        ) -> ::core::result::Result<(), ::shmstate::__private::CapacityExceeded> {
            ::shmstate::__private::fits::<
                A,
                ::shmstate::__private::Inline,
            >("first", &__value.first)?;
            ::shmstate::__private::fits::<
                [A; N],
                ::shmstate::__private::CachePadded<::shmstate::__private::Inline>,
            >("rest", &__value.rest)?;
            ::core::result::Result::Ok(())
        }
        #[track_caller]
        fn put(&self, __value: Pair<A, N>, __writing: ::shmstate::__private::Writing) {
            ::shmstate::__private::Slot::put(&self.first, __value.first, __writing);
            ::shmstate::__private::Slot::put(&self.rest, __value.rest, __writing);
            ::shmstate::__private::Slot::put(&self.watched, __value.watched, __writing);
            ::shmstate::__private::Slot::put(&self.count, __value.count, __writing);
            ::shmstate::__private::Slot::put(&self.of, __value.of, __writing);
        }
    }
    #[automatically_derived]
    impl<
        A: SharedState,
        const N: usize,
        Access: ::shmstate::__private::Access,
    > PairSlots<A, N, Access>
    where
        A: Copy,
        A: 'static,
        A: ::shmstate::__private::Field<::shmstate::__private::Inline>,
        [A; N]: ::shmstate::__private::Field<
            ::shmstate::__private::CachePadded<::shmstate::__private::Inline>,
        >,
        A: ::shmstate::__private::Field<::shmstate::__private::Watch>,
        PhantomData<
            Pair<A, N>,
        >: ::shmstate::__private::Field<::shmstate::__private::Inline>,
    {
        /// Reads every field, each leaf whole, one after the other.
        ///
        /// # Panics
        ///
        /// If a field holds bytes that are not a value of its type.
        #[track_caller]
        pub fn snapshot(&self) -> Pair<A, N> {
            ::shmstate::__private::Slot::snapshot(self)
        }
        /// Reads every field, each leaf whole, one after the other.
        ///
        /// # Errors
        ///
        /// If a field holds bytes that are not a value of its type; the error names the field.
        pub fn try_snapshot(
            &self,
        ) -> ::core::result::Result<Pair<A, N>, ::shmstate::__private::Corrupt> {
            ::shmstate::__private::Slot::try_snapshot(self)
        }
    }
    #[automatically_derived]
    impl<
        A: SharedState,
        const N: usize,
        Access: ::shmstate::__private::Access,
    > ::core::fmt::Debug for PairSlots<A, N, Access>
    where
        A: Copy,
        A: 'static,
        A: ::shmstate::__private::Field<::shmstate::__private::Inline>,
        [A; N]: ::shmstate::__private::Field<
            ::shmstate::__private::CachePadded<::shmstate::__private::Inline>,
        >,
        A: ::shmstate::__private::Field<::shmstate::__private::Watch>,
        PhantomData<
            Pair<A, N>,
        >: ::shmstate::__private::Field<::shmstate::__private::Inline>,
    {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::shmstate::__private::debug(self, __f)
        }
    }
    trait AStateMustNotImplementDrop {}
    impl<T: ::core::ops::Drop> AStateMustNotImplementDrop for T {}
    impl<A: SharedState, const N: usize> AStateMustNotImplementDrop for Pair<A, N>
    where
        A: Copy,
    {}
};
