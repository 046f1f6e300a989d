/// The live fields of a [`Point`] in shared memory.
#[repr(C)]
struct LivePoint<
    A: crate::reexport::shmstate::__private::Access
        = crate::reexport::shmstate::__private::Write,
>(
    /// The slot of the field at this place.
    pub <f64 as crate::reexport::shmstate::__private::Field<
        crate::reexport::shmstate::__private::Inline,
    >>::Slot<A>,
    /// The slot of the field at this place.
    <f64 as crate::reexport::shmstate::__private::Field<
        crate::reexport::shmstate::__private::Inline,
    >>::Slot<A>,
);
const _: () = {
    #[automatically_derived]
    impl crate::reexport::shmstate::__private::Field<
        crate::reexport::shmstate::__private::Inline,
    > for Point {
        type Slot<A: crate::reexport::shmstate::__private::Access> = LivePoint<A>;
    }
    #[automatically_derived]
    impl crate::reexport::shmstate::__private::Single for Point {}
    #[automatically_derived]
    impl crate::reexport::shmstate::__private::SharedState for Point {
        type Slots = LivePoint;
    }
    #[automatically_derived]
    impl crate::reexport::shmstate::__private::Zeroed for Point
    where
        for<'a> crate::reexport::shmstate::__private::For<
            'a,
            f64,
        >: crate::reexport::shmstate::__private::Zeroed,
    {}
    #[doc(hidden)]
    #[allow(missing_debug_implementations, unnameable_types)]
    #[repr(C)]
    struct PointImage(
        <f64 as crate::reexport::shmstate::__private::Plain<
            crate::reexport::shmstate::__private::Inline,
        >>::Image,
        <f64 as crate::reexport::shmstate::__private::Plain<
            crate::reexport::shmstate::__private::Inline,
        >>::Image,
    );
    #[automatically_derived]
    impl ::core::clone::Clone for PointImage {
        #[inline]
        fn clone(&self) -> Self {
            *self
        }
    }
    #[automatically_derived]
    impl ::core::marker::Copy for PointImage {}
    #[automatically_derived]
    unsafe impl crate::reexport::shmstate::__private::bytemuck::Zeroable for PointImage {}
    #[automatically_derived]
    unsafe impl crate::reexport::shmstate::__private::bytemuck::Pod for PointImage {}
    #[automatically_derived]
    unsafe impl crate::reexport::shmstate::__private::Plain<
        crate::reexport::shmstate::__private::Inline,
    > for Point {
        type Image = PointImage;
        type Cell = <crate::reexport::shmstate::__private::Fit<
            { crate::reexport::shmstate::__private::is_small::<PointImage>() },
        > as crate::reexport::shmstate::__private::CellOf>::Cell<PointImage>;
        const AS_IS: ::core::primitive::bool = <f64 as crate::reexport::shmstate::__private::Plain<
            crate::reexport::shmstate::__private::Inline,
        >>::AS_IS
            && ::core::mem::offset_of!(Point, 0)
                == ::core::mem::offset_of!(PointImage, 0)
            && <f64 as crate::reexport::shmstate::__private::Plain<
                crate::reexport::shmstate::__private::Inline,
            >>::AS_IS
            && ::core::mem::offset_of!(Point, 1)
                == ::core::mem::offset_of!(PointImage, 1);
        const SHAPE: &'static crate::reexport::shmstate::__private::Shape = &crate::reexport::shmstate::__private::Shape::image(
            "Point",
            ::core::mem::size_of::<PointImage>(),
            ::core::mem::align_of::<PointImage>(),
            &[
                crate::reexport::shmstate::__private::FieldShape::new(
                    "0",
                    ::core::mem::offset_of!(PointImage, 0),
                    <f64 as crate::reexport::shmstate::__private::Plain<
                        crate::reexport::shmstate::__private::Inline,
                    >>::SHAPE,
                ),
                crate::reexport::shmstate::__private::FieldShape::new(
                    "1",
                    ::core::mem::offset_of!(PointImage, 1),
                    <f64 as crate::reexport::shmstate::__private::Plain<
                        crate::reexport::shmstate::__private::Inline,
                    >>::SHAPE,
                ),
            ],
        );
        fn encode(
            &self,
            __image: &mut PointImage,
        ) -> ::core::result::Result<
            (),
            crate::reexport::shmstate::__private::CapacityExceeded,
        > {
            crate::reexport::shmstate::__private::encode::<
                f64,
                crate::reexport::shmstate::__private::Inline,
            >("0", &self.0, &mut __image.0)?;
            crate::reexport::shmstate::__private::encode::<
                f64,
                crate::reexport::shmstate::__private::Inline,
            >("1", &self.1, &mut __image.1)?;
            ::core::result::Result::Ok(())
        }
        fn decode(
            __image: &PointImage,
        ) -> ::core::result::Result<
            Self,
            crate::reexport::shmstate::__private::Corrupt,
        > {
            ::core::result::Result::Ok(Point {
                0: crate::reexport::shmstate::__private::decode::<
                    f64,
                    crate::reexport::shmstate::__private::Inline,
                >("0", &__image.0)?,
                1: crate::reexport::shmstate::__private::decode::<
                    f64,
                    crate::reexport::shmstate::__private::Inline,
                >("1", &__image.1)?,
            })
        }
        fn decode_into(
            __image: &PointImage,
            __out: &mut Point,
        ) -> ::core::result::Result<(), crate::reexport::shmstate::__private::Corrupt> {
            crate::reexport::shmstate::__private::decode_into::<
                f64,
                crate::reexport::shmstate::__private::Inline,
            >("0", &__image.0, &mut __out.0)?;
            crate::reexport::shmstate::__private::decode_into::<
                f64,
                crate::reexport::shmstate::__private::Inline,
            >("1", &__image.1, &mut __out.1)?;
            ::core::result::Result::Ok(())
        }
    }
    const _: &crate::reexport::shmstate::__private::Shape = <Point as crate::reexport::shmstate::__private::Plain<
        crate::reexport::shmstate::__private::Inline,
    >>::SHAPE;
    #[automatically_derived]
    unsafe impl<
        A: crate::reexport::shmstate::__private::Access,
    > crate::reexport::shmstate::__private::Slot for LivePoint<A> {
        type Value = Point;
        type Access = A;
        const SHAPE: &'static crate::reexport::shmstate::__private::Shape = &crate::reexport::shmstate::__private::Shape::structure(
            "Point",
            ::core::mem::size_of::<Self>(),
            ::core::mem::align_of::<Self>(),
            &[
                crate::reexport::shmstate::__private::FieldShape::new(
                    "0",
                    ::core::mem::offset_of!(Self, 0),
                    <<f64 as crate::reexport::shmstate::__private::Field<
                        crate::reexport::shmstate::__private::Inline,
                    >>::Slot<A> as crate::reexport::shmstate::__private::Slot>::SHAPE,
                ),
                crate::reexport::shmstate::__private::FieldShape::new(
                    "1",
                    ::core::mem::offset_of!(Self, 1),
                    <<f64 as crate::reexport::shmstate::__private::Field<
                        crate::reexport::shmstate::__private::Inline,
                    >>::Slot<A> as crate::reexport::shmstate::__private::Slot>::SHAPE,
                ),
            ],
        );
        fn try_snapshot(
            &self,
        ) -> ::core::result::Result<
            Point,
            crate::reexport::shmstate::__private::Corrupt,
        > {
            ::core::result::Result::Ok(Point {
                0: crate::reexport::shmstate::__private::read("0", &self.0)?,
                1: crate::reexport::shmstate::__private::read("1", &self.1)?,
            })
        }
        fn try_snapshot_into(
            &self,
            __out: &mut Point,
        ) -> ::core::result::Result<(), crate::reexport::shmstate::__private::Corrupt> {
            crate::reexport::shmstate::__private::read_into("0", &self.0, &mut __out.0)?;
            crate::reexport::shmstate::__private::read_into("1", &self.1, &mut __out.1)?;
            ::core::result::Result::Ok(())
        }
        fn fits(
            _: &Point,
        ) -> ::core::result::Result<
            (),
            crate::reexport::shmstate::__private::CapacityExceeded,
        > {
            ::core::result::Result::Ok(())
        }
        #[track_caller]
        fn put(
            &self,
            __value: Point,
            __writing: crate::reexport::shmstate::__private::Writing,
        ) {
            crate::reexport::shmstate::__private::Slot::put(
                &self.0,
                __value.0,
                __writing,
            );
            crate::reexport::shmstate::__private::Slot::put(
                &self.1,
                __value.1,
                __writing,
            );
        }
    }
    #[automatically_derived]
    impl<A: crate::reexport::shmstate::__private::Access> LivePoint<A> {
        /// Reads every field, each leaf whole, one after the other.
        ///
        /// # Panics
        ///
        /// If a field holds bytes that are not a value of its type.
        #[track_caller]
        pub fn snapshot(&self) -> Point {
            crate::reexport::shmstate::__private::Slot::snapshot(self)
        }
        /// Reads every field, each leaf whole, one after the other.
        ///
        /// # Errors
        ///
        /// If a field holds bytes that are not a value of its type; the error names the field.
        pub fn try_snapshot(
            &self,
        ) -> ::core::result::Result<
            Point,
            crate::reexport::shmstate::__private::Corrupt,
        > {
            crate::reexport::shmstate::__private::Slot::try_snapshot(self)
        }
    }
    #[automatically_derived]
    impl<A: crate::reexport::shmstate::__private::Access> ::core::fmt::Debug
    for LivePoint<A> {
        fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            crate::reexport::shmstate::__private::debug(self, __f)
        }
    }
    trait AStateMustNotImplementDrop {}
    impl<T: ::core::ops::Drop> AStateMustNotImplementDrop for T {}
    impl AStateMustNotImplementDrop for Point {}
};
