//! Values in formats such as JSON.

use serde_core::ser::{Serialize, SerializeMap, Serializer};

use super::value::Value;

/// With the feature `serde`: numbers as numbers, variants by name, durations as text such as `1.5s`, options as `null` or
/// what is in them, structs as maps, all other collections and bytes as sequences; what is not there as `null`. A float
/// that is not a number is what the format makes of it (in JSON, `null`).
///
/// What this gives in JSON can be given to [`set_str`](super::Field::set_str).
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
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
            Value::Bytes(bytes) => serializer.collect_seq(bytes),
            Value::Optional(None) | Value::Nothing | Value::Absent => serializer.serialize_none(),
        }
    }
}
