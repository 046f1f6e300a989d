//! The compile-time description of a slot or image.
//!
//! Each slot type has a `const SHAPE`, and each type that can lie in an image; the shape of a struct names
//! those of its fields, so a whole state is one static tree. The field table in a segment is this tree
//! written out (see [`table`](super::table)), and the fingerprint is a hash of the same facts.

use super::fixed::FixedKind;
use super::kind::Wide;
pub use super::kind::{Kind, Variant, Zero};

/// What a slot, or a part of an image, is: its size and what its bytes mean.
#[doc(hidden)]
#[derive(Debug)]
pub struct Shape {
    pub(crate) size: usize,
    pub(crate) body: Body,
    traits: Traits,
}

/// What is known of a shape and of all that it is made of, as bits that can be united.
#[derive(Clone, Copy, Debug)]
struct Traits(u8);

impl Traits {
    const NONE: Traits = Traits(0);
    /// It is an integer or a float that may be 0, or made of those.
    const NUMBER: Traits = Traits(1);
    /// There are bytes that are not a value.
    const CHECKED: Traits = Traits(1 << 1);
    /// There is a lock-guarded slot in it.
    const LOCK: Traits = Traits(1 << 2);
    /// There is a text or list in it, which a value may not fit.
    const CAPACITY: Traits = Traits(1 << 3);

    const fn and(self, more: Traits) -> Traits {
        Traits(self.0 | more.0)
    }

    const fn without(self, less: Traits) -> Traits {
        Traits(self.0 & !less.0)
    }

    const fn has(self, one: Traits) -> bool {
        self.0 & one.0 != 0
    }

    /// Those of a struct with these fields.
    const fn of(fields: &[FieldShape]) -> Traits {
        let mut all = Traits::NONE;
        let mut i = 0;
        while i < fields.len() {
            all = all.and(fields[i].shape.traits);
            i += 1;
        }
        all.without(Traits::NUMBER)
    }
}

#[derive(Debug)]
pub(crate) enum Body {
    Nothing,
    Scalar {
        kind: Kind,
        zero: Zero,
        variants: &'static [Variant],
    },
    /// A scalar, and at `event` the word that waiters for a change sleep on.
    Watched {
        scalar: &'static Shape,
        event: usize,
    },
    Array {
        count: usize,
        stride: usize,
        element: &'static Shape,
    },
    Struct {
        name: &'static str,
        fields: &'static [FieldShape],
    },
    /// A lock-guarded slot: its images, of which one is current.
    Locked {
        count: usize,
        /// Of the first image.
        offset: usize,
        stride: usize,
        image: &'static Shape,
    },
    /// In an image only, as all that follow.
    Wide(Wide),
    /// Of a kind that has a text of its own; also a slot, if it has 4 or 8 bytes.
    Fixed {
        kind: &'static FixedKind,
    },
    /// A byte, 0 or 1, and behind it the value.
    Option {
        value: &'static Shape,
    },
    /// A length in 32 bits, and behind it the bytes.
    Text {
        capacity: usize,
    },
    /// A length in 32 bits, and behind it the elements.
    List {
        capacity: usize,
        stride: usize,
        element: &'static Shape,
    },
    /// Bytes of which nothing is known.
    Opaque,
}

/// Where the bytes of a text, and the elements of a list, start: behind the length.
pub(crate) const LENGTH_LEN: usize = 4;

/// One field of a struct's shape.
#[doc(hidden)]
#[derive(Debug)]
pub struct FieldShape {
    pub(crate) name: &'static str,
    pub(crate) offset: usize,
    pub(crate) shape: &'static Shape,
    pub(crate) about: About,
}

/// What people are told of a field. It is in the field table, and no part of the fingerprint.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct About {
    /// Empty for none.
    pub help: &'static str,
    /// It is a number that only grows.
    pub counter: bool,
}

impl About {
    pub(crate) const NOTHING: About = About {
        help: "",
        counter: false,
    };
}

impl Shape {
    /// A slot of no bytes, which is left out of the table.
    pub const NOTHING: Shape = Shape {
        size: 0,
        body: Body::Nothing,
        traits: Traits::NONE,
    };

    #[must_use]
    pub const fn scalar(kind: Kind, zero: Zero) -> Shape {
        Shape {
            size: kind.size(),
            body: Body::Scalar {
                kind,
                zero,
                variants: &[],
            },
            traits: match (kind, zero) {
                (Kind::Bool | Kind::Char, _) | (_, Zero::Invalid) => Traits::CHECKED,
                (_, Zero::Absent) => Traits::NONE,
                (_, Zero::Number) => Traits::NUMBER,
            },
        }
    }

    /// A fieldless enum, stored as the integer `kind`.
    ///
    /// # Panics
    ///
    /// At compile time, if there is no variant.
    #[must_use]
    pub const fn enumeration(kind: Kind, variants: &'static [Variant]) -> Shape {
        assert!(!variants.is_empty(), "an enum has at least one variant");
        Shape {
            size: kind.size(),
            body: Body::Scalar {
                kind,
                zero: Zero::Number,
                variants,
            },
            traits: Traits::CHECKED,
        }
    }

    /// A slot of `size` bytes that starts with a scalar of the shape `scalar` and has an event word at `event`.
    ///
    /// # Panics
    ///
    /// At compile time, if the two overlap.
    pub(crate) const fn watched(scalar: &'static Shape, size: usize, event: usize) -> Shape {
        assert!(scalar.size <= event && event + size_of::<u32>() <= size);
        Shape {
            size,
            body: Body::Watched { scalar, event },
            traits: scalar.traits,
        }
    }

    /// `count` slots of the shape `element`, `stride` bytes apart.
    ///
    /// # Panics
    ///
    /// At compile time, if the elements overlap.
    #[must_use]
    pub const fn array(count: usize, stride: usize, element: &'static Shape) -> Shape {
        assert!(element.size <= stride, "elements do not overlap");
        if element.size == 0 {
            return Shape {
                size: count * stride,
                ..Shape::NOTHING
            };
        }
        Shape {
            size: count * stride,
            body: Body::Array {
                count,
                stride,
                element,
            },
            traits: element.traits,
        }
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
        let mut end = 0;
        let mut i = 0;
        while i < fields.len() {
            assert!(end <= fields[i].offset, "fields do not overlap");
            end = fields[i].offset + fields[i].shape.size;
            i += 1;
        }
        assert!(end <= size, "fields lie within their struct");
        Shape {
            size,
            body: Body::Struct { name, fields },
            traits: Traits::of(fields),
        }
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
        let mut end = 0;
        let mut i = 0;
        while i < fields.len() {
            assert!(end == fields[i].offset, "an image has no padding");
            end += fields[i].shape.size;
            i += 1;
        }
        assert!(end == size, "an image has no padding");
        Shape {
            size,
            body: Body::Struct { name, fields },
            traits: Traits::of(fields),
        }
    }

    /// A lock-guarded slot of `size` bytes, with `count` images of `image_len` bytes from `offset` on.
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
            image.size == image_len,
            "the shape of an image has its size"
        );
        assert!(image_len <= stride && offset + count * stride <= size);
        Shape {
            size,
            body: Body::Locked {
                count,
                offset,
                stride,
                image,
            },
            traits: image.traits.and(Traits::LOCK),
        }
    }

    pub(crate) const fn wide(kind: Wide) -> Shape {
        Shape {
            size: kind.size(),
            body: Body::Wide(kind),
            traits: match kind {
                Wide::U128 | Wide::I128 => Traits::NUMBER,
                Wide::Duration => Traits::CHECKED,
            },
        }
    }

    /// Whether it is of a kind that has a text of its own. How its type lies in memory is not known.
    pub(crate) const fn is_fixed(&self) -> bool {
        matches!(self.body, Body::Fixed { .. })
    }

    pub(crate) const fn fixed(kind: &'static FixedKind) -> Shape {
        Shape {
            size: kind.size,
            body: Body::Fixed { kind },
            traits: if kind.may_be_invalid {
                Traits::CHECKED
            } else {
                Traits::NONE
            },
        }
    }

    pub(crate) const fn option(value: &'static Shape) -> Shape {
        Shape {
            size: 1 + value.size,
            body: Body::Option { value },
            traits: value.traits.without(Traits::NUMBER).and(Traits::CHECKED),
        }
    }

    pub(crate) const fn text(capacity: usize) -> Shape {
        assert!(capacity <= MOST, "a capacity is at most 4294967295");
        Shape {
            size: LENGTH_LEN + capacity,
            body: Body::Text { capacity },
            traits: Traits::CHECKED.and(Traits::CAPACITY),
        }
    }

    pub(crate) const fn list(capacity: usize, stride: usize, element: &'static Shape) -> Shape {
        assert!(capacity <= MOST, "a capacity is at most 4294967295");
        assert!(element.size == stride, "elements lie close together");
        Shape {
            size: LENGTH_LEN + capacity * stride,
            body: Body::List {
                capacity,
                stride,
                element,
            },
            traits: Traits::CHECKED.and(Traits::CAPACITY),
        }
    }

    pub(crate) const fn opaque(size: usize) -> Shape {
        Shape {
            size,
            body: Body::Opaque,
            traits: Traits::NONE,
        }
    }

    /// The bytes that a slot of this shape takes (less the padding of `cache_padded`).
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    pub(crate) const fn is_nothing(&self) -> bool {
        matches!(self.body, Body::Nothing)
    }

    /// Whether it is an integer or a float that may be 0, or made of those.
    const fn is_number(&self) -> bool {
        self.traits.has(Traits::NUMBER)
    }

    /// Whether there are bytes that are not a value.
    pub(crate) const fn may_be_invalid(&self) -> bool {
        self.traits.has(Traits::CHECKED)
    }

    /// Whether there is a lock-guarded slot in it.
    pub(crate) const fn has_lock(&self) -> bool {
        self.traits.has(Traits::LOCK)
    }

    /// Whether there is a text or list in it, which a value may not fit.
    pub(crate) const fn has_capacity(&self) -> bool {
        self.traits.has(Traits::CAPACITY)
    }

    /// The variants of an enum; none for what is not an enum.
    pub(crate) const fn variants(&self) -> &'static [Variant] {
        match self.body {
            Body::Scalar { variants, .. } => variants,
            Body::Watched { scalar, .. } => scalar.variants(),
            _ => &[],
        }
    }
}

impl FieldShape {
    #[must_use]
    pub const fn new(name: &'static str, offset: usize, shape: &'static Shape) -> Self {
        FieldShape {
            name,
            offset,
            shape,
            about: About::NOTHING,
        }
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
            !counter || shape.is_number(),
            "`counter` is for integers and floats, and arrays of them"
        );
        FieldShape {
            name,
            offset,
            shape,
            about: About { help, counter },
        }
    }
}

/// The alignment of the slots in a segment, and so the largest that a slot may have: a cache line.
pub(crate) const SLOTS_ALIGN: usize = 64;

/// The longest length that fits its 32 bits.
const MOST: usize = u32::MAX as usize;
