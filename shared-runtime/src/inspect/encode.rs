//! Encoding values as bytes, by the type of the field that is to hold them.

use super::error::{self, WriteError};
use super::tree::{Tree, index, zero};
use super::value::Value;
use crate::format::CapacityExceeded;
use crate::format::kind::{EntryKind, Kind, Wide, Zero};
use crate::format::shape::LENGTH_LEN;

/// The most characters of a refused value that its error shows.
const SHOWN: usize = 60;

/// Writes the value of an entry to `out`, which has the entry's size. Bytes behind the end of a text or list, and those
/// of the value of an option that is `None`, are left as they are. An error has the path from the entry on.
pub(super) fn encode(
    tree: &Tree,
    node: usize,
    value: &Value,
    out: &mut [u8],
) -> Result<(), WriteError> {
    let no_value = || refuse_value(tree, node, value);
    let facts = tree.row(node).facts;
    match tree.kind(node) {
        EntryKind::Scalar(kind) => {
            let bits = scalar(kind, zero(facts), value).ok_or_else(no_value)?;
            out.copy_from_slice(&bits.to_le_bytes()[..out.len()]);
        }
        EntryKind::Enum(_) => {
            let (Value::Variant { name, .. } | Value::Text(name)) = value else {
                return Err(no_value());
            };
            let mut variants = tree.rows_below(node);
            let variant = variants.find(|(_, row)| row.name == name);
            let (_, row) = variant.ok_or_else(no_value)?;
            out.copy_from_slice(&row.facts.value.to_le_bytes()[..out.len()]);
        }
        EntryKind::Wide(kind @ (Wide::U128 | Wide::I128)) => {
            let (least, most) = limits(128, kind == Wide::I128);
            let bits = integer(value, least, most).ok_or_else(no_value)?;
            out.copy_from_slice(&bits.to_le_bytes());
        }
        EntryKind::Wide(Wide::Duration) => {
            let Value::Duration(duration) = value else {
                return Err(no_value());
            };
            out[..8].copy_from_slice(&duration.as_secs().to_le_bytes());
            out[8..].copy_from_slice(&duration.subsec_nanos().to_le_bytes());
        }
        EntryKind::Fixed(kind) => {
            let (Value::Literal(text) | Value::Text(text)) = value else {
                return Err(no_value());
            };
            out.copy_from_slice(&kind.bytes(text).ok_or_else(no_value)?);
        }
        EntryKind::Option => match value {
            Value::Optional(None) => out[0] = 0,
            value => {
                let inner = match value {
                    Value::Optional(Some(inner)) => inner,
                    value => value,
                };
                out[0] = 1;
                encode_inner(tree, node, inner, &mut out[1..])?;
            }
        },
        EntryKind::Text => {
            let Value::Text(text) = value else {
                return Err(no_value());
            };
            CapacityExceeded::check_text(index(facts.count), text.len())
                .map_err(WriteError::CapacityExceeded)?;
            let (len, bytes) = out.split_at_mut(LENGTH_LEN);
            len.copy_from_slice(&text.len().to_le_bytes()[..LENGTH_LEN]);
            bytes[..text.len()].copy_from_slice(text.as_bytes());
        }
        EntryKind::List => {
            let elements = elements(value).ok_or_else(no_value)?;
            CapacityExceeded::check_list(index(facts.count), elements.len())
                .map_err(WriteError::CapacityExceeded)?;
            let (len, bytes) = out.split_at_mut(LENGTH_LEN);
            len.copy_from_slice(&elements.len().to_le_bytes()[..LENGTH_LEN]);
            let stride = index(facts.stride);
            for (i, value) in elements.iter().enumerate() {
                let out = &mut bytes[i * stride..][..stride];
                encode_inner(tree, node, value, out).map_err(|error| error.at_index(i))?;
            }
        }
        EntryKind::Array | EntryKind::Struct => {
            each_part(tree, node, value, |part, offset, value| {
                encode(tree, part, value, &mut out[offset..][..tree.size(part)])
            })?;
        }
        EntryKind::Opaque => {
            let bytes = bytes(value).filter(|bytes| bytes.len() == out.len());
            out.copy_from_slice(&bytes.ok_or_else(no_value)?);
        }
        EntryKind::Locked => encode_inner(tree, node, value, out)?,
        EntryKind::Variant => return Err(no_value()),
    }
    Ok(())
}

/// Writes the value of the entry below this one; if there is none, the value must be `()`.
fn encode_inner(tree: &Tree, node: usize, value: &Value, out: &mut [u8]) -> Result<(), WriteError> {
    match tree.inner(node) {
        Some(inner) => encode(tree, inner, value, &mut out[..tree.size(inner)]),
        None if *value == Value::Nothing => Ok(()),
        None => Err(refuse_value(tree, node, value)),
    }
}

/// Calls `each` with the entry, the offset and the value of each field of a struct, or element of an array.
///
/// # Errors
///
/// The first error of `each`, with the path from the struct or array on; or that the value has other parts than the struct
/// or array.
pub(super) fn each_part(
    tree: &Tree,
    node: usize,
    value: &Value,
    mut each: impl FnMut(usize, usize, &Value) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    let no_value = || refuse_value(tree, node, value);
    let facts = tree.row(node).facts;
    if tree.kind(node) == EntryKind::Array {
        let elements = elements(value).filter(|elements| elements.len() as u64 == facts.count);
        let element = tree.inner(node).expect("the tree has been checked");
        for (i, value) in elements.ok_or_else(no_value)?.iter().enumerate() {
            let offset = i * index(facts.stride);
            each(element, offset, value).map_err(|error| error.at_index(i))?;
        }
    } else {
        for (part, value) in fields(tree, node, value).ok_or_else(no_value)? {
            let row = tree.row(part);
            let offset = index(row.facts.offset);
            each(part, offset, value).map_err(|error| error.in_field(row.name))?;
        }
    }
    Ok(())
}

/// The entries of a struct's fields, each with its value; `None` if one is missing or there are others.
fn fields<'v>(tree: &Tree, node: usize, value: &'v Value) -> Option<Vec<(usize, &'v Value)>> {
    let nodes: Vec<usize> = tree.children(node).collect();
    if let Value::Struct(fields) = value {
        let value_of = |name: &str| fields.iter().find(|(other, _)| name == other);
        let part = |node: &usize| Some((*node, &value_of(tree.row(*node).name)?.1));
        return (fields.len() == nodes.len())
            .then(|| nodes.iter().map(part).collect())
            .flatten();
    }
    let parts = elements(value).filter(|parts| parts.len() == nodes.len())?;
    Some(nodes.into_iter().zip(parts).collect())
}

fn elements(value: &Value) -> Option<&[Value]> {
    match value {
        Value::List(elements) | Value::Array(elements) | Value::Tuple(elements) => Some(elements),
        _ => None,
    }
}

fn bytes(value: &Value) -> Option<Vec<u8>> {
    if let Value::Bytes(bytes) = value {
        return Some(bytes.clone());
    }
    let byte = |value: &Value| Some(integer(value, 0, 255)?.to_le_bytes()[0]);
    elements(value)?.iter().map(byte).collect()
}

/// The bits of a scalar that is not an enum.
fn scalar(kind: Kind, zero: Zero, value: &Value) -> Option<u64> {
    let absent = zero == Zero::Absent;
    let value = match value {
        Value::Optional(None) if absent => return Some(0),
        Value::Optional(Some(value)) if absent => value,
        value => value,
    };
    #[allow(clippy::cast_possible_truncation)] // the low half of what fits 64 bits
    let bits = match kind {
        Kind::Bool => match value {
            Value::Bool(value) => u64::from(*value),
            _ => return None,
        },
        Kind::Char => match value {
            Value::Char(value) => u64::from(u32::from(*value)),
            Value::Text(text) => u64::from(u32::from(only(text)?)),
            _ => return None,
        },
        Kind::F32 => u64::from(narrow(value)?.to_bits()),
        Kind::F64 => float(value)?.0.to_bits(),
        _ => {
            let (least, most) = limits(8 * kind.size(), kind.is_signed());
            integer(value, least, most)? as u64
        }
    };
    (bits != 0 || zero == Zero::Number).then_some(bits)
}

/// The one character of a text.
fn only(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// A number as a float of 64 and of 32 bits.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // rounded, as everywhere
pub(super) fn float(value: &Value) -> Option<(f64, f32)> {
    Some(match value {
        Value::F64(value) => (*value, *value as f32),
        Value::F32(value) => ((*value).into(), *value),
        Value::Unsigned(value) => (*value as f64, *value as f32),
        Value::Signed(value) => (*value as f64, *value as f32),
        _ => return None,
    })
}

/// The number as an `f32`; `None` if it is beyond its range.
pub(super) fn narrow(value: &Value) -> Option<f32> {
    let (wide, narrow) = float(value)?;
    (narrow.is_finite() || !wide.is_finite()).then_some(narrow)
}

/// The bits of an integer in this range, in two's complement.
#[allow(clippy::cast_sign_loss)] // the bits stay
pub(super) fn integer(value: &Value, least: i128, most: u128) -> Option<u128> {
    match value {
        Value::Unsigned(value) => (*value <= most).then_some(*value),
        Value::Signed(value @ ..0) => (*value >= least).then_some(*value as u128),
        Value::Signed(value) => Some(*value as u128).filter(|value| *value <= most),
        _ => None,
    }
}

/// The least and the most that an integer type can hold.
#[allow(clippy::cast_sign_loss)] // of a number above 0
fn limits(bits: usize, signed: bool) -> (i128, u128) {
    if signed {
        let unused = 128 - bits;
        (i128::MIN >> unused, i128::MAX as u128 >> unused)
    } else {
        (0, u128::MAX >> (128 - bits))
    }
}

/// The error that `value` is not one of that entry.
pub(super) fn refuse_value(tree: &Tree, node: usize, value: &Value) -> WriteError {
    match value {
        Value::Text(text) => refuse(tree, node, text),
        value => refuse(tree, node, &value.to_string()),
    }
}

/// The error that `given` is not a value of that entry.
pub(super) fn refuse(tree: &Tree, node: usize, given: &str) -> WriteError {
    let mut shown: String = given.chars().take(SHOWN).collect();
    if shown.len() < given.len() {
        shown.push('…');
    }
    WriteError::NoValue {
        field: String::new(),
        given: shown,
        expected: expected(tree, node),
    }
}

/// What a value of that entry looks like, for the error.
fn expected(tree: &Tree, node: usize) -> String {
    let facts = tree.row(node).facts;
    let integer = |bits: usize, signed: bool| {
        let (least, most) = limits(bits, signed);
        let name = if signed { "i" } else { "u" };
        match zero(facts) {
            Zero::Absent => format!("optional {name}{bits} (`None`, or {least} to {most} but 0)"),
            Zero::Invalid if signed => format!("nonzero {name}{bits} ({least} to {most}, but 0)"),
            Zero::Invalid => format!("nonzero {name}{bits} (1 to {most})"),
            Zero::Number => format!("{name}{bits} ({least} to {most})"),
        }
    };
    match tree.kind(node) {
        EntryKind::Scalar(Kind::Bool) => "bool (`true` or `false`)".to_owned(),
        EntryKind::Scalar(Kind::Char) => "char (one character)".to_owned(),
        EntryKind::Scalar(kind @ (Kind::F32 | Kind::F64)) => format!("{} (a number)", kind.name()),
        EntryKind::Scalar(kind) => integer(8 * kind.size(), kind.is_signed()),
        EntryKind::Enum(_) => format!("variant (one of {})", names(tree, node)),
        EntryKind::Wide(kind @ (Wide::U128 | Wide::I128)) => integer(128, kind == Wide::I128),
        EntryKind::Wide(Wide::Duration) => "duration (such as `1.5s` or `250ms`)".to_owned(),
        EntryKind::Fixed(kind) => format!("{} (such as `{}`)", kind.name, kind.example),
        EntryKind::Option => match tree.inner(node) {
            Some(inner) => format!("option (`None`, or a {})", expected(tree, inner)),
            None => "option (`None` or `Some(())`)".to_owned(),
        },
        EntryKind::Text => "text (within a list or struct, in double quotes)".to_owned(),
        EntryKind::List => "list (such as `[a, b]`)".to_owned(),
        EntryKind::Array => format!("array of {} (such as `[a, b]`)", facts.count),
        EntryKind::Struct if tree.rows_below(node).any(|(_, row)| row.name == "0") => {
            let parts = tree.children(node).count();
            format!("tuple of {parts} (such as `(a, b)`)")
        }
        EntryKind::Struct => format!("struct with the fields {}", names(tree, node)),
        EntryKind::Opaque => format!("list of {} bytes", facts.size),
        EntryKind::Locked => match tree.inner(node) {
            Some(inner) => expected(tree, inner),
            None => "`()`".to_owned(),
        },
        EntryKind::Variant => "value".to_owned(),
    }
}

fn names(tree: &Tree, node: usize) -> String {
    let names: Vec<&str> = tree.rows_below(node).map(|(_, row)| row.name).collect();
    error::list(&names)
}
