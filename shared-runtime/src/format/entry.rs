//! What one row of the field table says, apart from its name and what people are told: the part that is hashed.

#![allow(unsafe_code)]

use bytemuck::{Pod, Zeroable};

use super::kind::{EntryKind, Variant};
use super::shape::{Body, LENGTH_LEN, Shape};

/// How a field is accessed: the numbers of the field table.
pub(crate) const ACCESS_NONE: u8 = 0;
pub(crate) const ACCESS_ATOMIC: u8 = 1;
pub(crate) const ACCESS_WATCHED: u8 = 2;
pub(crate) const ACCESS_LOCKED: u8 = 3;

/// What a row lies in, which says how it is accessed.
#[derive(Clone, Copy)]
pub(crate) enum Within {
    Slots,
    Image,
}

impl Within {
    /// What lies directly below a row of that shape.
    pub(super) const fn below(self, shape: &Shape) -> Within {
        match shape.body {
            Body::Locked { .. } => Within::Image,
            _ => self,
        }
    }
}

/// In the form in which they lie in the segment.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Facts {
    pub kind: u16,
    pub access: u8,
    pub zero: u8,
    pub depth: u32,
    pub offset: u64,
    pub size: u64,
    pub count: u64,
    pub stride: u64,
    pub value: u64,
}

// SAFETY: all fields may be zero.
unsafe impl Zeroable for Facts {}
// SAFETY: integers, in an order that leaves no padding: their sizes add up to that of the struct.
unsafe impl Pod for Facts {}

impl Facts {
    pub(crate) const fn of(shape: &Shape, offset: usize, depth: u32, within: Within) -> Facts {
        let mut facts = Facts {
            kind: EntryKind::Struct.number(),
            access: match within {
                Within::Slots => ACCESS_ATOMIC,
                Within::Image => ACCESS_LOCKED,
            },
            zero: 0,
            depth,
            offset: offset as u64,
            size: shape.size as u64,
            count: 1,
            stride: 0,
            value: 0,
        };
        let kind = match shape.body {
            Body::Nothing | Body::Struct { .. } => {
                facts.access = ACCESS_NONE;
                EntryKind::Struct
            }
            Body::Scalar {
                kind,
                zero,
                variants,
            } => {
                facts.zero = zero as u8;
                if variants.is_empty() {
                    EntryKind::Scalar(kind)
                } else {
                    EntryKind::Enum(kind)
                }
            }
            Body::Watched { scalar, event } => {
                let scalar = Facts::of(scalar, offset, depth, within);
                return Facts {
                    access: ACCESS_WATCHED,
                    size: shape.size as u64,
                    value: event as u64,
                    ..scalar
                };
            }
            Body::Array { count, stride, .. } => {
                facts.access = ACCESS_NONE;
                facts.count = count as u64;
                facts.stride = stride as u64;
                EntryKind::Array
            }
            Body::Locked {
                count,
                offset,
                stride,
                ..
            } => {
                facts.access = ACCESS_LOCKED;
                facts.count = count as u64;
                facts.stride = stride as u64;
                facts.value = offset as u64;
                EntryKind::Locked
            }
            Body::Wide(kind) => EntryKind::Wide(kind),
            Body::Fixed { kind } => EntryKind::Fixed(kind),
            Body::Option { .. } => EntryKind::Option,
            Body::Text { capacity } => {
                facts.count = capacity as u64;
                facts.stride = 1;
                facts.value = LENGTH_LEN as u64;
                EntryKind::Text
            }
            Body::List {
                capacity, stride, ..
            } => {
                facts.count = capacity as u64;
                facts.stride = stride as u64;
                facts.value = LENGTH_LEN as u64;
                EntryKind::List
            }
            Body::Opaque => EntryKind::Opaque,
        };
        facts.kind = kind.number();
        facts
    }

    pub(super) const fn of_variant(variant: &Variant, depth: u32) -> Facts {
        Facts {
            kind: EntryKind::Variant.number(),
            access: ACCESS_NONE,
            zero: 0,
            depth,
            offset: 0,
            size: 0,
            count: 1,
            stride: 0,
            value: variant.value,
        }
    }
}
