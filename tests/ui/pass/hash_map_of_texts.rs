use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 64)]
    counts: Vec<Count>,
}

#[derive(SharedState)]
struct Count {
    #[shared(capacity = 16)]
    name: String,
    count: u64,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
