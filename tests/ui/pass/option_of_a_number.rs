use std::num::NonZero;

use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    limit: Option<NonZero<u32>>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
