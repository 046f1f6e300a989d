//! A value whose type is known only at run time.

use core::fmt;
use std::time::Duration;

#[cfg(feature = "serde")]
use serde_core::ser::{Serialize, Serializer};

/// What a field holds, or is to hold: see [`Field::get`](super::Field::get) and [`Field::set`](super::Field::set).
///
/// `{}` shows all of it, in the form that `{:?}` of a handle has; [`set_str`](super::Field::set_str) accepts that text.
///
/// ```
/// use shmstate::inspect::Value;
///
/// let pair = Value::Tuple(vec![3_u32.into(), Value::from("three")]);
/// assert_eq!(pair.to_string(), r#"(3, "three")"#);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A character.
    Char(char),
    /// An integer of an unsigned type, of up to 128 bits.
    Unsigned(u128),
    /// An integer of a signed type, of up to 128 bits.
    Signed(i128),
    /// A float of 32 bits.
    F32(f32),
    /// A float of 64 bits.
    F64(f64),
    /// A variant of a fieldless enum.
    Variant {
        /// Its name.
        name: String,
        /// The number that is stored for it.
        number: i128,
    },
    /// Text.
    Text(String),
    /// A span of time.
    Duration(Duration),
    /// A value of some other kind, such as an address or a point in time, as its text.
    Literal(String),
    /// An `Option`. (If this variant had that name, the compiler's messages would spell out `std::option::Option`.)
    Optional(Option<Box<Value>>),
    /// The elements that a list has now.
    List(Vec<Value>),
    /// An array.
    Array(Vec<Value>),
    /// A tuple, or a struct whose fields have no names.
    Tuple(Vec<Value>),
    /// A struct: each field's name and value. A segment does not have the names of the types of fields.
    Struct(Vec<(String, Value)>),
    /// Bytes of which nothing is known: a `#[shared(pod)]` field.
    Bytes(Vec<u8>),
    /// What has no bytes: `()`.
    Nothing,
    /// The field is not there now: it lies in an option that is `None`, or behind the end of a list.
    Absent,
}

impl Value {
    /// The value as a number, rounded where it has to be; `None` if it is not one. A `bool` is 0 or 1.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Bool(value) => Some(f64::from(u8::from(*value))),
            Value::Duration(value) => Some(value.as_secs_f64()),
            Value::Optional(Some(value)) => value.as_f64(),
            value => value.float().map(|(wide, _)| wide),
        }
    }

    /// A number as a float of 64 and of 32 bits.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // rounded, as everywhere
    pub(super) fn float(&self) -> Option<(f64, f32)> {
        Some(match self {
            Value::F64(value) => (*value, *value as f32),
            Value::F32(value) => ((*value).into(), *value),
            Value::Unsigned(value) => (*value as f64, *value as f32),
            Value::Signed(value) => (*value as f64, *value as f32),
            _ => return None,
        })
    }
}

/// A value for the formatting helpers of `fmt`, which show parts by `Debug`.
struct ShownValue<'a>(&'a Value);

impl fmt::Debug for ShownValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Bool(value) => fmt::Debug::fmt(value, f),
            Value::Char(value) => fmt::Debug::fmt(value, f),
            Value::Unsigned(value) => fmt::Debug::fmt(value, f),
            Value::Signed(value) => fmt::Debug::fmt(value, f),
            Value::F32(value) => fmt::Debug::fmt(value, f),
            Value::F64(value) => fmt::Debug::fmt(value, f),
            Value::Variant { name: text, .. } | Value::Literal(text) => f.write_str(text),
            Value::Text(text) => fmt::Debug::fmt(text, f),
            Value::Duration(duration) => fmt::Debug::fmt(duration, f),
            Value::Optional(None) => f.write_str("None"),
            Value::Optional(Some(value)) => {
                f.debug_tuple("Some").field(&ShownValue(value)).finish()
            }
            Value::List(elements) | Value::Array(elements) => f
                .debug_list()
                .entries(elements.iter().map(ShownValue))
                .finish(),
            Value::Tuple(parts) => {
                let mut tuple = f.debug_tuple("");
                for part in parts {
                    tuple.field(&ShownValue(part));
                }
                tuple.finish()
            }
            Value::Struct(fields) => {
                let mut map = f.debug_map();
                for (name, value) in fields {
                    // Without the quotes that a text has.
                    map.entry(&format_args!("{name}"), &ShownValue(value));
                }
                map.finish()
            }
            Value::Bytes(bytes) => f.debug_list().entries(bytes).finish(),
            Value::Nothing => f.write_str("()"),
            Value::Absent => f.write_str("-"),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&ShownValue(self), f)
    }
}

/// With the feature `serde`: numbers as numbers, variants by name, durations as text such as `1.5s`, options as `null` or
/// their value, structs as maps, all other collections and bytes as sequences, and absent fields as `null`. A float that
/// is not a number becomes what the format makes of it (in JSON, `null`).
///
/// What this gives in JSON can be given to [`set_str`](super::Field::set_str).
#[cfg(feature = "serde")]
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Char(value) => serializer.serialize_char(*value),
            // Few formats have integers that wide.
            Value::Unsigned(value) => match u64::try_from(*value) {
                Ok(value) => serializer.serialize_u64(value),
                Err(_) => serializer.serialize_u128(*value),
            },
            Value::Signed(value) => match i64::try_from(*value) {
                Ok(value) => serializer.serialize_i64(value),
                Err(_) => serializer.serialize_i128(*value),
            },
            Value::F32(value) => serializer.serialize_f32(*value),
            Value::F64(value) => serializer.serialize_f64(*value),
            Value::Variant { name, .. } => serializer.serialize_str(name),
            Value::Text(text) | Value::Literal(text) => serializer.serialize_str(text),
            Value::Duration(duration) => serializer.collect_str(&format_args!("{duration:?}")),
            Value::Optional(Some(value)) => serializer.serialize_some(&**value),
            Value::List(parts) | Value::Array(parts) | Value::Tuple(parts) => {
                serializer.collect_seq(parts)
            }
            Value::Struct(fields) => {
                serializer.collect_map(fields.iter().map(|(name, value)| (name, value)))
            }
            Value::Bytes(bytes) => serializer.collect_seq(bytes),
            Value::Optional(None) | Value::Nothing | Value::Absent => serializer.serialize_none(),
        }
    }
}

macro_rules! from {
    ($($($ty:ty),+: $value:ident => $made:expr;)*) => {$($(
        impl From<$ty> for Value {
            fn from($value: $ty) -> Value {
                $made
            }
        }
    )+)*};
}

from! {
    bool: value => Value::Bool(value);
    char: value => Value::Char(value);
    u8, u16, u32, u64: value => Value::Unsigned(value.into());
    u128: value => Value::Unsigned(value);
    usize: value => Value::Unsigned(value as u128);
    i8, i16, i32, i64: value => Value::Signed(value.into());
    i128: value => Value::Signed(value);
    isize: value => Value::Signed(value as i128);
    f32: value => Value::F32(value);
    f64: value => Value::F64(value);
    &str: text => Value::Text(text.to_owned());
    String: text => Value::Text(text);
    Duration: duration => Value::Duration(duration);
    (): _value => Value::Nothing;
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        Value::Optional(value.map(|value| Box::new(value.into())))
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(elements: Vec<T>) -> Value {
        Value::List(elements.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>, const N: usize> From<[T; N]> for Value {
    fn from(elements: [T; N]) -> Value {
        Value::Array(elements.into_iter().map(Into::into).collect())
    }
}
