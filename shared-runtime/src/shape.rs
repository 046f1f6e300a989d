//! The compile-time description of a slot, and its fingerprint.
//!
//! Each slot type has a `const SHAPE`; the shape of a struct names those of its fields, so a whole
//! state is one static tree. The field table in a segment is this tree written out (see
//! [`table`](crate::table)), and the fingerprint is a hash of the same facts.

/// What a slot is: its size and what its bytes mean.
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
    Array {
        count: usize,
        stride: usize,
        element: &'static Shape,
    },
    Struct {
        name: &'static str,
        fields: &'static [FieldShape],
    },
}

/// One field of a struct's shape.
#[doc(hidden)]
#[derive(Debug)]
pub struct FieldShape {
    pub(crate) name: &'static str,
    pub(crate) offset: usize,
    pub(crate) shape: &'static Shape,
}

/// One variant of an enum: its name, and the number stored for it (sign-extended to 64 bits).
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    pub(crate) name: &'static str,
    pub(crate) value: u64,
}

impl Variant {
    #[must_use]
    pub const fn new(name: &'static str, value: u64) -> Self {
        Variant { name, value }
    }
}

/// The primitive form of a scalar slot. The numbers are those of the field table.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    Bool = 1,
    Char = 2,
    U8 = 3,
    U16 = 4,
    U32 = 5,
    U64 = 6,
    I8 = 7,
    I16 = 8,
    I32 = 9,
    I64 = 10,
    F32 = 11,
    F64 = 12,
}

impl Kind {
    pub(crate) const ALL: [Kind; 12] = [
        Kind::Bool,
        Kind::Char,
        Kind::U8,
        Kind::U16,
        Kind::U32,
        Kind::U64,
        Kind::I8,
        Kind::I16,
        Kind::I32,
        Kind::I64,
        Kind::F32,
        Kind::F64,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Kind::Bool => "bool",
            Kind::Char => "char",
            Kind::U8 => "u8",
            Kind::U16 => "u16",
            Kind::U32 => "u32",
            Kind::U64 => "u64",
            Kind::I8 => "i8",
            Kind::I16 => "i16",
            Kind::I32 => "i32",
            Kind::I64 => "i64",
            Kind::F32 => "f32",
            Kind::F64 => "f64",
        }
    }

    pub(crate) const fn size(self) -> usize {
        match self {
            Kind::Bool | Kind::U8 | Kind::I8 => 1,
            Kind::U16 | Kind::I16 => 2,
            Kind::Char | Kind::U32 | Kind::I32 | Kind::F32 => 4,
            Kind::U64 | Kind::I64 | Kind::F64 => 8,
        }
    }
}

impl Kind {
    pub(crate) const fn is_signed(self) -> bool {
        matches!(self, Kind::I8 | Kind::I16 | Kind::I32 | Kind::I64)
    }

    /// Sign-extends the bits of a narrow number.
    pub(crate) const fn extend(self, bits: u64) -> u64 {
        if !self.is_signed() {
            return bits;
        }
        let unused = 64 - 8 * self.size();
        ((bits << unused).cast_signed() >> unused).cast_unsigned()
    }
}

/// What a zero means in an integer slot.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Zero {
    /// The number 0.
    Number = 0,
    /// No value: the type is a `NonZero*`.
    Invalid = 1,
    /// `None`: the type is an `Option<NonZero*>`.
    Absent = 2,
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

    /// The bytes that a slot of this shape takes (less the padding of `cache_padded`).
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    pub(crate) const fn is_nothing(&self) -> bool {
        matches!(self.body, Body::Nothing)
    }

    /// Whether there are bytes that are no value.
    pub(crate) const fn may_be_invalid(&self) -> bool {
        match self.body {
            Body::Nothing => false,
            Body::Scalar {
                kind,
                zero,
                variants,
            } => {
                matches!(kind, Kind::Bool | Kind::Char)
                    || matches!(zero, Zero::Invalid)
                    || !variants.is_empty()
            }
            Body::Array { element, .. } => element.may_be_invalid(),
            Body::Struct { fields, .. } => {
                let mut i = 0;
                while i < fields.len() && !fields[i].shape.may_be_invalid() {
                    i += 1;
                }
                i < fields.len()
            }
        }
    }

    pub(crate) const fn fingerprint(&self) -> u64 {
        fold_shape(OFFSET_BASIS, "", 0, 0, self)
    }
}

impl FieldShape {
    #[must_use]
    pub const fn new(name: &'static str, offset: usize, shape: &'static Shape) -> Self {
        FieldShape {
            name,
            offset,
            shape,
        }
    }
}

/// The alignment of the slots in a segment, and so the largest that a slot may have: a cache line.
pub(crate) const SLOTS_ALIGN: usize = 64;

/// How a field is accessed: the numbers of the field table.
pub(crate) const ACCESS_NONE: u8 = 0;
pub(crate) const ACCESS_ATOMIC: u8 = 1;

/// Kinds of table entries that are no scalars; an enum is `KIND_ENUM` plus its integer's kind.
pub(crate) const KIND_STRUCT: u16 = 0x100;
pub(crate) const KIND_ARRAY: u16 = 0x101;
pub(crate) const KIND_VARIANT: u16 = 0x102;
pub(crate) const KIND_ENUM: u16 = 0x200;

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
    pub(crate) const fn of(shape: &Shape, offset: usize, depth: u32) -> Facts {
        let mut facts = Facts {
            kind: KIND_STRUCT,
            access: ACCESS_NONE,
            zero: 0,
            depth,
            offset: offset as u64,
            size: shape.size as u64,
            count: 1,
            stride: 0,
            value: 0,
        };
        match shape.body {
            Body::Nothing | Body::Struct { .. } => {}
            Body::Scalar {
                kind,
                zero,
                variants,
            } => {
                let base = if variants.is_empty() { 0 } else { KIND_ENUM };
                facts.kind = base + kind as u16;
                facts.access = ACCESS_ATOMIC;
                facts.zero = zero as u8;
            }
            Body::Array { count, stride, .. } => {
                facts.kind = KIND_ARRAY;
                facts.count = count as u64;
                facts.stride = stride as u64;
            }
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

pub(crate) const fn fold_facts(hash: u64, name: &str, facts: Facts) -> u64 {
    let mut hash = fold_bytes(hash, name.as_bytes());
    hash = fold_bytes(hash, &[0xff]); // in no UTF-8, so no name runs into what follows it
    hash = fold_bytes(hash, &facts.kind.to_le_bytes());
    hash = fold_bytes(hash, &[facts.access, facts.zero]);
    hash = fold_bytes(hash, &facts.depth.to_le_bytes());
    hash = fold_bytes(hash, &facts.offset.to_le_bytes());
    hash = fold_bytes(hash, &facts.size.to_le_bytes());
    hash = fold_bytes(hash, &facts.count.to_le_bytes());
    hash = fold_bytes(hash, &facts.stride.to_le_bytes());
    fold_bytes(hash, &facts.value.to_le_bytes())
}

/// Folds the entries of `shape` in the order in which the table holds them.
const fn fold_shape(hash: u64, name: &str, offset: usize, depth: u32, shape: &Shape) -> u64 {
    let mut hash = fold_facts(hash, name, Facts::of(shape, offset, depth));
    match shape.body {
        Body::Nothing => {}
        Body::Scalar { variants, .. } => {
            let mut i = 0;
            while i < variants.len() {
                let facts = Facts::of_variant(&variants[i], depth + 1);
                hash = fold_facts(hash, variants[i].name, facts);
                i += 1;
            }
        }
        Body::Array { element, .. } => hash = fold_shape(hash, "", 0, depth + 1, element),
        Body::Struct { fields, .. } => {
            let mut i = 0;
            while i < fields.len() {
                let field = &fields[i];
                if !field.shape.is_nothing() {
                    hash = fold_shape(hash, field.name, field.offset, depth + 1, field.shape);
                }
                i += 1;
            }
        }
    }
    hash
}
