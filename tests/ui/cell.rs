use std::cell::Cell;

use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    value: Cell<u64>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
