//! Errors of reading and writing the fields of a segment whose type is not known.

use core::fmt::Display;

use crate::error::debug_as_display;
use crate::format::path::{Located, prepend};
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::{TimedOut, UpdateError};

/// Why a path leads to no field.
#[derive(thiserror::Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldError {
    /// The text is not a path.
    #[error(
        "{path:?} is not a path of a field; expected names with dots between and indices in brackets, such as `window.low` or `rows[2].count`"
    )]
    Path {
        /// The text.
        path: String,
    },
    /// A struct has no field of that name.
    #[error("no field `{name}` in {}; it has {}", subject(.within), list(.existing))]
    NoField {
        /// The name.
        name: String,
        /// The path of the struct; empty for the state itself.
        within: String,
        /// The fields that it has.
        existing: Vec<String>,
    },
    /// The index is beyond the length of an array, or the capacity of a list.
    #[error("{} has no element {index}: its length is {len}", subject(.within))]
    NoElement {
        /// The index.
        index: usize,
        /// The path of the array or list; empty for the state itself.
        within: String,
        /// How many elements the array has, or the list can have.
        len: usize,
    },
    /// The path goes on with a name where there is no struct, or with an index where there is no array or list.
    #[error("{} is {ty}, and has no part `{step}`", subject(.within))]
    NoParts {
        /// The name, or the index in brackets.
        step: String,
        /// The path of what has no parts; empty for the state itself.
        within: String,
        /// Its type.
        ty: String,
    },
}

fn subject(path: &str) -> String {
    if path.is_empty() {
        "the state".to_owned()
    } else {
        format!("`{path}`")
    }
}

/// The first names of a list that may be long.
pub(super) fn list(names: &[impl Display]) -> String {
    const SHOWN: usize = 16;
    let shown = names.iter().take(SHOWN);
    let shown: Vec<String> = shown.map(|name| format!("`{name}`")).collect();
    match names.len() {
        0 => "none".to_owned(),
        n if n > SHOWN => format!("{} and {} more", shown.join(", "), n - SHOWN),
        _ => shown.join(", "),
    }
}

debug_as_display!(FieldError);

/// Why a field could not be read.
#[derive(thiserror::Error, Clone)]
#[non_exhaustive]
pub enum ReadError {
    /// The bytes are not a value.
    #[error("{0}")]
    Corrupt(#[source] Corrupt),
    /// The value has too many parts, or too many bytes, to be read as one: read its
    /// [`children`](crate::inspect::Field::children).
    #[error("{} is too large to be read as one; read its parts", subject(.field))]
    TooLarge {
        /// The path of the field.
        field: String,
    },
}

impl ReadError {
    pub(super) fn in_field(mut self, name: &str) -> Self {
        // It is the field as a whole that is too large.
        if let ReadError::Corrupt(corrupt) = &mut self {
            corrupt.prepend(name);
        }
        self
    }

    pub(super) fn at_index(self, index: usize) -> Self {
        self.in_field(&format!("[{index}]"))
    }

    /// Of the field of that path, which is empty for the state itself.
    pub(super) fn in_path(mut self, path: &str) -> Self {
        match &mut self {
            ReadError::TooLarge { field } => path.clone_into(field),
            ReadError::Corrupt(corrupt) => corrupt.prepend(path),
        }
        self
    }
}

debug_as_display!(ReadError);

/// Why a field was not changed. It keeps the value that it had.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The value to write is not one of the type.
    #[error("{}: expected {expected}, found `{given}`", subject(.field))]
    NoValue {
        /// The path of the field.
        field: String,
        /// The value to write; a long one is cut off.
        given: String,
        /// What the field takes, such as `u8 (0 to 255)`.
        expected: String,
    },
    /// A text or list is too long.
    #[error("{0}")]
    CapacityExceeded(#[source] CapacityExceeded),
    /// Only numbers can be added to.
    #[error("{} is {ty}, and only numbers can be added to", subject(.field))]
    NoNumber {
        /// The path of the field.
        field: String,
        /// Its type.
        ty: String,
    },
    /// The field is not there now: it lies in an option that is `None`, or behind the end of a list.
    #[error(
        "{} is not there now: it lies in an option that is `None`, or behind the end of a list; write the option or list as a whole",
        subject(.field)
    )]
    Absent {
        /// The path of the field.
        field: String,
    },
    /// The lock of its slot was not acquired, or the slot cannot be changed.
    #[error("{}: {source}", subject(.field))]
    Update {
        /// The path of the field.
        field: String,
        /// Why.
        source: UpdateError,
    },
}

impl WriteError {
    pub(super) fn in_field(mut self, name: &str) -> Self {
        match &mut self {
            WriteError::NoValue { field, .. } => prepend(field, name),
            WriteError::CapacityExceeded(error) => error.prepend(name),
            _ => {}
        }
        self
    }

    pub(super) fn at_index(self, index: usize) -> Self {
        self.in_field(&format!("[{index}]"))
    }
}

debug_as_display!(WriteError);

/// Why waiting for a field ended before its condition held.
#[derive(thiserror::Error, Clone)]
#[non_exhaustive]
pub enum WaitError {
    /// The time limit has passed.
    #[error("{0}")]
    TimedOut(#[source] TimedOut),
    /// The field cannot be read.
    #[error("{0}")]
    Read(#[source] ReadError),
}

debug_as_display!(WaitError);
