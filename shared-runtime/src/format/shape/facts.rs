//! What the field table says of a shape, row by row, and the hash of it.

use super::{Body, LENGTH_LEN, Shape, Variant};

/// How a field is accessed: the numbers of the field table.
pub(crate) const ACCESS_NONE: u8 = 0;
pub(crate) const ACCESS_ATOMIC: u8 = 1;
pub(crate) const ACCESS_WATCHED: u8 = 2;
pub(crate) const ACCESS_LOCKED: u8 = 3;

/// Kinds of table entries that are no scalars of an atomic; an enum is `KIND_ENUM` plus its integer's kind.
pub(crate) const KIND_U128: u16 = 13;
pub(crate) const KIND_I128: u16 = 14;
pub(crate) const KIND_DURATION: u16 = 15;
pub(crate) const KIND_STRUCT: u16 = 0x100;
pub(crate) const KIND_ARRAY: u16 = 0x101;
pub(crate) const KIND_VARIANT: u16 = 0x102;
pub(crate) const KIND_OPTION: u16 = 0x103;
pub(crate) const KIND_TEXT: u16 = 0x104;
pub(crate) const KIND_LIST: u16 = 0x105;
pub(crate) const KIND_OPAQUE: u16 = 0x106;
pub(crate) const KIND_LOCKED: u16 = 0x107;
pub(crate) const KIND_ENUM: u16 = 0x200;

/// What an entry lies in, which says how it is accessed.
#[derive(Clone, Copy)]
pub(crate) enum Within {
    Slots,
    Image,
}

impl Within {
    /// What lies directly below an entry of that shape.
    pub(crate) const fn below(self, shape: &Shape) -> Within {
        match shape.body {
            Body::Locked { .. } => Within::Image,
            _ => self,
        }
    }
}

/// The facts of one table entry, apart from its name: what is hashed and what is written.
#[derive(Clone, Copy)]
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

impl Facts {
    #[allow(clippy::cast_lossless)] // `From` is not const
    pub(crate) const fn of(shape: &Shape, offset: usize, depth: u32, within: Within) -> Facts {
        let mut facts = Facts {
            kind: KIND_STRUCT,
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
        match shape.body {
            Body::Nothing | Body::Struct { .. } => facts.access = ACCESS_NONE,
            Body::Scalar {
                kind,
                zero,
                variants,
            } => {
                let base = if variants.is_empty() { 0 } else { KIND_ENUM };
                facts.kind = base + kind as u16;
                facts.zero = zero as u8;
            }
            Body::Watched { scalar, event } => {
                facts = Facts::of(scalar, offset, depth, within);
                facts.access = ACCESS_WATCHED;
                facts.size = shape.size as u64;
                facts.value = event as u64;
            }
            Body::Array { count, stride, .. } => {
                facts.kind = KIND_ARRAY;
                facts.access = ACCESS_NONE;
                facts.count = count as u64;
                facts.stride = stride as u64;
            }
            Body::Locked {
                count,
                offset,
                stride,
                ..
            } => {
                facts.kind = KIND_LOCKED;
                facts.access = ACCESS_LOCKED;
                facts.count = count as u64;
                facts.stride = stride as u64;
                facts.value = offset as u64;
            }
            Body::Wide { signed } => facts.kind = if signed { KIND_I128 } else { KIND_U128 },
            Body::Duration => facts.kind = KIND_DURATION,
            Body::Fixed { kind } => facts.kind = kind.number,
            Body::Option { .. } => facts.kind = KIND_OPTION,
            Body::Text { capacity } => {
                facts.kind = KIND_TEXT;
                facts.count = capacity as u64;
                facts.stride = 1;
                facts.value = LENGTH_LEN as u64;
            }
            Body::List {
                capacity, stride, ..
            } => {
                facts.kind = KIND_LIST;
                facts.count = capacity as u64;
                facts.stride = stride as u64;
                facts.value = LENGTH_LEN as u64;
            }
            Body::Opaque => facts.kind = KIND_OPAQUE,
        }
        facts
    }

    pub(crate) const fn of_variant(variant: &Variant, depth: u32) -> Facts {
        Facts {
            kind: KIND_VARIANT,
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

// FNV-1a, 64 bits (Fowler, Noll and Vo, <http://www.isthe.com/chongo/tech/comp/fnv/>): simple enough
// for a `const fn` and for any other language. It guards against mistakes, not against forgers.
pub(crate) const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

pub(crate) const fn fold_bytes(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(PRIME);
        i += 1;
    }
    hash
}

/// One step of the same for a whole word, turned so that its upper bits reach the lower ones: byte by byte,
/// the compiler would have too long to do for states of ten thousand fields.
const fn fold_word(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(29) ^ word).wrapping_mul(PRIME)
}

pub(crate) const fn fold_facts(hash: u64, name: &str, facts: Facts) -> u64 {
    let mut hash = fold_bytes(hash, name.as_bytes());
    hash = fold_bytes(hash, &[0xff]); // in no UTF-8, so no name runs into what follows it
    let first = facts.kind as u64
        | (facts.access as u64) << 16
        | (facts.zero as u64) << 24
        | (facts.depth as u64) << 32;
    hash = fold_word(hash, first);
    hash = fold_word(hash, facts.offset);
    hash = fold_word(hash, facts.size);
    hash = fold_word(hash, facts.count);
    hash = fold_word(hash, facts.stride);
    fold_word(hash, facts.value)
}

/// Folds the entries of `shape` in the order in which the table holds them.
pub(crate) const fn fold_shape(
    hash: u64,
    name: &str,
    offset: usize,
    depth: u32,
    within: Within,
    shape: &Shape,
) -> u64 {
    let mut hash = fold_facts(hash, name, Facts::of(shape, offset, depth, within));
    let (depth, within) = (depth + 1, within.below(shape));
    match shape.body {
        Body::Nothing
        | Body::Wide { .. }
        | Body::Duration
        | Body::Fixed { .. }
        | Body::Text { .. }
        | Body::Opaque => {}
        Body::Scalar { .. } | Body::Watched { .. } => {
            let variants = shape.variants();
            let mut i = 0;
            while i < variants.len() {
                let facts = Facts::of_variant(&variants[i], depth);
                hash = fold_facts(hash, variants[i].name, facts);
                i += 1;
            }
        }
        Body::Array { element, .. } | Body::List { element, .. } => {
            hash = fold_part(hash, "", 0, depth, within, element);
        }
        Body::Locked { image, .. } => hash = fold_part(hash, "", 0, depth, within, image),
        Body::Option { value } => hash = fold_part(hash, "", 1, depth, within, value),
        Body::Struct { fields, .. } => {
            let mut i = 0;
            while i < fields.len() {
                let field = &fields[i];
                hash = fold_part(hash, field.name, field.offset, depth, within, field.shape);
                i += 1;
            }
        }
    }
    hash
}

/// What has no bytes is left out.
const fn fold_part(
    hash: u64,
    name: &str,
    offset: usize,
    depth: u32,
    within: Within,
    shape: &Shape,
) -> u64 {
    if shape.is_nothing() {
        hash
    } else {
        fold_shape(hash, name, offset, depth, within, shape)
    }
}
