use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 64)]
    bytes: Vec<u8>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
