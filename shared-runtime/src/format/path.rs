//! The path to a field, built from the innermost name outwards.

/// Puts `name`, or `[index]`, before `path`.
pub(crate) fn prepend(path: &mut String, name: &str) {
    let separator = if path.is_empty() || path.starts_with('[') {
        ""
    } else {
        "."
    };
    *path = format!("{name}{separator}{path}");
}

/// What is at fault, at the start of a sentence.
pub(super) fn subject(path: &str) -> String {
    if path.is_empty() {
        "the slot".to_owned()
    } else {
        format!("field `{path}`")
    }
}
