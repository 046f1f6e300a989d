use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(cache_padded)]
    value: u8,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
