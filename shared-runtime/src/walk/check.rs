//! Whether bytes are a value of a shape.

use super::bytes::Bytes;
use super::scalar::is_value;
use crate::format::Corrupt;
use crate::format::shape::{Body, LENGTH_LEN, Shape};

/// Fails at the first field whose bytes are no value.
pub(super) fn check(bytes: Bytes<'_>, shape: &'static Shape) -> Result<(), Corrupt> {
    if !shape.may_be_invalid() {
        return Ok(());
    }
    let part = |offset, shape: &'static Shape| match bytes.part(offset, shape.size()) {
        Some(part) => check(part, shape),
        None => Ok(()),
    };
    let number = |offset, len| bytes.number(offset, len).unwrap_or(0);
    match shape.body {
        Body::Nothing | Body::Wide { .. } | Body::Opaque => Ok(()),
        Body::Scalar {
            kind,
            zero,
            variants,
        } => {
            let bits = kind.extend(number(0, kind.size()));
            if is_value(kind, zero, variants, bits) {
                Ok(())
            } else {
                Err(Corrupt::scalar(shape, bits))
            }
        }
        Body::Watched { scalar, .. } => part(0, scalar),
        Body::Array {
            count,
            stride,
            element,
        } => (0..count)
            .try_for_each(|i| part(i * stride, element).map_err(|corrupt| corrupt.at_index(i))),
        Body::Struct { fields, .. } => fields.iter().try_for_each(|field| {
            part(field.offset, field.shape).map_err(|corrupt| corrupt.in_field(field.name))
        }),
        Body::Locked { image, .. } => match bytes.image(shape) {
            Some(copy) => check(Bytes::Private(&copy), image),
            None => Err(Corrupt::unsettled()),
        },
        _ => check_in_image(bytes, shape),
    }
}

/// The shapes that lie in images only.
#[allow(clippy::cast_possible_truncation)] // of numbers that were loaded from as many bytes
fn check_in_image(bytes: Bytes<'_>, shape: &'static Shape) -> Result<(), Corrupt> {
    let number = |offset, len| bytes.number(offset, len).unwrap_or(0);
    let part = |offset, shape: &'static Shape| match bytes.part(offset, shape.size()) {
        Some(part) => check(part, shape),
        None => Ok(()),
    };
    match shape.body {
        Body::Duration => match number(8, 4) as u32 {
            0..1_000_000_000 => Ok(()),
            nanoseconds => Err(Corrupt::nanoseconds(nanoseconds)),
        },
        Body::Option { value } => match number(0, 1) as u8 {
            0 => Ok(()),
            1 => part(1, value),
            tag => Err(Corrupt::option(tag)),
        },
        Body::Text { capacity } => {
            let len = length(number(0, LENGTH_LEN), capacity)?;
            let text = bytes.part(LENGTH_LEN, len).and_then(Bytes::private);
            match text.map(str::from_utf8) {
                Some(Err(error)) => {
                    let at = error.valid_up_to();
                    let byte = bytes.number(LENGTH_LEN + at, 1).unwrap_or(0);
                    Err(Corrupt::utf8(at, byte as u8))
                }
                _ => Ok(()),
            }
        }
        Body::List {
            capacity,
            stride,
            element,
        } => (0..length(number(0, LENGTH_LEN), capacity)?).try_for_each(|i| {
            part(LENGTH_LEN + i * stride, element).map_err(|corrupt| corrupt.at_index(i))
        }),
        _ => Ok(()),
    }
}

#[allow(clippy::cast_possible_truncation)] // a length has 32 bits
fn length(len: u64, capacity: usize) -> Result<usize, Corrupt> {
    let len = len as usize;
    if len <= capacity {
        Ok(len)
    } else {
        Err(Corrupt::length(len, capacity))
    }
}
