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

/// All slots at or below some fields, in order and lazily.
pub(crate) struct Slots<'a, A: Access> {
    open: Vec<Level<'a, A>>,
    longest: usize,
    shown: usize,
}

struct Level<'a, A: Access> {
    fields: Box<dyn Iterator<Item = Field<'a, A>> + 'a>,
    left: usize,
    /// The path and the length of the array that `left` cuts.
    cut: Option<(String, usize)>,
}

impl<'a, A: Access> Slots<'a, A> {
    /// Of an array with more than `longest` elements, the first `shown`.
    pub(crate) fn of(
        fields: impl Iterator<Item = Field<'a, A>> + 'a,
        longest: usize,
        shown: usize,
    ) -> Self {
        let level = Level {
            fields: Box::new(fields),
            left: usize::MAX,
            cut: None,
        };
        Slots {
            open: vec![level],
            longest,
            shown,
        }
    }

    fn enter(&mut self, field: Field<'a, A>) {
        let len = field.capacity().unwrap_or(0);
        let cut = field.is_array() && len > self.longest;
        self.open.push(Level {
            left: if cut { self.shown } else { usize::MAX },
            cut: cut.then(|| (field.path().to_owned(), len)),
            fields: field.children(),
        });
    }
}

impl<'a, A: Access> Iterator for Slots<'a, A> {
    type Item = Found<'a, A>;

    fn next(&mut self) -> Option<Found<'a, A>> {
        loop {
            let level = self.open.last_mut()?;
            if level.left == 0 {
                let level = self.open.pop()?;
                let (path, len) = level.cut.unwrap_or_default();
                let shown = self.shown;
                return Some(Found::Cut { path, shown, len });
            }
            level.left -= 1;
            match level.fields.next() {
                None => drop(self.open.pop()),
                Some(field) if field.is_leaf() => return Some(Found::Slot(field)),
                Some(field) => self.enter(field),
            }
        }
    }
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
