//! The hash by which two definitions of a state are compared.

use super::entry::{Facts, Within};
use super::shape::{Body, Shape};

// FNV-1a, 64 bits (Fowler, Noll and Vo, <http://www.isthe.com/chongo/tech/comp/fnv/>): simple enough
// for a `const fn` and for any other language. It guards against mistakes, not against forgers.
pub(super) const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

pub(super) const fn fold_bytes(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(PRIME);
        i += 1;
    }
    hash
}

/// One step of the same for a whole word, rotated so that its upper bits reach the lower ones: byte by byte would take the
/// compiler too long for states of ten thousand fields.
const fn fold_word(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(29) ^ word).wrapping_mul(PRIME)
}

pub(super) const fn fold_facts(hash: u64, name: &str, facts: Facts) -> u64 {
    let mut hash = fold_bytes(hash, name.as_bytes());
    hash = fold_bytes(hash, &[0xff]); // not in UTF-8, so no name runs into what follows it
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

/// Folds the entries of `shape` in the order in which the table holds them. What has no bytes is left out, except the
/// state itself.
const fn fold_shape(
    hash: u64,
    name: &str,
    offset: usize,
    depth: u32,
    within: Within,
    shape: &Shape,
) -> u64 {
    if depth > 0 && shape.is_nothing() {
        return hash;
    }
    let mut hash = fold_facts(hash, name, Facts::of(shape, offset, depth, within));
    let (depth, within) = (depth + 1, within.below(shape));
    match shape.body {
        Body::Nothing | Body::Wide(_) | Body::Fixed { .. } | Body::Text { .. } | Body::Opaque => {}
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
            hash = fold_shape(hash, "", 0, depth, within, element);
        }
        Body::Locked { image, .. } => hash = fold_shape(hash, "", 0, depth, within, image),
        Body::Option { value } => hash = fold_shape(hash, "", 1, depth, within, value),
        Body::Struct { fields, .. } => {
            let mut i = 0;
            while i < fields.len() {
                let field = &fields[i];
                hash = fold_shape(hash, field.name, field.offset, depth, within, field.shape);
                i += 1;
            }
        }
    }
    hash
}

impl Shape {
    /// The hash of all that its table says, but for the name of the state and what people are told.
    pub(crate) const fn fingerprint(&self) -> u64 {
        fold_shape(OFFSET_BASIS, "", 0, 0, Within::Slots, self)
    }
}
