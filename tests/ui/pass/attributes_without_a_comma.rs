use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(cache_padded)]
    value: u8,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
