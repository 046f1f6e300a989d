use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(cache_padded lock)]
    value: u8,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
