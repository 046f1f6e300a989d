//! The compile-time description of a slot or image, and its fingerprint.
//!
//! Each slot type has a `const SHAPE`, and each type that can lie in an image; the shape of a struct names
//! those of its fields, so a whole state is one static tree. The field table in a segment is this tree
//! written out (see [`table`](crate::format::table)), and the fingerprint is a hash of the same facts.

mod facts;
mod kind;

pub(crate) use facts::{
    ACCESS_ATOMIC, ACCESS_LOCKED, ACCESS_WATCHED, Facts, KIND_ARRAY, KIND_DURATION, KIND_ENUM,
    KIND_I128, KIND_LIST, KIND_LOCKED, KIND_OPAQUE, KIND_OPTION, KIND_STRUCT, KIND_TEXT, KIND_U128,
    KIND_VARIANT, OFFSET_BASIS, Within, fold_bytes, fold_facts,
};
pub use kind::{Kind, Variant, Zero};

use facts::fold_shape;

use super::kind::FixedKind;

/// What a slot, or a part of an image, is: its size and what its bytes mean.
#[doc(hidden)]
#[derive(Debug)]
pub struct Shape {
    pub(crate) size: usize,
    pub(crate) body: Body,
}

#[derive(Debug)]
pub(crate) enum Body {
    Nothing,
    Scalar {
        kind: Kind,
        zero: Zero,
        variants: &'static [Variant],
    },
    /// A scalar, and at `event` the word that those who wait for a change sleep on.
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
    /// In an image only, as all that follow: an integer of 128 bits.
    Wide {
        signed: bool,
    },
    /// Seconds in 64 bits, nanoseconds in 32.
    Duration,
    /// Of a kind that has a text of its own; as a slot, if it is of 4 or 8 bytes.
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
        Shape {
            size: count * stride,
            body: if element.size == 0 {
                Body::Nothing
            } else {
                Body::Array {
                    count,
                    stride,
                    element,
                }
            },
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
        }
    }

    pub(crate) const fn wide(signed: bool) -> Shape {
        Shape {
            size: 16,
            body: Body::Wide { signed },
        }
    }

    pub(crate) const DURATION: Shape = Shape {
        size: 12,
        body: Body::Duration,
    };

    pub(crate) const fn fixed(kind: &'static FixedKind) -> Shape {
        Shape {
            size: kind.size,
            body: Body::Fixed { kind },
        }
    }

    pub(crate) const fn option(value: &'static Shape) -> Shape {
        Shape {
            size: 1 + value.size,
            body: Body::Option { value },
        }
    }

    pub(crate) const fn text(capacity: usize) -> Shape {
        assert!(capacity <= MOST, "a capacity is at most 4294967295");
        Shape {
            size: LENGTH_LEN + capacity,
            body: Body::Text { capacity },
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
        }
    }

    pub(crate) const fn opaque(size: usize) -> Shape {
        Shape {
            size,
            body: Body::Opaque,
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
        match self.body {
            Body::Scalar {
                kind,
                zero,
                variants,
            } => {
                let plain = matches!(zero, Zero::Number) && variants.is_empty();
                plain && !matches!(kind, Kind::Bool | Kind::Char)
            }
            Body::Wide { .. } => true,
            Body::Watched { scalar, .. } => scalar.is_number(),
            Body::Array { element, .. } => element.is_number(),
            Body::Locked { image, .. } => image.is_number(),
            _ => false,
        }
    }

    /// Whether there are bytes that are no value.
    pub(crate) const fn may_be_invalid(&self) -> bool {
        match self.body {
            Body::Nothing | Body::Wide { .. } | Body::Opaque => false,
            Body::Duration | Body::Option { .. } | Body::Text { .. } | Body::List { .. } => true,
            Body::Scalar {
                kind,
                zero,
                variants,
            } => {
                matches!(kind, Kind::Bool | Kind::Char)
                    || matches!(zero, Zero::Invalid)
                    || !variants.is_empty()
            }
            Body::Fixed { kind } => kind.may_be_invalid,
            Body::Watched { scalar, .. } => scalar.may_be_invalid(),
            Body::Array { element, .. } => element.may_be_invalid(),
            Body::Locked { image, .. } => image.may_be_invalid(),
            Body::Struct { fields, .. } => {
                let mut i = 0;
                while i < fields.len() && !fields[i].shape.may_be_invalid() {
                    i += 1;
                }
                i < fields.len()
            }
        }
    }

    /// Of an enum.
    pub(crate) const fn variants(&self) -> &'static [Variant] {
        match self.body {
            Body::Scalar { variants, .. } => variants,
            Body::Watched { scalar, .. } => scalar.variants(),
            _ => &[],
        }
    }

    /// Whether there is a lock-guarded slot in it.
    pub(crate) const fn has_lock(&self) -> bool {
        match self.body {
            Body::Locked { .. } => true,
            Body::Array { element, .. } => element.has_lock(),
            Body::Struct { fields, .. } => {
                let mut i = 0;
                while i < fields.len() && !fields[i].shape.has_lock() {
                    i += 1;
                }
                i < fields.len()
            }
            _ => false,
        }
    }

    /// Whether there is a text or list in it, which a value may not fit.
    pub(crate) const fn has_capacity(&self) -> bool {
        match self.body {
            Body::Text { .. } | Body::List { .. } => true,
            Body::Nothing
            | Body::Wide { .. }
            | Body::Opaque
            | Body::Duration
            | Body::Fixed { .. }
            | Body::Scalar { .. }
            | Body::Watched { .. } => false,
            Body::Option { value } => value.has_capacity(),
            Body::Array { element, .. } => element.has_capacity(),
            Body::Locked { image, .. } => image.has_capacity(),
            Body::Struct { fields, .. } => {
                let mut i = 0;
                while i < fields.len() && !fields[i].shape.has_capacity() {
                    i += 1;
                }
                i < fields.len()
            }
        }
    }

    pub(crate) const fn fingerprint(&self) -> u64 {
        fold_shape(OFFSET_BASIS, "", 0, 0, Within::Slots, self)
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
    /// At compile time, if `counter` is given for what is no number.
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
