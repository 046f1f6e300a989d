//! Showing a value.

use core::fmt;

use super::node::Node;
use super::part::{Bytes, Content, Part};
use crate::format::shape::Shape;

/// The most elements of an array or list that are shown.
const SHOWN: usize = 16;
/// The most bytes of a text that are shown.
const SHOWN_BYTES: usize = 256;

/// A value, for `{:?}`: every field, with no bound on its type. Bytes that are not a value are shown as such.
pub(crate) struct ShownPart<'b>(pub(crate) ShapePart<'b>);

type ShapePart<'b> = Part<'b, &'static Shape>;

impl fmt::Debug for ShownPart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = match self.0.content() {
            Ok(content) => content,
            Err(corrupt) => return corrupt.brief(f),
        };
        match content {
            Content::Nothing => f.write_str("()"),
            Content::Primitive(number) => number.fmt(f),
            Content::PresentPrimitive(number) => f.debug_tuple("Some").field(&number).finish(),
            Content::Variant(name, _) => f.write_str(name),
            Content::Struct => structure(self.0, f),
            Content::Array(len) | Content::List(len) => {
                let shown = self.0.elements(len.min(SHOWN));
                list(shown.map(ShownPart), len, f)
            }
            Content::Locked(slot) => match slot.try_read() {
                Some(copy) => {
                    ShownPart(Part::new(Bytes::Private(&copy), self.0.node.inner())).fmt(f)
                }
                None => f.write_str("<changing>"),
            },
            Content::Duration(duration) => duration.fmt(f),
            Content::Fixed(text) => f.write_str(&text),
            Content::Option(None) => f.write_str("None"),
            Content::Option(Some(value)) => f.debug_tuple("Some").field(&ShownPart(value)).finish(),
            Content::Text(text) if text.len() > SHOWN_BYTES => {
                let fits = |end: &usize| text.is_char_boundary(*end);
                let cut = (0..=SHOWN_BYTES).rev().find(fits).unwrap_or(0);
                write!(f, "{:?}… {} more bytes", &text[..cut], text.len() - cut)
            }
            Content::Text(text) => text.fmt(f),
            Content::Opaque(bytes) => list(bytes.iter().take(SHOWN), bytes.len(), f),
        }
    }
}

fn structure(part: ShapePart<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let name = part.node.name;
    if part.node.is_tuple() {
        let mut tuple = f.debug_tuple(name);
        for (_, field) in part.fields() {
            tuple.field(&ShownPart(field));
        }
        tuple.finish()
    } else {
        let mut named = f.debug_struct(name);
        for (name, field) in part.fields() {
            named.field(name, &ShownPart(field));
        }
        named.finish()
    }
}

/// The first entries of `len`, and how many more there are.
fn list(
    shown: impl Iterator<Item = impl fmt::Debug>,
    len: usize,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut list = f.debug_list();
    list.entries(shown);
    if len > SHOWN {
        list.entry(&format_args!("… {} more", len - SHOWN));
    }
    list.finish()
}
