//! Reading a slot by its shape, without its type: what `Debug` shows, and whether it is valid.

#![allow(unsafe_code)]

use core::fmt;

use crate::error::Corrupt;
use crate::region::Region;
use crate::shape::{Body, FieldShape, Kind, Shape, Variant, Zero};
use crate::slot::Slot;

/// Fails at the first field whose bytes are no value, without copying any.
pub(crate) fn check<S: Slot>(slot: &S) -> Result<(), Corrupt> {
    check_region(region(slot), S::SHAPE)
}

fn check_region(region: Region<'_>, shape: &'static Shape) -> Result<(), Corrupt> {
    if !shape.may_be_invalid() {
        return Ok(());
    }
    let check_part = |offset, shape: &'static Shape| match region.part(offset, shape.size()) {
        Some(part) => check_region(part, shape),
        None => Ok(()),
    };
    match shape.body {
        Body::Nothing => Ok(()),
        Body::Scalar {
            kind,
            zero,
            variants,
        } => {
            let bits = kind.extend(region.load().unwrap_or(0));
            if is_value(kind, zero, variants, bits) {
                Ok(())
            } else {
                Err(Corrupt::new(shape, bits))
            }
        }
        Body::Array {
            count,
            stride,
            element,
        } => (0..count).try_for_each(|i| {
            check_part(i * stride, element).map_err(|corrupt| corrupt.at_index(i))
        }),
        Body::Struct { fields, .. } => fields.iter().try_for_each(|field| {
            check_part(field.offset, field.shape).map_err(|corrupt| corrupt.in_field(field.name))
        }),
    }
}

fn region<S: Slot>(slot: &S) -> Region<'_> {
    // SAFETY: the bytes of a slot are accessed atomically, and live as long as the borrow.
    unsafe { Region::new((&raw const *slot).cast(), size_of::<S>()) }
}

#[allow(clippy::cast_possible_truncation)] // a char has 32 bits
fn is_value(kind: Kind, zero: Zero, variants: &[Variant], bits: u64) -> bool {
    match kind {
        _ if !variants.is_empty() => variants.iter().any(|variant| variant.value == bits),
        Kind::Bool => bits <= 1,
        Kind::Char => char::from_u32(bits as u32).is_some(),
        _ => zero != Zero::Invalid || bits != 0,
    }
}

/// Of a longer array only this many elements are shown.
const SHOWN: usize = 16;

/// Shows a slot by its shape: every field, with no bound on its type. Never panics; bytes that are no
/// value are shown as such.
#[doc(hidden)]
pub fn debug<S: Slot>(slot: &S, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (view, shape) = (region(slot), S::SHAPE);
    fmt::Debug::fmt(&Value { view, shape }, f)
}

struct Value<'a> {
    view: Region<'a>,
    shape: &'static Shape,
}

impl<'a> Value<'a> {
    fn field(&self, field: &FieldShape) -> Option<Value<'a>> {
        let view = self.view.part(field.offset, field.shape.size())?;
        Some(Value {
            view,
            shape: field.shape,
        })
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.shape.body {
            Body::Nothing => f.write_str("()"),
            Body::Scalar {
                kind,
                zero,
                variants,
            } => match self.view.part(0, kind.size()).and_then(Region::load) {
                Some(bits) => scalar(kind, zero, variants, bits, f),
                None => f.write_str("<unreadable>"),
            },
            Body::Array {
                count,
                stride,
                element,
            } => {
                let mut list = f.debug_list();
                for i in 0..count.min(SHOWN) {
                    if let Some(view) = self.view.part(i * stride, element.size()) {
                        list.entry(&Value {
                            view,
                            shape: element,
                        });
                    }
                }
                if count > SHOWN {
                    list.entry(&format_args!("… {} more", count - SHOWN));
                }
                list.finish()
            }
            Body::Struct { name, fields } => {
                // The fields of a tuple struct are named by number.
                if fields.first().is_some_and(|first| first.name == "0") {
                    let mut tuple = f.debug_tuple(name);
                    for value in fields.iter().filter_map(|field| self.field(field)) {
                        tuple.field(&value);
                    }
                    tuple.finish()
                } else if fields.is_empty() {
                    f.write_str(name)
                } else {
                    let mut named = f.debug_struct(name);
                    for field in fields {
                        if let Some(value) = self.field(field) {
                            named.field(field.name, &value);
                        }
                    }
                    named.finish()
                }
            }
        }
    }
}

/// Shows the bits of a scalar.
fn scalar(
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
