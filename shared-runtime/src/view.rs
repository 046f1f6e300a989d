//! Reading a slot by its shape, without its type: what `Debug` shows.

#![allow(unsafe_code)]

use core::fmt;
use core::marker::PhantomData;

use crate::shape::{Body, FieldShape, Kind, Shape, Variant, Zero};
use crate::slot::Slot;
use crate::sync::{AtomicU8, AtomicU16, AtomicU32, AtomicU64, Ordering};

/// Of a longer array only this many elements are shown.
const SHOWN: usize = 16;

/// Shows a slot by its shape: every field, with no bound on its type. Never panics; bytes that are no
/// value are shown as such.
#[doc(hidden)]
pub fn debug<S: Slot>(slot: &S, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let view = View {
        base: (&raw const *slot).cast(),
        len: size_of::<S>(),
        slot: PhantomData,
    };
    fmt::Debug::fmt(&Value { view, shape: S::SHAPE }, f)
}

/// The bytes of a slot.
///
/// Invariant: `base` to `base + len` are bytes of live slots for `'a`, so atomic loads from them are
/// defined.
#[derive(Clone, Copy)]
struct View<'a> {
    base: *const u8,
    len: usize,
    slot: PhantomData<&'a ()>,
}

impl<'a> View<'a> {
    fn part(self, offset: usize, len: usize) -> Option<View<'a>> {
        let end = offset.checked_add(len)?;
        (end <= self.len).then(|| View {
            base: self.base.wrapping_add(offset),
            len,
            slot: PhantomData,
        })
    }

    /// Relaxed loads: they are defined on read-only mappings too, and each value shown stands alone.
    fn load(self) -> Option<u64> {
        if !self.base.addr().is_multiple_of(self.len.max(1)) {
            return None;
        }
        Some(match self.len {
            // SAFETY: by the invariant the byte is a slot's.
            1 => u64::from(unsafe { &*self.base.cast::<AtomicU8>() }.load(Ordering::Relaxed)),
            // SAFETY: by the invariant the two bytes are a slot's, and they are aligned.
            2 => u64::from(unsafe { &*self.base.cast::<AtomicU16>() }.load(Ordering::Relaxed)),
            // SAFETY: by the invariant the four bytes are a slot's, and they are aligned.
            4 => u64::from(unsafe { &*self.base.cast::<AtomicU32>() }.load(Ordering::Relaxed)),
            // SAFETY: by the invariant the eight bytes are a slot's, and they are aligned.
            8 => unsafe { &*self.base.cast::<AtomicU64>() }.load(Ordering::Relaxed),
            _ => return None,
        })
    }
}

struct Value<'a> {
    view: View<'a>,
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
            } => match self.view.part(0, kind.size()).and_then(View::load) {
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
                        list.entry(&Value { view, shape: element });
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

/// Shows the bits of a scalar; narrow numbers stand in the low bits.
#[allow(clippy::cast_possible_truncation)] // the low bits are the number
fn scalar(
    kind: Kind,
    zero: Zero,
    variants: &[Variant],
    bits: u64,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let signed = match kind {
        Kind::I8 => i64::from((bits as u8).cast_signed()),
        Kind::I16 => i64::from((bits as u16).cast_signed()),
        Kind::I32 => i64::from((bits as u32).cast_signed()),
        _ => bits.cast_signed(),
    };
    if !variants.is_empty() {
        return match variants.iter().find(|v| v.value == signed.cast_unsigned()) {
            Some(variant) => f.write_str(variant.name),
            None => write!(f, "<corrupt: {signed}>"),
        };
    }
    match (zero, bits) {
        (Zero::Invalid, 0) => return f.write_str("<corrupt: 0>"),
        (Zero::Absent, 0) => return f.write_str("None"),
        _ => {}
    }
    if zero == Zero::Absent {
        f.write_str("Some(")?;
    }
    match kind {
        Kind::Bool => match bits {
            0 => f.write_str("false"),
            1 => f.write_str("true"),
            _ => write!(f, "<corrupt: {bits:#04x}>"),
        },
        Kind::Char => match char::from_u32(bits as u32) {
            Some(c) => fmt::Debug::fmt(&c, f),
            None => write!(f, "<corrupt: {bits:#x}>"),
        },
        Kind::U8 | Kind::U16 | Kind::U32 | Kind::U64 => fmt::Debug::fmt(&bits, f),
        Kind::I8 | Kind::I16 | Kind::I32 | Kind::I64 => fmt::Debug::fmt(&signed, f),
        Kind::F32 => fmt::Debug::fmt(&f32::from_bits(bits as u32), f),
        Kind::F64 => fmt::Debug::fmt(&f64::from_bits(bits), f),
    }?;
    if zero == Zero::Absent {
        f.write_str(")")?;
    }
    Ok(())
}
