//! The hash by which two definitions of a state are compared.

use super::entry::Facts;
use super::kind::EntryKind;
use super::shape::{FieldShape, Shape};

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

/// Folds the entries of a part in the order in which the table holds them. What has no bytes is left out, except the state
/// itself.
const fn fold_part(hash: u64, part: FieldShape, depth: u32, in_image: bool) -> u64 {
    let FieldShape { offset, shape, .. } = part;
    if depth > 0 && shape.is_nothing() {
        return hash;
    }
    let mut hash = fold_facts(hash, part.name, shape.facts.at(offset, depth, in_image));
    let (mut i, variants) = (0, shape.variants);
    while i < variants.len() {
        let facts = Facts::of_variant(&variants[i], depth + 1);
        hash = fold_facts(hash, variants[i].name, facts);
        i += 1;
    }
    let in_image = in_image || matches!(shape.kind, Some(EntryKind::Locked));
    let (mut i, parts) = (0, shape.parts());
    while i < parts.len() {
        hash = fold_part(hash, parts[i], depth + 1, in_image);
        i += 1;
    }
    hash
}

impl Shape {
    /// The hash of all that its table says, but for the name of the state and what people are told.
    pub(crate) const fn fingerprint(&'static self) -> u64 {
        fold_part(OFFSET_BASIS, FieldShape::new("", 0, self), 0, false)
    }
}
