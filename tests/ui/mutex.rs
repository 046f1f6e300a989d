use std::sync::Mutex;

use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    value: Mutex<u64>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
