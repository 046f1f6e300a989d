//! The kinds of fields: each has a number in the field table. A new one is a line here, or in [`fixed`](super::fixed).

use super::fixed::FixedKind;

/// One variant of an enum: its name, and the number stored for it (sign-extended to 64 bits).
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    pub(crate) name: &'static str,
    pub(crate) value: u64,
}

impl Variant {
    #[must_use]
    pub const fn new(name: &'static str, value: u64) -> Self {
        Variant { name, value }
    }
}

/// An enum of kinds, each with its number in the field table, its name in schemas, and its length in bytes.
macro_rules! sized {
    ($(#[$attr:meta])* $vis:vis enum $Kinds:ident {
        $($kind:ident = $number:literal, $name:literal, $size:literal;)*
    }) => {
        $(#[$attr])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        $vis enum $Kinds {
            $($kind = $number,)*
        }

        impl $Kinds {
            const fn of(number: u16) -> Option<$Kinds> {
                match number {
                    $($number => Some($Kinds::$kind),)*
                    _ => None,
                }
            }

            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $($Kinds::$kind => $name,)*
                }
            }

            pub(crate) const fn size(self) -> usize {
                match self {
                    $($Kinds::$kind => $size,)*
                }
            }
        }
    };
}

sized! {
    /// The primitive form of a scalar slot. The numbers are those of the field table.
    #[doc(hidden)]
    pub enum Kind {
        Bool = 1, "bool", 1;
        Char = 2, "char", 4;
        U8 = 3, "u8", 1;
        U16 = 4, "u16", 2;
        U32 = 5, "u32", 4;
        U64 = 6, "u64", 8;
        I8 = 7, "i8", 1;
        I16 = 8, "i16", 2;
        I32 = 9, "i32", 4;
        I64 = 10, "i64", 8;
        F32 = 11, "f32", 4;
        F64 = 12, "f64", 8;
    }
}

sized! {
    /// Values that are wider than an atomic, are one row of the table, and lie in images only.
    pub(crate) enum Wide {
        U128 = 13, "u128", 16;
        I128 = 14, "i128", 16;
        Duration = 15, "duration", 12;
    }
}

/// Kinds that have something below them in the table, or a length of their own.
macro_rules! composite {
    ($($kind:ident = $number:literal;)*) => {
        /// What the kind of a row means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum EntryKind {
            Scalar(Kind),
            Wide(Wide),
            Fixed(&'static FixedKind),
            /// An enum, stored as that integer.
            Enum(Kind),
            $($kind,)*
        }

        impl EntryKind {
            /// `None` for numbers of a later format.
            pub(crate) fn of(number: u16) -> Option<EntryKind> {
                match number {
                    $($number => Some(EntryKind::$kind),)*
                    _ => Kind::of(number)
                        .map(EntryKind::Scalar)
                        .or_else(|| Wide::of(number).map(EntryKind::Wide))
                        .or_else(|| FixedKind::numbered(number).map(EntryKind::Fixed))
                        .or_else(|| Kind::of(number.wrapping_sub(ENUM)).map(EntryKind::Enum)),
                }
            }

            /// Its number in the table.
            pub(crate) const fn number(self) -> u16 {
                match self {
                    EntryKind::Scalar(kind) => kind as u16,
                    EntryKind::Wide(kind) => kind as u16,
                    EntryKind::Fixed(kind) => kind.number,
                    EntryKind::Enum(kind) => ENUM + kind as u16,
                    $(EntryKind::$kind => $number,)*
                }
            }
        }
    };
}

composite! {
    Struct = 0x100;
    Array = 0x101;
    Variant = 0x102;
    Option = 0x103;
    Text = 0x104;
    List = 0x105;
    Opaque = 0x106;
    Locked = 0x107;
}

/// What is added to the number of an enum's integer.
const ENUM: u16 = 0x200;

impl Kind {
    pub(crate) const fn is_signed(self) -> bool {
        matches!(self, Kind::I8 | Kind::I16 | Kind::I32 | Kind::I64)
    }

    /// Extended bits as the number that the source of an enum writes.
    #[allow(clippy::cast_possible_wrap)] // it is signed
    pub(crate) fn number(self, bits: u64) -> i128 {
        if self.is_signed() {
            i128::from(bits as i64)
        } else {
            bits.into()
        }
    }

    /// Sign-extends the bits of a narrow number.
    #[allow(clippy::cast_possible_wrap, clippy::cast_sign_loss)] // it is signed
    pub(crate) const fn extend(self, bits: u64) -> u64 {
        if !self.is_signed() {
            return bits;
        }
        let unused = 64 - 8 * self.size();
        ((bits << unused) as i64 >> unused) as u64
    }
}

/// What a zero means in an integer slot.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Zero {
    /// The number 0.
    Number = 0,
    /// No value: the type is a `NonZero*`.
    Invalid = 1,
    /// `None`: the type is an `Option<NonZero*>`.
    Absent = 2,
}

impl EntryKind {
    /// The bytes of a value that can be one atomic, without the event word of a watched one; `None` for other kinds.
    #[cfg(feature = "tools")]
    pub(crate) fn atomic_size(self) -> Option<usize> {
        match self {
            EntryKind::Scalar(kind) | EntryKind::Enum(kind) => Some(kind.size()),
            EntryKind::Fixed(kind) => Some(kind.size),
            _ => None,
        }
    }
}
