use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[shared(lock)]
struct State {
    #[shared(cache_padded)]
    value: u32,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
