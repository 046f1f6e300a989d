use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    value: std::sync::Arc<u64>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
