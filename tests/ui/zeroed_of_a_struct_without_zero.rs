use std::num::NonZeroU8;

use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    value: NonZeroU8,
}

fn main() {
    let _ = Shared::<State>::zeroed();
}
