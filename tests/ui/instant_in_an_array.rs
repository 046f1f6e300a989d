use std::time::Instant;

use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    at: [Instant; 4],
}

fn main() {
    let _ = Shared::<State>::open("state");
}
