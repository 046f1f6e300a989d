use std::collections::VecDeque;

use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 8)]
    jobs: VecDeque<u64>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
