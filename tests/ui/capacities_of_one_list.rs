use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = [64, 8])]
    bytes: Vec<u8>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
