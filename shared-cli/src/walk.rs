//! Going through the fields of a segment.

use shmstate::Access;
use shmstate::inspect::{Field, Value};

/// What is found on the way.
pub(crate) enum Found<'a, A: Access> {
    /// A slot, or a part of one that was asked for: it has a value.
    Slot(Field<'a, A>),
    /// An array of which the rest is left out.
    Cut {
        /// Its path.
        path: String,
        /// How many of its elements were gone through.
        shown: usize,
        /// How many it has.
        len: usize,
    },
}

/// All slots at or below some fields, in order and lazily. Of an array with more than `longest` elements, those of the
/// first `shown`.
pub(crate) fn slots<'a, A: Access>(
    fields: impl Iterator<Item = Field<'a, A>> + 'a,
    longest: usize,
    shown: usize,
) -> impl Iterator<Item = Found<'a, A>> + 'a {
    fields.flat_map(move |field| slots_of(field, longest, shown))
}

fn slots_of<'a, A: Access>(
    field: Field<'a, A>,
    longest: usize,
    shown: usize,
) -> Box<dyn Iterator<Item = Found<'a, A>> + 'a> {
    if field.is_leaf() {
        return Box::new(std::iter::once(Found::Slot(field)));
    }
    let len = field.capacity().unwrap_or(0);
    if !field.is_array() || len <= longest {
        return Box::new(slots(field.children(), longest, shown));
    }
    let path = field.path().to_owned();
    let first = slots(field.children().take(shown), longest, shown);
    Box::new(first.chain(std::iter::once(Found::Cut { path, shown, len })))
}

/// The value of a slot by its parts: a struct, then each of its fields; anything else is one part. Of a struct there is
/// no value, but that of its fields.
pub(crate) fn parts<A: Access>(
    field: &Field<'_, A>,
    value: &Value,
    found: &mut dyn FnMut(&Field<'_, A>, Option<&Value>),
) {
    let Value::Struct(values) = value else {
        return found(field, Some(value));
    };
    found(field, None);
    for (part, (_, value)) in field.clone().children().zip(values) {
        parts(&part, value, found);
    }
}

/// Whether its value is shown by its parts: it is a struct whose fields have names.
pub(crate) fn has_named_parts<A: Access>(field: &Field<'_, A>) -> bool {
    let is_numbered = |part: Field<'_, A>| part.path().rsplit('.').next() == Some("0");
    field.is_struct() && !field.clone().children().next().is_some_and(is_numbered)
}
