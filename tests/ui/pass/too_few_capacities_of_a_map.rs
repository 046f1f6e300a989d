use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = [8, 16])]
    counts: Vec<(String, u8)>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
