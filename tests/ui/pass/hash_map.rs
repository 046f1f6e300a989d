use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 64)]
    counts: Vec<(u32, u64)>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
