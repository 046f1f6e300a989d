//! A shape as a node: the description of a type that is known at compile time.

use super::node::{Form, Node};
use crate::format::kind::EntryKind;
use crate::format::shape::Shape;

impl Node<'static> for &'static Shape {
    #[allow(clippy::cast_possible_truncation)] // they were `usize`
    fn form(self) -> Form<Self> {
        let facts = self.facts;
        let inner = self.parts().first().map_or(&Shape::NOTHING, |it| it.shape);
        let (count, stride) = (facts.count as usize, facts.stride as usize);
        match self.kind {
            None | Some(EntryKind::Variant) => Form::Nothing,
            Some(EntryKind::Scalar(kind)) => Form::Scalar {
                kind,
                zero: facts.zero(),
            },
            Some(EntryKind::Enum(kind)) => Form::Enum { kind },
            Some(EntryKind::Array) => Form::Array {
                count,
                stride,
                element: inner,
            },
            Some(EntryKind::Struct) => Form::Struct,
            Some(EntryKind::Locked) => Form::Locked {
                offset: facts.value as usize,
                stride,
                image: inner,
            },
            Some(EntryKind::Wide(kind)) => Form::Wide(kind),
            Some(EntryKind::Fixed(kind)) => Form::Fixed(kind),
            Some(EntryKind::Option) => Form::Option { value: inner },
            Some(EntryKind::Text) => Form::Text { capacity: count },
            Some(EntryKind::List) => Form::List {
                capacity: count,
                stride,
                element: inner,
            },
            Some(EntryKind::Opaque) => Form::Opaque,
        }
    }

    fn size(self) -> usize {
        Shape::size(self)
    }

    fn fields(self) -> impl Iterator<Item = (&'static str, usize, Self)> {
        let parts = self.parts().iter();
        parts.map(|field| (field.name, field.offset, field.shape))
    }

    fn type_name(self) -> &'static str {
        self.name
    }

    fn variants(self) -> impl Iterator<Item = (&'static str, u64)> {
        let variants = self.variants.iter();
        variants.map(|variant| (variant.name, variant.value))
    }

    fn variant(self, bits: u64) -> Option<&'static str> {
        let mut variants = Node::variants(self);
        variants.find_map(|(name, value)| (value == bits).then_some(name))
    }

    fn takes_any_bytes(self) -> bool {
        !self.may_be_invalid()
    }
}
