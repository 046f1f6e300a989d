use std::num::NonZeroU8;

use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    value: Option<NonZeroU8>,
}

pub fn main() {
    let _ = Shared::<State>::zeroed();
}
