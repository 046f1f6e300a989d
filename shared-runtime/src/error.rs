//! The error of a system call, and how errors show.

use std::io;

/// `main` and `unwrap` show errors by `Debug`: they should be as readable there.
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

/// A call of the system that failed: what was being done, and the system's error.
#[derive(Debug, thiserror::Error)]
#[error("could not {action}: {source}")]
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

/// How messages call a segment.
pub(crate) fn label(name: Option<&str>) -> String {
    name.map_or_else(
        || "anonymous segment".to_owned(),
        |name| format!("segment `{}`", name.escape_debug()),
    )
}
