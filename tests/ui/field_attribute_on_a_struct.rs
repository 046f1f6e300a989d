use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[shared(cache_padded)]
struct State {
    value: u8,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
