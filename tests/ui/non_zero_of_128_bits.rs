use std::num::NonZeroU128;

use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    id: NonZeroU128,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
