use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 8)]
    names: Vec<[u8; 64]>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
