use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 64)]
    label: String,
    #[shared(capacity = 1 << 6)]
    list: Vec<u8>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
