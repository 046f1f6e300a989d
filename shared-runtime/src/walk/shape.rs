//! A shape as a node: the description of a type that is known at compile time.

use super::node::{Elements, Form, Node};
use crate::format::shape::{Body, Shape};

impl Node<'static> for &'static Shape {
    fn form(self) -> Form<Self> {
        match self.body {
            Body::Nothing => Form::Nothing,
            Body::Scalar { kind, zero, .. } if Shape::variants(self).is_empty() => {
                Form::Scalar { kind, zero }
            }
            Body::Scalar { kind, .. } => Form::Enum { kind },
            Body::Watched { scalar, .. } => scalar.form(),
            Body::Array {
                count,
                stride,
                element,
            } => Form::Array(Elements {
                count,
                stride,
                element,
            }),
            Body::Struct { .. } => Form::Struct,
            Body::Locked {
                offset,
                stride,
                image,
                ..
            } => Form::Locked {
                offset,
                stride,
                image,
            },
            Body::Wide(kind) => Form::Wide(kind),
            Body::Fixed { kind } => Form::Fixed(kind),
            Body::Option { value } => Form::Option { value },
            Body::Text { capacity } => Form::Text { capacity },
            Body::List {
                capacity,
                stride,
                element,
            } => Form::List(Elements {
                count: capacity,
                stride,
                element,
            }),
            Body::Opaque => Form::Opaque,
        }
    }

    fn size(self) -> usize {
        Shape::size(self)
    }

    fn fields(self) -> impl Iterator<Item = (&'static str, usize, Self)> {
        let fields = match self.body {
            Body::Struct { fields, .. } => fields,
            _ => &[],
        };
        fields
            .iter()
            .map(|field| (field.name, field.offset, field.shape))
    }

    fn variants(self) -> impl Iterator<Item = (&'static str, u64)> {
        Shape::variants(self)
            .iter()
            .map(|variant| (variant.name, variant.value))
    }
}
