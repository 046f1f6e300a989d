use std::time::Duration;

use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    took: Duration,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
