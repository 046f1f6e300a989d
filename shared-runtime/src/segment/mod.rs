//! One mapping: header, field table, slots; how it comes to be, and how it is found again.

mod draft;
mod error;
mod mapped;
mod open;
mod origin;
mod remove;
mod token;

pub(crate) use draft::{anonymous, draft, make_way};
pub use error::{CreateError, OpenError, RemoveError};
pub(crate) use mapped::{Definition, Segment};
pub(crate) use open::{Found, Terms, by_name, by_token, creator, inherited, not_found, open};
pub(crate) use origin::Backing;
pub use remove::remove;
pub(crate) use remove::{existing_names, reclaim};
pub(crate) use token::Token;
