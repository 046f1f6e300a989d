//! Encoding values as bytes, by the type of the field that is to hold them.

use super::error::{self, WriteError};
use super::tree::TreeNode;
use super::value::Value;
use crate::format::CapacityExceeded;
use crate::format::kind::{EntryKind, Kind, Wide, Zero};
use crate::format::shape::LENGTH_LEN;
use crate::walk::Node;

/// The most characters of a refused value that its error shows.
const SHOWN: usize = 60;

/// The bytes of the value of one slot, or of a part of an image. An error has the path from there on.
pub(super) fn bytes(node: TreeNode<'_>, value: &Value) -> Result<Vec<u8>, WriteError> {
    let node = node.unlocked();
    let mut bytes = vec![0; node.atomic_size().unwrap_or(node.size())];
    encode(node, value, &mut bytes)?;
    Ok(bytes)
}

/// Writes the value to `out`, which has as many bytes. Those behind the end of a text or list, and those of the value of
/// an option that is `None`, are left as they are.
fn encode(node: TreeNode<'_>, value: &Value, out: &mut [u8]) -> Result<(), WriteError> {
    let refused = || refuse_value(node, value);
    match (node.kind(), value) {
        (None, Value::Nothing) => {}
        (Some(EntryKind::Scalar(kind)), _) => {
            let bits = scalar(kind, node.zero(), value).ok_or_else(refused)?;
            put(bits.into(), out);
        }
        (Some(EntryKind::Enum(_)), Value::Variant { name, .. } | Value::Text(name)) => {
            let variant = node.variants().find(|(other, _)| other == name);
            put(variant.ok_or_else(refused)?.1.into(), out);
        }
        (Some(EntryKind::Wide(Wide::Duration)), Value::Duration(duration)) => {
            put(duration.as_secs().into(), &mut out[..8]);
            put(duration.subsec_nanos().into(), &mut out[8..]);
        }
        (Some(EntryKind::Wide(kind @ (Wide::U128 | Wide::I128))), _) => {
            let (least, most) = limits(128, kind == Wide::I128);
            put(integer(value, least, most).ok_or_else(refused)?, out);
        }
        (Some(EntryKind::Fixed(kind)), Value::Literal(text) | Value::Text(text)) => {
            out.copy_from_slice(&kind.bytes(text).ok_or_else(refused)?);
        }
        (Some(EntryKind::Option), Value::Optional(None)) => out[0] = 0,
        (Some(EntryKind::Option), value) => {
            let value = match value {
                Value::Optional(Some(value)) => value,
                value => value,
            };
            out[0] = 1;
            let inner = node.inner();
            encode(inner, value, &mut out[1..][..inner.size()])?;
        }
        (Some(EntryKind::Text), Value::Text(text)) => {
            CapacityExceeded::check_text(node.count(), text.len())
                .map_err(WriteError::CapacityExceeded)?;
            let (len, bytes) = out.split_at_mut(LENGTH_LEN);
            put(text.len() as u128, len);
            bytes[..text.len()].copy_from_slice(text.as_bytes());
        }
        (Some(EntryKind::List), _) => {
            let values = elements(value).ok_or_else(refused)?;
            CapacityExceeded::check_list(node.count(), values.len())
                .map_err(WriteError::CapacityExceeded)?;
            let (len, bytes) = out.split_at_mut(LENGTH_LEN);
            put(values.len() as u128, len);
            each_element(node, values, |node, offset, value| {
                encode(node, value, &mut bytes[offset..][..node.size()])
            })?;
        }
        (Some(EntryKind::Array | EntryKind::Struct), _) => {
            each_part(node, value, |node, offset, value| {
                encode(node, value, &mut out[offset..][..node.size()])
            })?;
        }
        (Some(EntryKind::Opaque), _) => {
            let bytes = opaque(value).filter(|bytes| bytes.len() == out.len());
            out.copy_from_slice(&bytes.ok_or_else(refused)?);
        }
        _ => return Err(refused()),
    }
    Ok(())
}

/// Stores as many of the low bytes as `out` has.
fn put(bits: u128, out: &mut [u8]) {
    out.copy_from_slice(&bits.to_le_bytes()[..out.len()]);
}

/// Calls `each` with each field of a struct, or element of an array: what it is, its offset, and its value.
///
/// # Errors
///
/// The first error of `each`, with the path from the struct or array on; or that the value has other parts than that.
pub(super) fn each_part<'t>(
    node: TreeNode<'t>,
    value: &Value,
    mut each: impl FnMut(TreeNode<'t>, usize, &Value) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    let refused = || refuse_value(node, value);
    if node.kind() == Some(EntryKind::Array) {
        let values = elements(value).filter(|values| values.len() == node.count());
        return each_element(node, values.ok_or_else(refused)?, each);
    }
    let fields: Vec<_> = node.fields().collect();
    let values: Option<Vec<&Value>> = match value {
        Value::Struct(values) => {
            let value_of = |name: &str| Some(&values.iter().find(|(other, _)| other == name)?.1);
            fields.iter().map(|(name, ..)| value_of(name)).collect()
        }
        value => elements(value).map(|values| values.iter().collect()),
    };
    let values = values.filter(|values| values.len() == fields.len());
    for ((name, offset, node), value) in fields.into_iter().zip(values.ok_or_else(refused)?) {
        each(node, offset, value).map_err(|error| error.in_field(name))?;
    }
    Ok(())
}

fn each_element<'t>(
    node: TreeNode<'t>,
    values: &[Value],
    mut each: impl FnMut(TreeNode<'t>, usize, &Value) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    let (element, stride) = (node.inner(), node.stride());
    for (i, value) in values.iter().enumerate() {
        let each = each(element, i * stride, value);
        each.map_err(|error| error.at_index(i))?;
    }
    Ok(())
}

fn elements(value: &Value) -> Option<&[Value]> {
    match value {
        Value::List(elements) | Value::Array(elements) | Value::Tuple(elements) => Some(elements),
        _ => None,
    }
}

fn opaque(value: &Value) -> Option<Vec<u8>> {
    if let Value::Bytes(bytes) = value {
        return Some(bytes.clone());
    }
    let byte = |value: &Value| Some(integer(value, 0, 255)?.to_le_bytes()[0]);
    elements(value)?.iter().map(byte).collect()
}

/// The bits of a scalar that is not an enum.
fn scalar(kind: Kind, zero: Zero, value: &Value) -> Option<u64> {
    let value = match value {
        Value::Optional(None) if zero == Zero::Absent => return Some(0),
        Value::Optional(Some(value)) if zero == Zero::Absent => value,
        value => value,
    };
    let bits: u64 = match (kind, value) {
        (Kind::Bool, Value::Bool(value)) => (*value).into(),
        (Kind::Char, Value::Char(value)) => (*value).into(),
        (Kind::Char, Value::Text(text)) => text.parse::<char>().ok()?.into(),
        (Kind::Bool | Kind::Char, _) => return None,
        (Kind::F32, _) => narrow(value)?.to_bits().into(),
        (Kind::F64, _) => value.float()?.0.to_bits(),
        #[allow(clippy::cast_possible_truncation)] // the low half of what fits 64 bits
        _ => {
            let (least, most) = limits(8 * kind.size(), kind.is_signed());
            integer(value, least, most)? as u64
        }
    };
    (bits != 0 || zero == Zero::Number).then_some(bits)
}

/// The number as an `f32`; `None` if it is beyond its range.
pub(super) fn narrow(value: &Value) -> Option<f32> {
    let (wide, narrow) = value.float()?;
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

/// The error that it cannot hold `value`.
pub(super) fn refuse_value(node: TreeNode<'_>, value: &Value) -> WriteError {
    match value {
        Value::Text(text) => refuse(node, text),
        value => refuse(node, &value.to_string()),
    }
}

/// The error that `given` is not a value of it.
pub(super) fn refuse(node: TreeNode<'_>, given: &str) -> WriteError {
    let mut shown: String = given.chars().take(SHOWN).collect();
    if shown.len() < given.len() {
        shown.push('…');
    }
    WriteError::NoValue {
        field: String::new(),
        given: shown,
        expected: expected(node),
    }
}

/// What a value looks like, for the error.
fn expected(node: TreeNode<'_>) -> String {
    let integer = |bits: usize, signed: bool| {
        let (least, most) = limits(bits, signed);
        let name = if signed { "i" } else { "u" };
        match node.zero() {
            Zero::Absent => format!("optional {name}{bits} (`None`, or {least} to {most} but 0)"),
            Zero::Invalid if signed => format!("nonzero {name}{bits} ({least} to {most}, but 0)"),
            Zero::Invalid => format!("nonzero {name}{bits} (1 to {most})"),
            Zero::Number => format!("{name}{bits} ({least} to {most})"),
        }
    };
    match node.kind() {
        None | Some(EntryKind::Variant) => "`()`".to_owned(),
        Some(EntryKind::Locked) => expected(node.inner()),
        Some(EntryKind::Scalar(kind)) => match kind {
            Kind::Bool => "bool (`true` or `false`)".to_owned(),
            Kind::Char => "char (one character)".to_owned(),
            Kind::F32 | Kind::F64 => format!("{} (a number)", kind.name()),
            kind => integer(8 * kind.size(), kind.is_signed()),
        },
        Some(EntryKind::Enum(_)) => {
            let names: Vec<&str> = node.variants().map(|(name, _)| name).collect();
            format!("variant (one of {})", error::list(&names))
        }
        Some(EntryKind::Wide(Wide::Duration)) => "duration (such as `1.5s` or `250ms`)".to_owned(),
        Some(EntryKind::Wide(kind)) => integer(128, kind == Wide::I128),
        Some(EntryKind::Fixed(kind)) => format!("{} (such as `{}`)", kind.name, kind.example),
        Some(EntryKind::Option) if node.inner().is_nothing() => {
            "option (`None` or `Some(())`)".to_owned()
        }
        Some(EntryKind::Option) => format!("option (`None`, or a {})", expected(node.inner())),
        Some(EntryKind::Text) => "text (within a list or struct, in double quotes)".to_owned(),
        Some(EntryKind::List) => "list (such as `[a, b]`)".to_owned(),
        Some(EntryKind::Array) => format!("array of {} (such as `[a, b]`)", node.count()),
        Some(EntryKind::Struct) if node.is_tuple() => {
            format!("tuple of {} (such as `(a, b)`)", node.fields().count())
        }
        Some(EntryKind::Struct) => {
            let names: Vec<&str> = node.fields().map(|(name, ..)| name).collect();
            format!("struct with the fields {}", error::list(&names))
        }
        Some(EntryKind::Opaque) => format!("list of {} bytes", node.size()),
    }
}
