use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 64, cache_padded)]
    label: String,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
