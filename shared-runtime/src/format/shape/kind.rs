//! Scalars: what the bits of one mean.

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

/// The primitive form of a scalar slot. The numbers are those of the field table.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    Bool = 1,
    Char = 2,
    U8 = 3,
    U16 = 4,
    U32 = 5,
    U64 = 6,
    I8 = 7,
    I16 = 8,
    I32 = 9,
    I64 = 10,
    F32 = 11,
    F64 = 12,
}

impl Kind {
    pub(crate) const ALL: [Kind; 12] = [
        Kind::Bool,
        Kind::Char,
        Kind::U8,
        Kind::U16,
        Kind::U32,
        Kind::U64,
        Kind::I8,
        Kind::I16,
        Kind::I32,
        Kind::I64,
        Kind::F32,
        Kind::F64,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Kind::Bool => "bool",
            Kind::Char => "char",
            Kind::U8 => "u8",
            Kind::U16 => "u16",
            Kind::U32 => "u32",
            Kind::U64 => "u64",
            Kind::I8 => "i8",
            Kind::I16 => "i16",
            Kind::I32 => "i32",
            Kind::I64 => "i64",
            Kind::F32 => "f32",
            Kind::F64 => "f64",
        }
    }

    pub(crate) const fn size(self) -> usize {
        match self {
            Kind::Bool | Kind::U8 | Kind::I8 => 1,
            Kind::U16 | Kind::I16 => 2,
            Kind::Char | Kind::U32 | Kind::I32 | Kind::F32 => 4,
            Kind::U64 | Kind::I64 | Kind::F64 => 8,
        }
    }
}

impl Kind {
    pub(crate) const fn is_signed(self) -> bool {
        matches!(self, Kind::I8 | Kind::I16 | Kind::I32 | Kind::I64)
    }

    /// Extended bits as the number that the source of an enum writes.
    pub(crate) fn number(self, bits: u64) -> i128 {
        if self.is_signed() {
            bits.cast_signed().into()
        } else {
            bits.into()
        }
    }

    /// Sign-extends the bits of a narrow number.
    pub(crate) const fn extend(self, bits: u64) -> u64 {
        if !self.is_signed() {
            return bits;
        }
        let unused = 64 - 8 * self.size();
        ((bits << unused).cast_signed() >> unused).cast_unsigned()
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
