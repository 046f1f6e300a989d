//! Everything that can be done with a segment by an `Inspector`.

use std::hint::black_box;
use std::time::Duration;

use shmstate::access::{Access, Write};
use shmstate::inspect::{Field, Inspector, Value, WriteError};

/// Of a segment with more leaves, so many are looked at.
const MOST_LEAVES: usize = 300;
/// Of an array or list, and in depth.
const MOST_CHILDREN: usize = 20;

/// Looks at all of a segment.
pub fn look<A: Access>(inspector: &Inspector<A>) {
    black_box((inspector.name(), inspector.id(), inspector.token()));
    black_box((inspector.type_name(), inspector.size()));
    black_box(inspector.description());
    black_box(inspector.schema().to_string());
    look_at(&inspector.root(), 0);
    for field in inspector.fields().take(MOST_LEAVES) {
        let path = field.path();
        let found = inspector.field(path).map(|found| found.path().to_owned());
        // A name may hold what a path has between names.
        if !path.contains(['.', '[', ']']) && !path.is_empty() {
            assert_eq!(found.as_deref().ok(), Some(path), "{found:?}");
        }
    }
    for leaf in inspector.root().leaves().take(MOST_LEAVES) {
        look_at(&leaf, 0);
    }
}

fn look_at<A: Access>(field: &Field<'_, A>, depth: usize) {
    black_box(format!("{field:?}"));
    black_box((field.path(), field.ty(), field.access(), field.help()));
    black_box((field.is_number(), field.is_array(), field.is_struct()));
    black_box((field.is_counter(), field.variants(), field.capacity()));
    black_box((field.version(), field.recoveries(), field.holder()));
    match field.get() {
        Ok(value) => drop(black_box((
            value.to_string(),
            serde_json::to_string(&value),
        ))),
        Err(error) => drop(black_box(error.to_string())),
    }
    let len = field.len();
    if let (Some(len), Some(capacity)) = (len, field.capacity()) {
        assert!(len <= capacity, "{} has {len} of {capacity}", field.path());
    }
    match field.bytes() {
        Ok(Some(bytes)) => assert!(bytes.len() <= field.size()),
        Ok(None) => assert_eq!(field.get().ok(), Some(Value::Absent)),
        Err(error) => drop(black_box(error.to_string())),
    }
    let _ = field.wait_until_for(Duration::ZERO, |_| false);
    if depth < 8 {
        for child in field.clone().children().take(MOST_CHILDREN) {
            look_at(&child, depth + 1);
        }
    }
}

/// Writes each field: what it holds, as a value and as text, and all sorts of values, most of which do not fit.
pub fn change(inspector: &Inspector<Write>) {
    let root = inspector.root();
    let fields = || root.clone().leaves().take(MOST_LEAVES);
    for field in fields().chain(fields().flat_map(|leaf| leaf.children().take(MOST_CHILDREN))) {
        change_one(&field);
    }
}

fn change_one(field: &Field<'_, Write>) {
    match field.get() {
        Ok(Value::Absent) => assert!(field.set("a value").is_err(), "{}", field.path()),
        Ok(value) => set_and_get(field, &value),
        Err(error) => drop(black_box(error.to_string())),
    }
    let amounts: [Value; 4] = [1_u8.into(), i128::MIN.into(), u128::MAX.into(), 0.5.into()];
    for amount in amounts {
        if field.add(amount).is_ok() {
            assert!(field.is_number());
        }
    }
    let values: [Value; 10] = [
        0_u8.into(),
        u128::MAX.into(),
        i128::MIN.into(),
        f64::NAN.into(),
        true.into(),
        "text that is too long for some".into(),
        Duration::MAX.into(),
        None::<u8>.into(),
        vec![1_u8; 40].into(),
        Value::Bytes(vec![0; 4]),
    ];
    for value in values {
        if let Err(error) = field.set(value) {
            black_box(error.to_string());
        }
    }
    for text in [
        "",
        "7",
        "-7",
        "None",
        "Some(3)",
        "[1, 2]",
        "(",
        "{a: 1}",
        "\"\\u{41}\"",
        "[[[[[[",
    ] {
        if let Err(error) = field.set_str(text) {
            black_box(error.to_string());
        }
    }
}

/// What has been read can be written, unless somebody is said to hold the lock.
fn set_and_get(field: &Field<'_, Write>, value: &Value) {
    let shown = text_of(value);
    for written in [field.set(value.clone()), field.set_str(&shown)] {
        match written {
            Ok(()) => {
                let found = field.get().map(|found| found.to_string());
                assert_eq!(found.ok(), Some(value.to_string()), "{}", field.path());
            }
            Err(WriteError::Update { .. }) => {}
            // An enum of a forger may have two variants of one name, and a struct two such fields.
            Err(error) => drop(black_box(error.to_string())),
        }
    }
}

/// What gives a field that value: text stands for itself there.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        value => value.to_string(),
    }
}
