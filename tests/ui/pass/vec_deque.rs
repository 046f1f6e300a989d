use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 8)]
    jobs: Vec<u64>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
