use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = [64, 16])]
    counts: std::collections::HashMap<String, u64>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
