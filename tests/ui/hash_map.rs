use std::collections::HashMap;

use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    counts: HashMap<u32, u64>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
