use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[shared(lock)]
struct State {
    value: u32,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
