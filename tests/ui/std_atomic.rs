use std::sync::atomic::AtomicU64;

use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    value: AtomicU64,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
