//! Showing a value by its shape.

use core::fmt;
use std::time::Duration;

use super::bytes::Bytes;
use super::scalar;
use crate::format::shape::{Body, FieldShape, LENGTH_LEN, Shape};

/// Of a longer array, list or text only so many elements or bytes are shown.
const SHOWN: usize = 16;
const SHOWN_BYTES: usize = 256;

/// A value, for `{:?}`.
pub(super) struct Value<'a> {
    bytes: Bytes<'a>,
    shape: &'static Shape,
}

impl<'a> Value<'a> {
    pub(super) fn new(bytes: Bytes<'a>, shape: &'static Shape) -> Self {
        Value { bytes, shape }
    }

    fn part(&self, offset: usize, shape: &'static Shape) -> Option<Value<'a>> {
        let bytes = self.bytes.part(offset, shape.size())?;
        Some(Value { bytes, shape })
    }

    fn list(
        &self,
        offset: usize,
        count: usize,
        stride: usize,
        element: &'static Shape,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        let shown = (0..count.min(SHOWN)).filter_map(|i| self.part(offset + i * stride, element));
        let mut list = f.debug_list();
        list.entries(shown);
        if count > SHOWN {
            list.entry(&format_args!("… {} more", count - SHOWN));
        }
        list.finish()
    }

    fn structure(
        &self,
        name: &str,
        fields: &'static [FieldShape],
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        let values = fields
            .iter()
            .filter_map(|field| Some((field.name, self.part(field.offset, field.shape)?)));
        // The fields of a tuple struct are named by number.
        if fields.first().is_some_and(|first| first.name == "0") {
            let mut tuple = f.debug_tuple(name);
            for (_, value) in values {
                tuple.field(&value);
            }
            tuple.finish()
        } else if fields.is_empty() {
            f.write_str(name)
        } else {
            let mut named = f.debug_struct(name);
            for (name, value) in values {
                named.field(name, &value);
            }
            named.finish()
        }
    }

    /// The length of a text or list, or what is shown in place of it.
    fn length(&self, capacity: usize) -> Result<usize, fmt::Arguments<'static>> {
        match self.bytes.number(0, LENGTH_LEN).map(usize::try_from) {
            Some(Ok(len)) if len <= capacity => Ok(len),
            _ => Err(format_args!("<corrupt: its length>")),
        }
    }

    fn text(&self, capacity: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let len = match self.length(capacity) {
            Ok(len) => len,
            Err(corrupt) => return f.write_fmt(corrupt),
        };
        let bytes = self.bytes.part(LENGTH_LEN, len).and_then(Bytes::private);
        match bytes.map(str::from_utf8) {
            Some(Ok(text)) if text.len() > SHOWN_BYTES => {
                let fits = |end: &usize| text.is_char_boundary(*end);
                let cut = (0..=SHOWN_BYTES).rev().find(fits).unwrap_or(0);
                write!(f, "{:?}… {} more bytes", &text[..cut], text.len() - cut)
            }
            Some(Ok(text)) => fmt::Debug::fmt(text, f),
            _ => f.write_str("<corrupt: no UTF-8>"),
        }
    }

    fn wide(&self, signed: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bytes.private().map(<[u8; 16]>::try_from) {
            Some(Ok(bytes)) if signed => fmt::Debug::fmt(&i128::from_le_bytes(bytes), f),
            Some(Ok(bytes)) => fmt::Debug::fmt(&u128::from_le_bytes(bytes), f),
            _ => f.write_str(UNREADABLE),
        }
    }

    fn duration(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanoseconds = self.bytes.number(8, 4).map(u32::try_from);
        match (self.bytes.number(0, 8), nanoseconds) {
            (Some(seconds), Some(Ok(nanoseconds @ 0..1_000_000_000))) => {
                fmt::Debug::fmt(&Duration::new(seconds, nanoseconds), f)
            }
            _ => f.write_str("<corrupt: its nanoseconds>"),
        }
    }

    fn option(&self, value: &'static Shape, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bytes.number(0, 1) {
            Some(0) => f.write_str("None"),
            Some(1) => match self.part(1, value) {
                Some(value) => f.debug_tuple("Some").field(&value).finish(),
                None => f.write_str(UNREADABLE),
            },
            _ => f.write_str("<corrupt: neither None nor Some>"),
        }
    }

    fn opaque(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.bytes.private().unwrap_or_default();
        let mut list = f.debug_list();
        list.entries(&bytes[..bytes.len().min(SHOWN)]);
        if bytes.len() > SHOWN {
            list.entry(&format_args!("… {} more", bytes.len() - SHOWN));
        }
        list.finish()
    }
}

const UNREADABLE: &str = "<unreadable>";

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.shape.body {
            Body::Nothing => f.write_str("()"),
            Body::Scalar {
                kind,
                zero,
                variants,
            } => match self.bytes.number(0, kind.size()) {
                Some(bits) => scalar::show(kind, zero, variants, bits, f),
                None => f.write_str(UNREADABLE),
            },
            Body::Watched { scalar, .. } => match self.part(0, scalar) {
                Some(value) => fmt::Debug::fmt(&value, f),
                None => f.write_str(UNREADABLE),
            },
            Body::Array {
                count,
                stride,
                element,
            } => self.list(0, count, stride, element, f),
            Body::Struct { name, fields } => self.structure(name, fields, f),
            Body::Locked { image, .. } => match self.bytes.image(self.shape) {
                Some(copy) => fmt::Debug::fmt(&Value::new(Bytes::Private(&copy), image), f),
                None => f.write_str("<changing>"),
            },
            Body::Wide { signed } => self.wide(signed, f),
            Body::Duration => self.duration(f),
            Body::Option { value } => self.option(value, f),
            Body::Text { capacity } => self.text(capacity, f),
            Body::List {
                capacity,
                stride,
                element,
            } => match self.length(capacity) {
                Ok(len) => self.list(LENGTH_LEN, len, stride, element, f),
                Err(corrupt) => f.write_fmt(corrupt),
            },
            Body::Opaque => self.opaque(f),
        }
    }
}
