//! What describes the bytes of a value: the shape of a type that is known at compile time, or an entry of a field table.

use crate::format::entry::Facts;
use crate::format::kind::{EntryKind, Zero};
use crate::format::shape::Shape;

/// The description of a value, or of a part of one: a node of a tree.
///
/// `'n` is how long its names live.
pub(crate) trait Node<'n>: Copy {
    /// What its row in a field table says; `None` for what has no bytes, and so no row.
    fn facts(self) -> Option<Facts>;

    /// The element of an array or list, the value of an option, or what lies in the images of a lock-guarded slot.
    fn inner(self) -> Self;

    /// The fields of a struct, in order: name, offset, and what the field is.
    fn fields(self) -> impl Iterator<Item = (&'n str, usize, Self)>;

    /// The variants of an enum: name, and the number that is stored (sign-extended).
    fn variants(self) -> impl Iterator<Item = (&'n str, u64)>;

    /// The name of the variant of an enum that is stored as that number.
    fn variant(self, bits: u64) -> Option<&'n str> {
        let mut variants = self.variants();
        variants.find_map(|(name, value)| (value == bits).then_some(name))
    }

    fn is_nothing(self) -> bool {
        self.facts().is_none()
    }

    /// What it is; `None` if it has no bytes.
    fn kind(self) -> Option<EntryKind> {
        EntryKind::of(self.facts()?.kind)
    }

    /// In bytes.
    fn size(self) -> usize {
        self.facts().map_or(0, |facts| index(facts.size))
    }

    /// How many elements an array has, or bytes a text or elements a list may have.
    fn count(self) -> usize {
        self.facts().map_or(0, |facts| index(facts.count))
    }

    /// The distance between elements, or between images.
    fn stride(self) -> usize {
        self.facts().map_or(0, |facts| index(facts.stride))
    }

    /// What a zero means in a scalar.
    fn zero(self) -> Zero {
        self.facts().map_or(Zero::Number, |facts| facts.zero())
    }

    /// Whether it is a struct whose fields have numbers for names.
    fn is_tuple(self) -> bool {
        self.fields().next().is_some_and(|(name, ..)| name == "0")
    }
}

/// A number of a row, which describes memory.
pub(crate) fn index(n: u64) -> usize {
    usize::try_from(n).expect("checked against the length of a mapping")
}

impl Node<'static> for &'static Shape {
    fn facts(self) -> Option<Facts> {
        (!Shape::is_nothing(self)).then_some(self.facts)
    }

    fn inner(self) -> Self {
        let inner = self.inner.as_ref();
        inner.map_or(&Shape::NOTHING, |inner| inner.shape)
    }

    fn fields(self) -> impl Iterator<Item = (&'static str, usize, Self)> {
        let fields = self.fields.iter();
        fields.map(|field| (field.name, field.offset, field.shape))
    }

    fn variants(self) -> impl Iterator<Item = (&'static str, u64)> {
        let variants = self.variants.iter();
        variants.map(|variant| (variant.name, variant.value))
    }
}
