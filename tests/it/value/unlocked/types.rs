//! The types that an atomic slot can hold, each with its edge values.

use std::fmt::Debug;
use std::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroIsize, NonZeroU8, NonZeroU16, NonZeroU32,
    NonZeroU64, NonZeroUsize,
};

use shmstate::slot::{Atomic, Scalar};
use shmstate::{Shared, SharedState};

use super::watched::Watch;

/// A type with one atomic slot.
pub(crate) trait Edges: Scalar + Copy + Debug + SharedState<Slots = Atomic<Self>> {
    /// Its extremes, and values that tell a wrong width or sign; no two are the same.
    fn edges() -> Vec<Self>;

    /// What tells two values apart, also two kinds of zero or of `NaN`.
    fn bits(self) -> u64;
}

macro_rules! integers {
    ($($int:ident $nonzero:ident [$($edge:expr),*];)*) => {$(
        impl Edges for $int {
            fn edges() -> Vec<$int> {
                vec![$($edge),*]
            }
            #[allow(clippy::cast_sign_loss, clippy::cast_lossless, trivial_numeric_casts)]
            fn bits(self) -> u64 {
                self as u64
            }
        }
        impl Edges for $nonzero {
            fn edges() -> Vec<$nonzero> {
                $int::edges().into_iter().filter_map($nonzero::new).collect()
            }
            fn bits(self) -> u64 {
                self.get().bits()
            }
        }
        impl Edges for Option<$nonzero> {
            fn edges() -> Vec<Option<$nonzero>> {
                $int::edges().into_iter().map($nonzero::new).collect()
            }
            fn bits(self) -> u64 {
                self.map_or(0, |value| value.get().bits())
            }
        }
    )*};
}

integers! {
    u8 NonZeroU8 [0, u8::MAX, 1, 0x80];
    u16 NonZeroU16 [0, u16::MAX, 1, 0x1234];
    u32 NonZeroU32 [0, u32::MAX, 1, 0x1234_5678];
    u64 NonZeroU64 [0, u64::MAX, 1, 1 << 33, 0x1234_5678_9abc_def0];
    usize NonZeroUsize [0, usize::MAX, 1, 1 << 33];
    i8 NonZeroI8 [0, i8::MIN, i8::MAX, -1, 1];
    i16 NonZeroI16 [0, i16::MIN, i16::MAX, -1, 0x1234];
    i32 NonZeroI32 [0, i32::MIN, i32::MAX, -1, -0x1234_5678];
    i64 NonZeroI64 [0, i64::MIN, i64::MAX, -1, 1 << 33, -(1 << 33)];
    isize NonZeroIsize [0, isize::MIN, isize::MAX, -1, -(1 << 33)];
}

impl Edges for f64 {
    fn edges() -> Vec<f64> {
        vec![
            0.0,
            -0.0,
            f64::MIN,
            f64::MAX,
            f64::MIN_POSITIVE,
            f64::from_bits(1), // the smallest subnormal
            f64::INFINITY,
            f64::NEG_INFINITY,
            3.625,
            -3.625,
            8_589_934_592.0,                       // 2^33
            f64::from_bits(0x7ff8_0000_dead_beef), // NaN with a payload
            f64::from_bits(0xfff8_0000_0000_0001), // a negative one
            f64::from_bits(0x7ff0_0000_0000_0001), // a signalling one
        ]
    }
    fn bits(self) -> u64 {
        self.to_bits()
    }
}

impl Edges for f32 {
    fn edges() -> Vec<f32> {
        vec![
            0.0,
            -0.0,
            f32::MIN,
            f32::MAX,
            f32::from_bits(1),
            f32::INFINITY,
            f32::NEG_INFINITY,
            3.625,
            -3.625,
            8_589_934_592.0,
            f32::from_bits(0x7fc0_beef),
            f32::from_bits(0xffc0_0001),
            f32::from_bits(0x7f80_0001),
        ]
    }
    fn bits(self) -> u64 {
        self.to_bits().into()
    }
}

impl Edges for bool {
    fn edges() -> Vec<bool> {
        vec![false, true]
    }
    fn bits(self) -> u64 {
        self.into()
    }
}

impl Edges for char {
    fn edges() -> Vec<char> {
        vec![
            '\0',
            char::MAX,
            '\u{d7ff}',
            '\u{e000}',
            'z',
            'é',
            '\u{1f980}',
        ]
    }
    fn bits(self) -> u64 {
        self.into()
    }
}

/// A fieldless enum, with all its variants as edges.
macro_rules! enums {
    ($($(#[$attribute:meta])* $name:ident { $($variant:ident $(= $number:expr)?),* })*) => {$(
        $(#[$attribute])*
        #[derive(SharedState, Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $name { $($variant $(= $number)?),* }

        impl Edges for $name {
            fn edges() -> Vec<$name> {
                vec![$($name::$variant),*]
            }
            #[allow(clippy::cast_sign_loss)]
            fn bits(self) -> u64 {
                self as u64
            }
        }
    )*};
}

enums! {
    Phase { Waiting, Reading, Done }
    #[repr(u8)]
    InU8 { Zero = 0, Most = 255, Some = 7 }
    #[repr(u16)]
    InU16 { Zero = 0, Most = 0xffff, Some = 0x100 }
    #[repr(u32)]
    InU32 { Zero = 0, Most = 0xffff_ffff, Some = 0x1_0000 }
    #[repr(u64)]
    InU64 { Zero = 0, Most = u64::MAX, Some = 1 << 33 }
    #[repr(i8)]
    InI8 { Least = i8::MIN, Most = i8::MAX, Minus = -1 }
    #[repr(i16)]
    InI16 { Least = i16::MIN, Most = i16::MAX, Minus = -1 }
    #[repr(i32)]
    InI32 { Least = i32::MIN, Most = i32::MAX, Minus = -1 }
    #[repr(i64)]
    InI64 { Least = i64::MIN, Most = i64::MAX, Minus = -1, Some = 1 << 33 }
}

/// One type, without its type.
pub(crate) struct Type {
    pub(crate) name: &'static str,
    pub(crate) edges: fn() -> usize,
    /// Creates a segment with edge number `i`, under the name if there is one.
    pub(crate) create: fn(Option<&str>, usize) -> Box<dyn Live>,
    pub(crate) open: fn(super::scalars::Way, &str) -> Box<dyn Live>,
}

/// A live value of one type.
pub(crate) trait Live {
    /// Fails unless the value is edge number `i`, by each verb that reads.
    fn expect(&self, i: usize);
    /// Writes edge number `i`.
    fn write(&self, i: usize);
    fn token(&self) -> String;
    fn share(&self, command: &mut std::process::Command);
}

impl<T: Edges> Live for Shared<T> {
    #[track_caller]
    fn expect(&self, i: usize) {
        let edge = T::edges()[i];
        let read = [
            self.get(),
            self.try_get().expect("a value"),
            Shared::snapshot(self),
            self.read_only().snapshot(),
        ];
        for value in read {
            assert_eq!(value.bits(), edge.bits(), "{value:?} instead of {edge:?}");
        }
    }
    fn write(&self, i: usize) {
        self.set(T::edges()[i]);
    }
    fn token(&self) -> String {
        self.token()
    }
    fn share(&self, command: &mut std::process::Command) {
        use shmstate::ShareCommand;
        command.share("value", self);
    }
}

/// A state that holds one value of a type.
macro_rules! one_type {
    ($name:expr, $ty:ty, $state:ty, $of:expr) => {
        Type {
            name: $name,
            edges: || <$ty as Edges>::edges().len(),
            create: |name, i| {
                let value = $of(<$ty as Edges>::edges()[i]);
                let state = match name {
                    Some(name) => Shared::<$state>::create(name, value),
                    None => Shared::<$state>::new(value),
                };
                Box::new(state.expect("created"))
            },
            open: |way, argument| Box::new(way.open::<$state>(argument)),
        }
    };
}

/// Each type as a state, and as a field that can be waited for.
macro_rules! types {
    ($($ty:ty),* $(,)?) => {
        &[$(
            one_type!(stringify!($ty), $ty, $ty, std::convert::identity),
            one_type!(concat!("watched ", stringify!($ty)), $ty, Watch<$ty>, |value| Watch { value }),
        )*]
    };
}

pub(crate) const TYPES: &[Type] = types![
    u8,
    u16,
    u32,
    u64,
    usize,
    i8,
    i16,
    i32,
    i64,
    isize,
    f32,
    f64,
    bool,
    char,
    NonZeroU8,
    NonZeroU16,
    NonZeroU32,
    NonZeroU64,
    NonZeroUsize,
    NonZeroI8,
    NonZeroI16,
    NonZeroI32,
    NonZeroI64,
    NonZeroIsize,
    Option<NonZeroU8>,
    Option<NonZeroU16>,
    Option<NonZeroU32>,
    Option<NonZeroU64>,
    Option<NonZeroUsize>,
    Option<NonZeroI8>,
    Option<NonZeroI16>,
    Option<NonZeroI32>,
    Option<NonZeroI64>,
    Option<NonZeroIsize>,
    Phase,
    InU8,
    InU16,
    InU32,
    InU64,
    InI8,
    InI16,
    InI32,
    InI64,
];
