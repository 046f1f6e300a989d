//! Scalars: whether their bits are a value, and which.

use core::fmt;

use crate::format::shape::{Kind, Variant, Zero};

#[allow(clippy::cast_possible_truncation)] // a char has 32 bits
pub(super) fn is_value(kind: Kind, zero: Zero, variants: &[Variant], bits: u64) -> bool {
    match kind {
        _ if !variants.is_empty() => variants.iter().any(|variant| variant.value == bits),
        Kind::Bool => bits <= 1,
        Kind::Char => char::from_u32(bits as u32).is_some(),
        _ => zero != Zero::Invalid || bits != 0,
    }
}

/// Shows the bits of a scalar.
pub(super) fn show(
    kind: Kind,
    zero: Zero,
    variants: &[Variant],
    bits: u64,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let bits = kind.extend(bits);
    if !is_value(kind, zero, variants, bits) {
        return if kind.is_signed() {
            write!(f, "<corrupt: {}>", bits.cast_signed())
        } else {
            write!(f, "<corrupt: {bits}>")
        };
    }
    if let Some(variant) = variants.iter().find(|variant| variant.value == bits) {
        return f.write_str(variant.name);
    }
    if zero == Zero::Absent && bits == 0 {
        return f.write_str("None");
    }
    let number = Number { kind, bits };
    if zero == Zero::Absent {
        f.debug_tuple("Some").field(&number).finish()
    } else {
        fmt::Debug::fmt(&number, f)
    }
}

/// The bits of a valid scalar, extended, shown as a value of its kind.
struct Number {
    kind: Kind,
    bits: u64,
}

impl fmt::Debug for Number {
    #[allow(clippy::cast_possible_truncation)] // narrow numbers stand in the low bits
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.bits;
        match self.kind {
            Kind::Bool => fmt::Debug::fmt(&(bits == 1), f),
            Kind::Char => match char::from_u32(bits as u32) {
                Some(char) => fmt::Debug::fmt(&char, f),
                None => f.write_str("<unreadable>"),
            },
            Kind::U8 | Kind::U16 | Kind::U32 | Kind::U64 => fmt::Debug::fmt(&bits, f),
            Kind::I8 | Kind::I16 | Kind::I32 | Kind::I64 => fmt::Debug::fmt(&bits.cast_signed(), f),
            Kind::F32 => fmt::Debug::fmt(&f32::from_bits(bits as u32), f),
            Kind::F64 => fmt::Debug::fmt(&f64::from_bits(bits), f),
        }
    }
}
