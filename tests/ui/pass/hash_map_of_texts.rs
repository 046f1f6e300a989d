use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = [64, 16])]
    counts: Vec<(String, u64)>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
