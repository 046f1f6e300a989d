//! What can go wrong, by operation.

/// `main` and `unwrap` show errors by `Debug`: they should read as well there.
macro_rules! debug_as_display {
    ($error:ty) => {
        impl core::fmt::Debug for $error {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(self, f)
            }
        }
    };
}
pub(crate) use debug_as_display;

use core::fmt;
use std::io;

/// A call of the system that failed: what was being done, and the system's word for it.
#[derive(Debug)]
#[non_exhaustive]
pub struct SystemError {
    /// What was being done, such as `map the memory`.
    pub action: &'static str,
    /// The system's error.
    pub source: io::Error,
}

impl SystemError {
    /// For `map_err`.
    pub(crate) fn when<E: Into<io::Error>>(action: &'static str) -> impl FnOnce(E) -> Self {
        move |source| SystemError {
            action,
            source: source.into(),
        }
    }
}

impl fmt::Display for SystemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not {}: {}", self.action, self.source)
    }
}

impl std::error::Error for SystemError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// How a segment is called in messages.
pub(crate) fn label(name: Option<&str>) -> String {
    name.map_or_else(
        || "anonymous segment".to_owned(),
        |name| format!("segment `{}`", name.escape_debug()),
    )
}
