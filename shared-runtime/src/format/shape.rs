//! The compile-time description of a slot or image.
//!
//! Each slot type has a `const SHAPE`, and each type that can lie in an image; the shape of a struct names
//! those of its fields, so a whole state is one static tree. The field table in a segment is this tree
//! written out (see [`table`](super::table)), and the fingerprint is a hash of the same facts.

use core::slice;

use super::entry::Facts;
use super::fixed::FixedKind;
use super::kind::{EntryKind, Wide};
pub use super::kind::{Kind, Variant, Zero};

/// What a slot, or a part of an image, is: its size and what its bytes mean.
#[doc(hidden)]
#[derive(Debug)]
pub struct Shape {
    /// `None` for what has no bytes, and so no row in the table.
    pub(crate) kind: Option<EntryKind>,
    /// Its row in the table, but for its place.
    pub(crate) facts: Facts,
    /// The element of an array or list, the value of an option, the image of a lock-guarded slot.
    pub(crate) inner: Option<FieldShape>,
    /// Of a struct.
    pub(crate) fields: &'static [FieldShape],
    /// Of an enum.
    pub(crate) variants: &'static [Variant],
    /// Of a struct.
    pub(crate) name: &'static str,
    /// What is known of it and of all that it is made of: some of the bits below.
    traits: u8,
}

/// It is an integer or a float that may be 0, or made of those.
const NUMBER: u8 = 1;
/// There are bytes that are not a value.
const CHECKED: u8 = 1 << 1;
/// There is a lock-guarded slot in it.
const LOCK: u8 = 1 << 2;
/// There is a text or list in it, which a value may not fit.
const CAPACITY: u8 = 1 << 3;

/// Where the bytes of a text, and the elements of a list, start: behind the length.
pub(crate) const LENGTH_LEN: usize = 4;

/// One field of a struct's shape.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct FieldShape {
    pub(crate) name: &'static str,
    pub(crate) offset: usize,
    pub(crate) shape: &'static Shape,
    /// What people are told of it, or empty. It is in the field table, and no part of the fingerprint, as is the next.
    pub(super) help: &'static str,
    /// It is a number that only grows.
    pub(super) counter: bool,
}

impl Shape {
    /// A slot of no bytes, which is left out of the table.
    pub const NOTHING: Shape = Shape {
        kind: None,
        facts: Facts::of(EntryKind::Struct, 0),
        inner: None,
        fields: &[],
        variants: &[],
        name: "",
        traits: 0,
    };

    const fn new(kind: EntryKind, size: usize, traits: u8) -> Shape {
        Shape {
            kind: Some(kind),
            facts: Facts::of(kind, size),
            traits,
            ..Shape::NOTHING
        }
    }

    /// As it is, with `count` parts from `offset` on, `stride` bytes apart.
    const fn with_parts(mut self, count: usize, stride: usize, offset: usize) -> Shape {
        self.facts.count = count as u64;
        self.facts.stride = stride as u64;
        self.facts.value = offset as u64;
        self
    }

    /// As it is, made of `inner`, whose row has that offset.
    const fn made_of(mut self, offset: usize, inner: &'static Shape) -> Shape {
        self.inner = Some(FieldShape::new("", offset, inner));
        self
    }

    #[must_use]
    pub const fn scalar(kind: Kind, zero: Zero) -> Shape {
        let traits = match (kind, zero) {
            (Kind::Bool | Kind::Char, _) | (_, Zero::Invalid) => CHECKED,
            (_, Zero::Absent) => 0,
            (_, Zero::Number) => NUMBER,
        };
        let mut shape = Shape::new(EntryKind::Scalar(kind), kind.size(), traits);
        shape.facts.zero = zero as u8;
        shape
    }

    /// A fieldless enum, stored as the integer `kind`.
    ///
    /// # Panics
    ///
    /// At compile time, if there is no variant.
    #[must_use]
    pub const fn enumeration(kind: Kind, variants: &'static [Variant]) -> Shape {
        assert!(!variants.is_empty(), "an enum has at least one variant");
        let mut shape = Shape::new(EntryKind::Enum(kind), kind.size(), CHECKED);
        shape.variants = variants;
        shape
    }

    /// A slot of `size` bytes that starts with a scalar of the shape `scalar` and has at `event` the word on which waiters
    /// for a change sleep.
    ///
    /// # Panics
    ///
    /// At compile time, if the two overlap.
    pub(crate) const fn watched(scalar: &'static Shape, size: usize, event: usize) -> Shape {
        assert!(scalar.size() <= event && event + size_of::<u32>() <= size);
        Shape {
            facts: scalar.facts.watched(size, event),
            ..*scalar
        }
    }

    /// `count` slots of the shape `element`, `stride` bytes apart.
    ///
    /// # Panics
    ///
    /// At compile time, if the elements overlap.
    #[must_use]
    pub const fn array(count: usize, stride: usize, element: &'static Shape) -> Shape {
        assert!(element.size() <= stride, "elements do not overlap");
        let size = count * stride;
        if element.size() == 0 {
            return Shape {
                facts: Facts::of(EntryKind::Struct, size),
                ..Shape::NOTHING
            };
        }
        Shape::new(EntryKind::Array, size, element.traits)
            .with_parts(count, stride, 0)
            .made_of(0, element)
    }

    /// A struct of `fields`, in a slots struct of `size` bytes and `align`.
    ///
    /// # Panics
    ///
    /// At compile time, if the fields overlap or the alignment is more than a segment gives.
    #[must_use]
    pub const fn structure(
        name: &'static str,
        size: usize,
        align: usize,
        fields: &'static [FieldShape],
    ) -> Shape {
        assert!(align <= SLOTS_ALIGN, "a segment aligns its slots to 64");
        Shape::of_fields(name, size, fields, false)
    }

    /// A struct in an image of `size` bytes: `fields` one behind the other.
    ///
    /// # Panics
    ///
    /// At compile time, if the image has an alignment or padding.
    #[must_use]
    pub const fn image(
        name: &'static str,
        size: usize,
        align: usize,
        fields: &'static [FieldShape],
    ) -> Shape {
        assert!(align == 1, "an image has no alignment");
        Shape::of_fields(name, size, fields, true)
    }

    const fn of_fields(
        name: &'static str,
        size: usize,
        fields: &'static [FieldShape],
        packed: bool,
    ) -> Shape {
        let (mut end, mut traits) = (0, 0);
        let mut i = 0;
        while i < fields.len() {
            let FieldShape { offset, shape, .. } = fields[i];
            assert!(end <= offset, "fields do not overlap");
            assert!(!packed || end == offset, "an image has no padding");
            end = offset + shape.size();
            traits |= shape.traits;
            i += 1;
        }
        assert!(end <= size, "fields lie within their struct");
        assert!(!packed || end == size, "an image has no padding");
        Shape {
            fields,
            name,
            ..Shape::new(EntryKind::Struct, size, traits & !NUMBER)
        }
    }

    /// A lock-guarded slot of `size` bytes, with `count` images of `image_len` bytes from `offset` on, of which one is
    /// current.
    ///
    /// # Panics
    ///
    /// At compile time, if the images overlap or are not as `image` says.
    pub(crate) const fn locked(
        size: usize,
        count: usize,
        offset: usize,
        stride: usize,
        image_len: usize,
        image: &'static Shape,
    ) -> Shape {
        assert!(
            image.size() == image_len,
            "the shape of an image has its size"
        );
        assert!(image_len <= stride && offset + count * stride <= size);
        Shape::new(EntryKind::Locked, size, image.traits | LOCK)
            .with_parts(count, stride, offset)
            .made_of(0, image)
    }

    pub(crate) const fn wide(kind: Wide) -> Shape {
        let traits = match kind {
            Wide::U128 | Wide::I128 => NUMBER,
            Wide::Duration => CHECKED,
        };
        Shape::new(EntryKind::Wide(kind), kind.size(), traits)
    }

    /// Of a kind that has a text of its own; also a slot, if it has 4 or 8 bytes.
    pub(crate) const fn fixed(kind: &'static FixedKind) -> Shape {
        let traits = if kind.may_be_invalid { CHECKED } else { 0 };
        Shape::new(EntryKind::Fixed(kind), kind.size, traits)
    }

    /// A byte, 0 or 1, and behind it the value.
    pub(crate) const fn option(value: &'static Shape) -> Shape {
        let traits = value.traits & !NUMBER | CHECKED;
        Shape::new(EntryKind::Option, 1 + value.size(), traits).made_of(1, value)
    }

    /// A length in 32 bits, and behind it the bytes.
    pub(crate) const fn text(capacity: usize) -> Shape {
        Shape::with_length(EntryKind::Text, capacity, 1)
    }

    /// A length in 32 bits, and behind it the elements.
    pub(crate) const fn list(capacity: usize, stride: usize, element: &'static Shape) -> Shape {
        assert!(element.size() == stride, "elements lie close together");
        Shape::with_length(EntryKind::List, capacity, stride).made_of(0, element)
    }

    const fn with_length(kind: EntryKind, capacity: usize, stride: usize) -> Shape {
        assert!(
            capacity <= u32::MAX as usize,
            "a capacity is at most 4294967295"
        );
        Shape::new(kind, LENGTH_LEN + capacity * stride, CHECKED | CAPACITY)
            .with_parts(capacity, stride, LENGTH_LEN)
    }

    /// Bytes of which nothing is known.
    pub(crate) const fn opaque(size: usize) -> Shape {
        Shape::new(EntryKind::Opaque, size, 0)
    }

    /// The bytes that a slot of this shape takes (less the padding of `cache_padded`).
    #[must_use]
    #[allow(clippy::cast_possible_truncation)] // it was a `usize`
    pub const fn size(&self) -> usize {
        self.facts.size as usize
    }

    /// The distance between elements, or between images.
    #[allow(clippy::cast_possible_truncation)] // it was a `usize`
    pub(crate) const fn stride(&self) -> usize {
        self.facts.stride as usize
    }

    pub(crate) const fn is_nothing(&self) -> bool {
        self.kind.is_none()
    }

    /// Whether it is of a kind that has a text of its own. How its type lies in memory is not known.
    pub(crate) const fn is_fixed(&self) -> bool {
        matches!(self.kind, Some(EntryKind::Fixed(_)))
    }

    /// Whether there are bytes that are not a value.
    pub(crate) const fn may_be_invalid(&self) -> bool {
        self.traits & CHECKED != 0
    }

    /// Whether there is a lock-guarded slot in it.
    pub(crate) const fn has_lock(&self) -> bool {
        self.traits & LOCK != 0
    }

    /// Whether there is a text or list in it, which a value may not fit.
    pub(crate) const fn has_capacity(&self) -> bool {
        self.traits & CAPACITY != 0
    }

    /// What lies directly below it: the fields of a struct, or the one part that it is made of.
    pub(crate) const fn parts(&self) -> &[FieldShape] {
        match &self.inner {
            Some(inner) => slice::from_ref(inner),
            None => self.fields,
        }
    }
}

impl FieldShape {
    #[must_use]
    pub const fn new(name: &'static str, offset: usize, shape: &'static Shape) -> Self {
        FieldShape::described(name, offset, shape, "", false)
    }

    /// As [`new`](Self::new), with what people are told of the field.
    ///
    /// # Panics
    ///
    /// At compile time, if `counter` is given for what is not a number.
    #[must_use]
    pub const fn described(
        name: &'static str,
        offset: usize,
        shape: &'static Shape,
        help: &'static str,
        counter: bool,
    ) -> Self {
        assert!(
            !counter || shape.traits & NUMBER != 0,
            "`counter` is for integers and floats, and arrays of them"
        );
        FieldShape {
            name,
            offset,
            shape,
            help,
            counter,
        }
    }
}

/// The alignment of the slots in a segment, and so the largest that a slot may have: a cache line.
pub(crate) const SLOTS_ALIGN: usize = 64;
