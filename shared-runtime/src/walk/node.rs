//! What describes the bytes of a value.

use crate::format::fixed::FixedKind;
use crate::format::kind::{Kind, Wide, Zero};

/// The description of a value, or of a part of one: a node of a tree.
///
/// `'n` is how long its names live.
pub(crate) trait Node<'n>: Copy {
    /// What it is.
    fn form(self) -> Form<Self>;

    /// In bytes.
    fn size(self) -> usize;

    /// The fields of a struct, in order: name, offset, and what the field is.
    fn fields(self) -> impl Iterator<Item = (&'n str, usize, Self)>;

    /// The variants of an enum: name, and the number that is stored (sign-extended).
    fn variants(self) -> impl Iterator<Item = (&'n str, u64)>;

    /// The name of the variant of an enum that is stored as that number.
    fn variant(self, bits: u64) -> Option<&'n str> {
        let mut variants = self.variants();
        variants.find_map(|(name, value)| (value == bits).then_some(name))
    }

    /// Whether it is a struct whose fields have numbers for names.
    fn is_tuple(self) -> bool {
        self.fields().next().is_some_and(|(name, ..)| name == "0")
    }
}

/// What a node is, and the nodes that it is made of.
pub(crate) enum Form<N> {
    /// It has no bytes.
    Nothing,
    /// The primitive form of an atomic.
    Scalar {
        kind: Kind,
        zero: Zero,
    },
    /// An enum without data, stored as the integer `kind`: see [`Node::variants`].
    Enum {
        kind: Kind,
    },
    /// See [`Node::fields`].
    Struct,
    Array(Elements<N>),
    /// A lock-guarded slot: its images, of which one is current.
    Locked {
        /// The offset of the first image.
        offset: usize,
        stride: usize,
        image: N,
    },
    /// Like all variants below, it occurs only in images.
    Wide(Wide),
    /// A kind of value that is shown as a text of its own. If it has 4 or 8 bytes, it can be a slot, too.
    Fixed(&'static FixedKind),
    /// A byte, 0 or 1, followed by the value.
    Option {
        value: N,
    },
    /// A length, followed by the bytes.
    Text {
        capacity: usize,
    },
    /// A length, followed by the elements, of which there is room for `count`.
    List(Elements<N>),
    /// Bytes of which nothing is known.
    Opaque,
}

/// Elements that lie `stride` bytes apart.
#[derive(Clone, Copy)]
pub(crate) struct Elements<N> {
    pub count: usize,
    pub stride: usize,
    pub element: N,
}
