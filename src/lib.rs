//! x
pub use shared_derive::SharedState;
#[doc(hidden)]
pub use shared_runtime::__private;
pub use shared_runtime::{Access, Corrupt, SharedState, Slot, Zeroed, access, mode, slot};

/// What most programs import.
pub mod prelude {
    pub use crate::{Access, SharedState, Slot};
}
