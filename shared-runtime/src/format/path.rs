//! The path to a field, built from the innermost name outwards, and what a field is called in messages.

/// Puts `name`, or `[index]`, before `path`.
pub(crate) fn prepend(path: &mut String, name: &str) {
    if !(name.is_empty() || path.is_empty() || path.starts_with('[')) {
        path.insert(0, '.');
    }
    path.insert_str(0, name);
}

/// An error that tells which field it is about.
///
/// While `segment` is empty, `path` starts at the slot whose verb was called, and grows outwards. Once the segment is
/// known, the path starts at the state, and is complete.
pub(crate) struct Location<'e> {
    pub path: &'e mut String,
    /// As it is called in messages, such as ``segment `web` ``.
    pub segment: &'e mut String,
}

/// An error that has a [`Location`].
pub(crate) trait Located {
    /// `None` if it is not about a field.
    fn location(&mut self) -> Option<Location<'_>>;

    /// Puts `name` before the path, unless that is complete.
    fn prepend(&mut self, name: &str) {
        match self.location() {
            Some(location) if location.segment.is_empty() => prepend(location.path, name),
            _ => {}
        }
    }
}

/// What is at fault, at the start of a sentence; `slot` if nothing is known of it.
pub(crate) fn subject(path: &str, segment: &str, slot: &str) -> String {
    match (path, segment) {
        ("", "") => slot.to_owned(),
        ("", segment) => format!("the slot of {segment}"),
        (path, "") => format!("field `{path}`"),
        (path, segment) => format!("field `{path}` of {segment}"),
    }
}
