//! Which attributes of a field go together, and how they ask for it to be stored.

use syn::Type;

use crate::attr::Arguments;
use crate::errors::Errors;
use crate::model::{FieldStore, Mode};

/// The mode of a field about which there is an error.
pub(super) const REFUSED: Mode = Mode {
    store: FieldStore::Refused,
    padded: false,
};

/// How the attributes ask for the field to be stored; `locked` if its struct is locked as a whole.
pub(super) fn mode(
    field: &syn::Field,
    arguments: &Arguments,
    locked: bool,
    errors: &mut Errors,
) -> Mode {
    let has = |name: &str| arguments.get(name).is_some();
    if let Some((name, why)) = contradiction(&has, locked) {
        if let Some(argument) = arguments.get(name) {
            errors.at(&argument.name, why);
        }
        return REFUSED;
    }
    let store = if has("capacity") {
        match arguments.capacity(errors) {
            Some(most) => FieldStore::Capacity(most),
            None => return REFUSED,
        }
    } else if has("pod") {
        FieldStore::Pod {
            depth: depth(&field.ty),
        }
    } else if has("lock") {
        FieldStore::Lock
    } else if has("watch") {
        FieldStore::Watch
    } else {
        FieldStore::Inline
    };
    Mode {
        store,
        padded: has("cache_padded"),
    }
}

/// The attribute that does not go with the others, and why.
fn contradiction(
    has: &impl Fn(&str) -> bool,
    locked: bool,
) -> Option<(&'static str, &'static str)> {
    let rules = [
        (
            has("capacity") && has("pod"),
            "pod",
            "`pod` is for a single value, and `capacity` for text and lists; put the `pod` type in a struct with the derive, and have a list of that",
        ),
        (
            has("capacity") && has("lock"),
            "lock",
            "`lock` adds nothing to `capacity`: text and lists change as one; remove `lock`",
        ),
        (
            has("pod") && has("lock"),
            "lock",
            "`lock` adds nothing to `pod`: the value is locked and read as a whole; remove `lock`",
        ),
        (
            has("watch") && has("lock"),
            "watch",
            "`watch` adds nothing to `lock`: a locked slot can be waited for as it is; remove `watch`",
        ),
        (
            has("watch") && has("capacity"),
            "watch",
            "`watch` adds nothing to `capacity`: text and lists can be waited for as they are; remove `watch`",
        ),
        (
            has("watch") && has("pod"),
            "watch",
            "`watch` adds nothing to `pod`: the value is locked and can be waited for as it is; remove `watch`",
        ),
        (
            locked && has("watch"),
            "watch",
            "the whole struct is one slot, which can be waited for as it is; remove `watch`",
        ),
        (
            locked && has("lock"),
            "lock",
            "the whole struct is locked already; remove `lock` here or on the struct",
        ),
        (
            locked && has("cache_padded"),
            "cache_padded",
            "the fields of a locked struct lie in one image; put `cache_padded` on the field that holds the struct",
        ),
    ];
    rules
        .into_iter()
        .find(|(applies, ..)| *applies)
        .map(|(_, name, why)| (name, why))
}

/// Of how many arrays, one within the other, the type is written.
fn depth(ty: &Type) -> usize {
    match ty {
        Type::Group(inner) => depth(&inner.elem),
        Type::Paren(inner) => depth(&inner.elem),
        Type::Array(array) => 1 + depth(&array.elem),
        _ => 0,
    }
}
