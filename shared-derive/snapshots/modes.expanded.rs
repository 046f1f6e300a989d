/// The live fields of a [`Modes`] in shared memory.
#[repr(C)]
struct ModesSlots<
    const N: usize,
    A: ::shmstate::__private::Access = ::shmstate::__private::Write,
> {
    /// The slot of the field `total`.
    total: <u128 as ::shmstate::__private::Field<
        ::shmstate::__private::Inline,
    >>::Slot<A>,
    /// The slot of the field `window`.
    window: <Window as ::shmstate::__private::Field<
        ::shmstate::__private::If<
            {
                ::shmstate::__private::has_slot!(
                    Window, ::shmstate::__private::Lock < ::shmstate::__private::Inline >
                )
            },
            ::shmstate::__private::Lock<::shmstate::__private::Inline>,
        >,
    >>::Slot<A>,
    /// The slot of the field `numbers`.
    numbers: <[u32; 2] as ::shmstate::__private::Field<
        ::shmstate::__private::Lock<::shmstate::__private::Inline>,
    >>::Slot<A>,
    /// The slot of the field `label`.
    label: <String as ::shmstate::__private::Field<
        ::shmstate::__private::Capacity<{ 64 }>,
    >>::Slot<A>,
    /// The slot of the field `names`.
    names: <[Option<
        String,
    >; 2] as ::shmstate::__private::Field<
        ::shmstate::__private::Capacity<{ N }>,
    >>::Slot<A>,
    /// The slot of the field `recent`.
    recent: <Vec<
        Window,
    > as ::shmstate::__private::Field<
        ::shmstate::__private::If<
            {
                ::shmstate::__private::has_slot!(
                    Vec < Window >, ::shmstate::__private::CachePadded <
                    ::shmstate::__private::Capacity < { 4 } > >
                )
            },
            ::shmstate::__private::CachePadded<::shmstate::__private::Capacity<{ 4 }>>,
        >,
    >>::Slot<A>,
    /// The slot of the field `generation`.
    generation: <u32 as ::shmstate::__private::Field<
        ::shmstate::__private::Watch,
    >>::Slot<A>,
    /// The slot of the field `phases`.
    phases: <[Phase; 2] as ::shmstate::__private::Field<
        ::shmstate::__private::If<
            {
                ::shmstate::__private::has_slot!(
                    Phase, ::shmstate::__private::CachePadded <
                    ::shmstate::__private::Watch >
                )
            },
            ::shmstate::__private::CachePadded<::shmstate::__private::Watch>,
        >,
    >>::Slot<A>,
    /// The slot of the field `points`.
    points: <[[Point; 2]; 3] as ::shmstate::__private::Field<
        ::shmstate::__private::If<
            { ::shmstate::__private::has_slot!(Point, ::shmstate::__private::Pod) },
            ::shmstate::__private::Each<
                ::shmstate::__private::Each<::shmstate::__private::Pod>,
            >,
        >,
    >>::Slot<A>,
}
const _: () = {
    type __Mode1 = ::shmstate::__private::If<
        {
            ::shmstate::__private::has_slot!(
                Window, ::shmstate::__private::Lock < ::shmstate::__private::Inline >
            )
        },
        ::shmstate::__private::Inline,
    >;
    type __Mode5 = ::shmstate::__private::If<
        {
            ::shmstate::__private::has_slot!(
                Vec < Window >, ::shmstate::__private::CachePadded <
                ::shmstate::__private::Capacity < { 4 } > >
            )
        },
        ::shmstate::__private::Capacity<{ 4 }>,
    >;
    type __Mode7 = ::shmstate::__private::If<
        {
            ::shmstate::__private::has_slot!(
                Phase, ::shmstate::__private::CachePadded < ::shmstate::__private::Watch
                >
            )
        },
        ::shmstate::__private::Inline,
    >;
    type __Mode8 = ::shmstate::__private::If<
        { ::shmstate::__private::has_slot!(Point, ::shmstate::__private::Pod) },
        ::shmstate::__private::Pod,
    >;
    #[automatically_derived]
    impl<const N: usize> ::shmstate::__private::Field<::shmstate::__private::Inline>
    for Modes<N> {
        type Slot<A: ::shmstate::__private::Access> = ModesSlots<N, A>;
    }
    #[automatically_derived]
    impl<const N: usize> ::shmstate::__private::Single for Modes<N> {}
    #[automatically_derived]
    impl<const N: usize> ::shmstate::__private::SharedState for Modes<N> {
        type Slots = ModesSlots<N>;
    }
    #[automatically_derived]
    impl<const N: usize> ::shmstate::__private::Zeroed for Modes<N>
    where
        for<'a> ::shmstate::__private::For<'a, u128>: ::shmstate::__private::Zeroed,
        for<'a> ::shmstate::__private::For<'a, Window>: ::shmstate::__private::Zeroed,
        for<'a> ::shmstate::__private::For<'a, [u32; 2]>: ::shmstate::__private::Zeroed,
        for<'a> ::shmstate::__private::For<'a, String>: ::shmstate::__private::Zeroed,
        for<'a> ::shmstate::__private::For<
            'a,
            [Option<String>; 2],
        >: ::shmstate::__private::Zeroed,
        for<'a> ::shmstate::__private::For<
            'a,
            Vec<Window>,
        >: ::shmstate::__private::Zeroed,
        for<'a> ::shmstate::__private::For<'a, u32>: ::shmstate::__private::Zeroed,
        for<'a> ::shmstate::__private::For<
            'a,
            [Phase; 2],
        >: ::shmstate::__private::Zeroed,
    {}
    #[doc(hidden)]
    #[allow(missing_debug_implementations, unnameable_types)]
    #[repr(C)]
    struct ModesImage<const N: usize> {
        total: <u128 as ::shmstate::__private::Plain<
            ::shmstate::__private::Inline,
        >>::Image,
        window: <Window as ::shmstate::__private::Plain<__Mode1>>::Image,
        numbers: <[u32; 2] as ::shmstate::__private::Plain<
            ::shmstate::__private::Inline,
        >>::Image,
        label: <String as ::shmstate::__private::Plain<
            ::shmstate::__private::Capacity<{ 64 }>,
        >>::Image,
        names: <[Option<
            String,
        >; 2] as ::shmstate::__private::Plain<
            ::shmstate::__private::Capacity<{ N }>,
        >>::Image,
        recent: <Vec<Window> as ::shmstate::__private::Plain<__Mode5>>::Image,
        generation: <u32 as ::shmstate::__private::Plain<
            ::shmstate::__private::Inline,
        >>::Image,
        phases: <[Phase; 2] as ::shmstate::__private::Plain<__Mode7>>::Image,
        points: <[[Point; 2]; 3] as ::shmstate::__private::Plain<__Mode8>>::Image,
    }
    #[automatically_derived]
    impl<const N: usize> ::core::clone::Clone for ModesImage<N> {
        #[inline]
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl<const N: usize> ::core::marker::Copy for ModesImage<N> {}
    #[automatically_derived]
    unsafe impl<const N: usize> ::shmstate::__private::bytemuck::Zeroable
    for ModesImage<N> {}
    #[automatically_derived]
    unsafe impl<const N: usize> ::shmstate::__private::bytemuck::Pod for ModesImage<N> {}
    #[automatically_derived]
    unsafe impl<
        const N: usize,
    > ::shmstate::__private::Plain<::shmstate::__private::Inline> for Modes<N> {
        type Image = ModesImage<N>;
        type Cell = ::shmstate::__private::Line<ModesImage<N>>;
        const AS_IS: ::core::primitive::bool = <u128 as ::shmstate::__private::Plain<
            ::shmstate::__private::Inline,
        >>::AS_IS
            && ::core::mem::offset_of!(Modes < N >, total)
                == ::core::mem::offset_of!(ModesImage < N >, total)
            && <Window as ::shmstate::__private::Plain<__Mode1>>::AS_IS
            && ::core::mem::offset_of!(Modes < N >, window)
                == ::core::mem::offset_of!(ModesImage < N >, window)
            && <[u32; 2] as ::shmstate::__private::Plain<
                ::shmstate::__private::Inline,
            >>::AS_IS
            && ::core::mem::offset_of!(Modes < N >, numbers)
                == ::core::mem::offset_of!(ModesImage < N >, numbers)
            && <String as ::shmstate::__private::Plain<
                ::shmstate::__private::Capacity<{ 64 }>,
            >>::AS_IS
            && ::core::mem::offset_of!(Modes < N >, label)
                == ::core::mem::offset_of!(ModesImage < N >, label)
            && <[Option<
                String,
            >; 2] as ::shmstate::__private::Plain<
                ::shmstate::__private::Capacity<{ N }>,
            >>::AS_IS
            && ::core::mem::offset_of!(Modes < N >, names)
                == ::core::mem::offset_of!(ModesImage < N >, names)
            && <Vec<Window> as ::shmstate::__private::Plain<__Mode5>>::AS_IS
            && ::core::mem::offset_of!(Modes < N >, recent)
                == ::core::mem::offset_of!(ModesImage < N >, recent)
            && <u32 as ::shmstate::__private::Plain<
                ::shmstate::__private::Inline,
            >>::AS_IS
            && ::core::mem::offset_of!(Modes < N >, generation)
                == ::core::mem::offset_of!(ModesImage < N >, generation)
            && <[Phase; 2] as ::shmstate::__private::Plain<__Mode7>>::AS_IS
            && ::core::mem::offset_of!(Modes < N >, phases)
                == ::core::mem::offset_of!(ModesImage < N >, phases)
            && <[[Point; 2]; 3] as ::shmstate::__private::Plain<__Mode8>>::AS_IS
            && ::core::mem::offset_of!(Modes < N >, points)
                == ::core::mem::offset_of!(ModesImage < N >, points);
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::image(
            "Modes",
            ::core::mem::size_of::<ModesImage<N>>(),
            ::core::mem::align_of::<ModesImage<N>>(),
            &[
                ::shmstate::__private::FieldShape::new(
                    "total",
                    ::core::mem::offset_of!(ModesImage < N >, total),
                    <u128 as ::shmstate::__private::Plain<
                        ::shmstate::__private::Inline,
                    >>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "window",
                    ::core::mem::offset_of!(ModesImage < N >, window),
                    <Window as ::shmstate::__private::Plain<__Mode1>>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "numbers",
                    ::core::mem::offset_of!(ModesImage < N >, numbers),
                    <[u32; 2] as ::shmstate::__private::Plain<
                        ::shmstate::__private::Inline,
                    >>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "label",
                    ::core::mem::offset_of!(ModesImage < N >, label),
                    <String as ::shmstate::__private::Plain<
                        ::shmstate::__private::Capacity<{ 64 }>,
                    >>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "names",
                    ::core::mem::offset_of!(ModesImage < N >, names),
                    <[Option<
                        String,
                    >; 2] as ::shmstate::__private::Plain<
                        ::shmstate::__private::Capacity<{ N }>,
                    >>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "recent",
                    ::core::mem::offset_of!(ModesImage < N >, recent),
                    <Vec<Window> as ::shmstate::__private::Plain<__Mode5>>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "generation",
                    ::core::mem::offset_of!(ModesImage < N >, generation),
                    <u32 as ::shmstate::__private::Plain<
                        ::shmstate::__private::Inline,
                    >>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "phases",
                    ::core::mem::offset_of!(ModesImage < N >, phases),
                    <[Phase; 2] as ::shmstate::__private::Plain<__Mode7>>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "points",
                    ::core::mem::offset_of!(ModesImage < N >, points),
                    <[[Point; 2]; 3] as ::shmstate::__private::Plain<__Mode8>>::SHAPE,
                ),
            ],
        );
        fn encode(
            &self,
            __image: &mut ModesImage<N>,
        ) -> ::core::result::Result<(), ::shmstate::__private::CapacityExceeded> {
            ::shmstate::__private::encode::<
                u128,
                ::shmstate::__private::Inline,
            >("total", &self.total, &mut __image.total)?;
            ::shmstate::__private::encode::<
                Window,
                __Mode1,
            >("window", &self.window, &mut __image.window)?;
            ::shmstate::__private::encode::<
                [u32; 2],
                ::shmstate::__private::Inline,
            >("numbers", &self.numbers, &mut __image.numbers)?;
            ::shmstate::__private::encode::<
                String,
                ::shmstate::__private::Capacity<{ 64 }>,
            >("label", &self.label, &mut __image.label)?;
            ::shmstate::__private::encode::<
                [Option<String>; 2],
                ::shmstate::__private::Capacity<{ N }>,
            >("names", &self.names, &mut __image.names)?;
            ::shmstate::__private::encode::<
                Vec<Window>,
                __Mode5,
            >("recent", &self.recent, &mut __image.recent)?;
            ::shmstate::__private::encode::<
                u32,
                ::shmstate::__private::Inline,
            >("generation", &self.generation, &mut __image.generation)?;
            ::shmstate::__private::encode::<
                [Phase; 2],
                __Mode7,
            >("phases", &self.phases, &mut __image.phases)?;
            ::shmstate::__private::encode::<
                [[Point; 2]; 3],
                __Mode8,
            >("points", &self.points, &mut __image.points)?;
            ::core::result::Result::Ok(())
        }
        fn decode(
            __image: &ModesImage<N>,
        ) -> ::core::result::Result<Self, ::shmstate::__private::Corrupt> {
            ::core::result::Result::Ok(Modes {
                total: ::shmstate::__private::decode::<
                    u128,
                    ::shmstate::__private::Inline,
                >("total", &__image.total)?,
                window: ::shmstate::__private::decode::<
                    Window,
                    __Mode1,
                >("window", &__image.window)?,
                numbers: ::shmstate::__private::decode::<
                    [u32; 2],
                    ::shmstate::__private::Inline,
                >("numbers", &__image.numbers)?,
                label: ::shmstate::__private::decode::<
                    String,
                    ::shmstate::__private::Capacity<{ 64 }>,
                >("label", &__image.label)?,
                names: ::shmstate::__private::decode::<
                    [Option<String>; 2],
                    ::shmstate::__private::Capacity<{ N }>,
                >("names", &__image.names)?,
                recent: ::shmstate::__private::decode::<
                    Vec<Window>,
                    __Mode5,
                >("recent", &__image.recent)?,
                generation: ::shmstate::__private::decode::<
                    u32,
                    ::shmstate::__private::Inline,
                >("generation", &__image.generation)?,
                phases: ::shmstate::__private::decode::<
                    [Phase; 2],
                    __Mode7,
                >("phases", &__image.phases)?,
                points: ::shmstate::__private::decode::<
                    [[Point; 2]; 3],
                    __Mode8,
                >("points", &__image.points)?,
            })
        }
        fn decode_into(
            __image: &ModesImage<N>,
            __out: &mut Modes<N>,
        ) -> ::core::result::Result<(), ::shmstate::__private::Corrupt> {
            ::shmstate::__private::decode_into::<
                u128,
                ::shmstate::__private::Inline,
            >("total", &__image.total, &mut __out.total)?;
            ::shmstate::__private::decode_into::<
                Window,
                __Mode1,
            >("window", &__image.window, &mut __out.window)?;
            ::shmstate::__private::decode_into::<
                [u32; 2],
                ::shmstate::__private::Inline,
            >("numbers", &__image.numbers, &mut __out.numbers)?;
            ::shmstate::__private::decode_into::<
                String,
                ::shmstate::__private::Capacity<{ 64 }>,
            >("label", &__image.label, &mut __out.label)?;
            ::shmstate::__private::decode_into::<
                [Option<String>; 2],
                ::shmstate::__private::Capacity<{ N }>,
            >("names", &__image.names, &mut __out.names)?;
            ::shmstate::__private::decode_into::<
                Vec<Window>,
                __Mode5,
            >("recent", &__image.recent, &mut __out.recent)?;
            ::shmstate::__private::decode_into::<
                u32,
                ::shmstate::__private::Inline,
            >("generation", &__image.generation, &mut __out.generation)?;
            ::shmstate::__private::decode_into::<
                [Phase; 2],
                __Mode7,
            >("phases", &__image.phases, &mut __out.phases)?;
            ::shmstate::__private::decode_into::<
                [[Point; 2]; 3],
                __Mode8,
            >("points", &__image.points, &mut __out.points)?;
            ::core::result::Result::Ok(())
        }
    }
    #[automatically_derived]
    unsafe impl<
        const N: usize,
        A: ::shmstate::__private::Access,
    > ::shmstate::__private::Slot for ModesSlots<N, A> {
        type Value = Modes<N>;
        type Access = A;
        const SHAPE: &'static ::shmstate::__private::Shape = &::shmstate::__private::Shape::structure(
            "Modes",
            ::core::mem::size_of::<Self>(),
            ::core::mem::align_of::<Self>(),
            &[
                ::shmstate::__private::FieldShape::new(
                    "total",
                    ::core::mem::offset_of!(Self, total),
                    <<u128 as ::shmstate::__private::Field<
                        ::shmstate::__private::Inline,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "window",
                    ::core::mem::offset_of!(Self, window),
                    <<Window as ::shmstate::__private::Field<
                        ::shmstate::__private::If<
                            {
                                ::shmstate::__private::has_slot!(
                                    Window, ::shmstate::__private::Lock <
                                    ::shmstate::__private::Inline >
                                )
                            },
                            ::shmstate::__private::Lock<::shmstate::__private::Inline>,
                        >,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "numbers",
                    ::core::mem::offset_of!(Self, numbers),
                    <<[u32; 2] as ::shmstate::__private::Field<
                        ::shmstate::__private::Lock<::shmstate::__private::Inline>,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "label",
                    ::core::mem::offset_of!(Self, label),
                    <<String as ::shmstate::__private::Field<
                        ::shmstate::__private::Capacity<{ 64 }>,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "names",
                    ::core::mem::offset_of!(Self, names),
                    <<[Option<
                        String,
                    >; 2] as ::shmstate::__private::Field<
                        ::shmstate::__private::Capacity<{ N }>,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "recent",
                    ::core::mem::offset_of!(Self, recent),
                    <<Vec<
                        Window,
                    > as ::shmstate::__private::Field<
                        ::shmstate::__private::If<
                            {
                                ::shmstate::__private::has_slot!(
                                    Vec < Window >, ::shmstate::__private::CachePadded <
                                    ::shmstate::__private::Capacity < { 4 } > >
                                )
                            },
                            ::shmstate::__private::CachePadded<
                                ::shmstate::__private::Capacity<{ 4 }>,
                            >,
                        >,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "generation",
                    ::core::mem::offset_of!(Self, generation),
                    <<u32 as ::shmstate::__private::Field<
                        ::shmstate::__private::Watch,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "phases",
                    ::core::mem::offset_of!(Self, phases),
                    <<[Phase; 2] as ::shmstate::__private::Field<
                        ::shmstate::__private::If<
                            {
                                ::shmstate::__private::has_slot!(
                                    Phase, ::shmstate::__private::CachePadded <
                                    ::shmstate::__private::Watch >
                                )
                            },
                            ::shmstate::__private::CachePadded<
                                ::shmstate::__private::Watch,
                            >,
                        >,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                ),
                ::shmstate::__private::FieldShape::new(
                    "points",
                    ::core::mem::offset_of!(Self, points),
                    <<[[Point; 2]; 3] as ::shmstate::__private::Field<
                        ::shmstate::__private::If<
                            {
                                ::shmstate::__private::has_slot!(
                                    Point, ::shmstate::__private::Pod
                                )
                            },
                            ::shmstate::__private::Each<
                                ::shmstate::__private::Each<::shmstate::__private::Pod>,
                            >,
                        >,
                    >>::Slot<A> as ::shmstate::__private::Slot>::SHAPE,
                ),
            ],
        );
        fn try_snapshot(
            &self,
        ) -> ::core::result::Result<Modes<N>, ::shmstate::__private::Corrupt> {
            ::core::result::Result::Ok(Modes {
                total: ::shmstate::__private::read("total", &self.total)?,
                window: ::shmstate::__private::read("window", &self.window)?,
                numbers: ::shmstate::__private::read("numbers", &self.numbers)?,
                label: ::shmstate::__private::read("label", &self.label)?,
                names: ::shmstate::__private::read("names", &self.names)?,
                recent: ::shmstate::__private::read("recent", &self.recent)?,
                generation: ::shmstate::__private::read("generation", &self.generation)?,
                phases: ::shmstate::__private::read("phases", &self.phases)?,
                points: ::shmstate::__private::read("points", &self.points)?,
            })
        }
        fn try_snapshot_into(
            &self,
            __out: &mut Modes<N>,
        ) -> ::core::result::Result<(), ::shmstate::__private::Corrupt> {
            ::shmstate::__private::read_into("total", &self.total, &mut __out.total)?;
            ::shmstate::__private::read_into("window", &self.window, &mut __out.window)?;
            ::shmstate::__private::read_into(
                "numbers",
                &self.numbers,
                &mut __out.numbers,
            )?;
            ::shmstate::__private::read_into("label", &self.label, &mut __out.label)?;
            ::shmstate::__private::read_into("names", &self.names, &mut __out.names)?;
            ::shmstate::__private::read_into("recent", &self.recent, &mut __out.recent)?;
            ::shmstate::__private::read_into(
                "generation",
                &self.generation,
                &mut __out.generation,
            )?;
            ::shmstate::__private::read_into("phases", &self.phases, &mut __out.phases)?;
            ::shmstate::__private::read_into("points", &self.points, &mut __out.points)?;
            ::core::result::Result::Ok(())
        }
        fn fits(
            __value: &Modes<N>,
        ) -> ::core::result::Result<(), ::shmstate::__private::CapacityExceeded> {
            ::shmstate::__private::fits::<
                Window,
                ::shmstate::__private::If<
                    {
                        ::shmstate::__private::has_slot!(
                            Window, ::shmstate::__private::Lock <
                            ::shmstate::__private::Inline >
                        )
                    },
                    ::shmstate::__private::Lock<::shmstate::__private::Inline>,
                >,
            >("window", &__value.window)?;
            ::shmstate::__private::fits::<
                String,
                ::shmstate::__private::Capacity<{ 64 }>,
            >("label", &__value.label)?;
            ::shmstate::__private::fits::<
                [Option<String>; 2],
                ::shmstate::__private::Capacity<{ N }>,
            >("names", &__value.names)?;
            ::shmstate::__private::fits::<
                Vec<Window>,
                ::shmstate::__private::If<
                    {
                        ::shmstate::__private::has_slot!(
                            Vec < Window >, ::shmstate::__private::CachePadded <
                            ::shmstate::__private::Capacity < { 4 } > >
                        )
                    },
                    ::shmstate::__private::CachePadded<
                        ::shmstate::__private::Capacity<{ 4 }>,
                    >,
                >,
            >("recent", &__value.recent)?;
            ::core::result::Result::Ok(())
        }
        #[track_caller]
        fn put(&self, __value: Modes<N>, __writing: ::shmstate::__private::Writing) {
            ::shmstate::__private::Slot::put(&self.total, __value.total, __writing);
            ::shmstate::__private::Slot::put(&self.window, __value.window, __writing);
            ::shmstate::__private::Slot::put(&self.numbers, __value.numbers, __writing);
            ::shmstate::__private::Slot::put(&self.label, __value.label, __writing);
            ::shmstate::__private::Slot::put(&self.names, __value.names, __writing);
            ::shmstate::__private::Slot::put(&self.recent, __value.recent, __writing);
            ::shmstate::__private::Slot::put(
                &self.generation,
                __value.generation,
                __writing,
            );
            ::shmstate::__private::Slot::put(&self.phases, __value.phases, __writing);
            ::shmstate::__private::Slot::put(&self.points, __value.points, __writing);
        }
    }
    #[automatically_derived]
    impl<const N: usize, A: ::shmstate::__private::Access> ModesSlots<N, A> {
        /// Reads every field, each leaf whole, one after the other.
        ///
        /// # Panics
        ///
        /// If a field holds bytes that are not a value of its type.
        #[track_caller]
        pub fn snapshot(&self) -> Modes<N> {
            ::shmstate::__private::Slot::snapshot(self)
        }
        /// Reads every field, each leaf whole, one after the other.
        ///
        /// # Errors
        ///
        /// If a field holds bytes that are not a value of its type; the error names the field.
        pub fn try_snapshot(
            &self,
        ) -> ::core::result::Result<Modes<N>, ::shmstate::__private::Corrupt> {
            ::shmstate::__private::Slot::try_snapshot(self)
        }
    }
    #[automatically_derived]
    impl<const N: usize, A: ::shmstate::__private::Access> ::core::fmt::Debug
    for ModesSlots<N, A> {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            ::shmstate::__private::debug(self, __f)
        }
    }
    const _: () = ::shmstate::__private::must_have_slot::<
        Window,
        ::shmstate::__private::Lock<::shmstate::__private::Inline>,
    >();
    const _: () = ::shmstate::__private::must_have_slot::<
        Vec<Window>,
        ::shmstate::__private::CachePadded<::shmstate::__private::Capacity<{ 4 }>>,
    >();
    const _: () = if !::shmstate::__private::has_slot!(
        Phase, ::shmstate::__private::CachePadded < ::shmstate::__private::Watch >
    ) {
        ::core::panic!(
            "`watch` is for what fits an atomic (a number, `bool`, `char`, `NonZero*`, or a fieldless enum with the derive), and `Phase` does not; of a struct with the derive, put it on the fields that are to be waited for, or put `#[shared(lock)]` here"
        )
    };
    const _: () = if !::shmstate::__private::has_slot!(
        Point, ::shmstate::__private::Pod
    ) {
        ::core::panic!(
            "this field has no slot: `pod` is for `bytemuck::Pod` types, and `Point` is not one; if it is your own, use the derive in place of `pod`"
        )
    };
    trait AStateMustNotImplementDrop {}
    impl<T: ::core::ops::Drop> AStateMustNotImplementDrop for T {}
    impl<const N: usize> AStateMustNotImplementDrop for Modes<N> {}
};
