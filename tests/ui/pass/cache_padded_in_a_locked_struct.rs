use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(cache_padded)]
    values: Values,
}

#[derive(SharedState)]
#[shared(lock)]
struct Values {
    value: u32,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
