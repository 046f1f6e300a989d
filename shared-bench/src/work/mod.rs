//! What is measured: for each kind of work, what a peer has to do for it, and the table. No peer is named here.

pub(crate) mod counter;
pub(crate) mod fields;
pub(crate) mod hammered;
pub(crate) mod hand_over;
pub(crate) mod peer;
pub(crate) mod record;
pub(crate) mod recovery;
pub(crate) mod segment;
