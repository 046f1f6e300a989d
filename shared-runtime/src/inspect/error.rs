//! Reading and writing the fields of a segment whose type is not known.

use core::fmt;

use crate::error::debug_as_display;
use crate::format::path::prepend;
use crate::format::{CapacityExceeded, Corrupt};
use crate::lock::{TimedOut, UpdateError};

/// Why there is no field of a path.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldError {
    /// The text is no path.
    Path {
        /// The text.
        path: String,
    },
    /// A struct has no field of that name.
    NoField {
        /// The name.
        name: String,
        /// The path of the struct; empty for the state itself.
        within: String,
        /// The fields that it has.
        existing: Vec<String>,
    },
    /// An array is not as long, or a list can never be.
    NoElement {
        /// The index.
        index: usize,
        /// The path of the array or list; empty for the state itself.
        within: String,
        /// How many elements there are, or can be.
        len: usize,
    },
    /// What is neither a struct nor an array has no such parts, and a struct has none by number.
    NoParts {
        /// The name, or the index in brackets.
        step: String,
        /// The path of what has no parts; empty for the state itself.
        within: String,
        /// Its type.
        ty: String,
    },
}

/// Of the fields that there are, at most so many are told.
const FIELDS_SHOWN: usize = 16;

fn subject(path: &str) -> String {
    if path.is_empty() {
        "the state".to_owned()
    } else {
        format!("`{path}`")
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FieldError::Path { path } => write!(
                f,
                "{path:?} is no path of a field; expected names with dots between and indices in brackets, such as `window.low` or `rows[2].count`"
            ),
            FieldError::NoField {
                name,
                within,
                existing,
            } => {
                write!(f, "no field `{name}` in {}; it has ", subject(within))?;
                let shown = existing.iter().take(FIELDS_SHOWN);
                let shown: Vec<String> = shown.map(|name| format!("`{name}`")).collect();
                match existing.len() {
                    0 => f.write_str("none"),
                    n if n > FIELDS_SHOWN => {
                        write!(f, "{} and {} more", shown.join(", "), n - FIELDS_SHOWN)
                    }
                    _ => f.write_str(&shown.join(", ")),
                }
            }
            FieldError::NoElement { index, within, len } => write!(
                f,
                "{} has no element {index}: its length is {len}",
                subject(within)
            ),
            FieldError::NoParts { step, within, ty } => {
                write!(f, "{} is {ty}, and has no part `{step}`", subject(within))
            }
        }
    }
}

debug_as_display!(FieldError);

impl std::error::Error for FieldError {}

/// Why a field could not be read.
#[derive(Clone)]
#[non_exhaustive]
pub enum ReadError {
    /// The bytes are no value.
    Corrupt(Corrupt),
    /// The value has too many parts, or too many bytes, to be read as one: read its
    /// [`children`](crate::inspect::Field::children).
    TooLarge {
        /// The path of the field.
        field: String,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Corrupt(corrupt) => corrupt.fmt(f),
            ReadError::TooLarge { field } => write!(
                f,
                "{} is too large to be read as one; read its parts",
                subject(field)
            ),
        }
    }
}

debug_as_display!(ReadError);

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ReadError::Corrupt(source) => Some(source),
            ReadError::TooLarge { .. } => None,
        }
    }
}

/// Why a field was not changed. It has the value that it had.
#[non_exhaustive]
pub enum WriteError {
    /// What is to be written is no value of the type.
    NoValue {
        /// The path of the field.
        field: String,
        /// What is to be written, as far as it is shown.
        given: String,
        /// What could be, such as `u8 (0 to 255)`.
        expected: String,
    },
    /// A text or list is too long.
    CapacityExceeded(CapacityExceeded),
    /// Only numbers can be added to.
    NoNumber {
        /// The path of the field.
        field: String,
        /// Its type.
        ty: String,
    },
    /// The field is not there now: it lies in an option that is `None`, or behind the end of a list.
    Absent {
        /// The path of the field.
        field: String,
    },
    /// The lock of its slot was not got, or what was there cannot be changed.
    Update {
        /// The path of the field.
        field: String,
        /// Why.
        source: UpdateError,
    },
}

impl WriteError {
    pub(crate) fn in_field(self, name: &str) -> Self {
        match self {
            WriteError::NoValue {
                mut field,
                given,
                expected,
            } => {
                prepend(&mut field, name);
                WriteError::NoValue {
                    field,
                    given,
                    expected,
                }
            }
            WriteError::CapacityExceeded(error) => {
                WriteError::CapacityExceeded(error.in_field(name))
            }
            error => error,
        }
    }

    pub(crate) fn at_index(self, index: usize) -> Self {
        self.in_field(&format!("[{index}]"))
    }

    /// Of a field of that path, which is empty for the state itself.
    pub(crate) fn in_path(self, path: &str) -> Self {
        if path.is_empty() {
            self
        } else {
            self.in_field(path)
        }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::NoValue {
                field,
                given,
                expected,
            } => write!(f, "{}: `{given}` is no {expected}", subject(field)),
            WriteError::CapacityExceeded(error) => error.fmt(f),
            WriteError::NoNumber { field, ty } => {
                write!(
                    f,
                    "{} is {ty}, and only numbers can be added to",
                    subject(field)
                )
            }
            WriteError::Absent { field } => write!(
                f,
                "{} is not there now: it lies in an option that is `None`, or behind the end of a list; write the option or list as a whole",
                subject(field)
            ),
            WriteError::Update { field, source } => write!(f, "{}: {source}", subject(field)),
        }
    }
}

debug_as_display!(WriteError);

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            WriteError::CapacityExceeded(source) => Some(source),
            WriteError::Update { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// Why waiting for a field has ended without what was waited for.
#[derive(Clone)]
#[non_exhaustive]
pub enum WaitError {
    /// The time given is over.
    TimedOut(TimedOut),
    /// The field cannot be read.
    Read(ReadError),
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WaitError::TimedOut(error) => error.fmt(f),
            WaitError::Read(error) => error.fmt(f),
        }
    }
}

debug_as_display!(WaitError);

impl std::error::Error for WaitError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            WaitError::TimedOut(source) => Some(source),
            WaitError::Read(source) => Some(source),
        }
    }
}
