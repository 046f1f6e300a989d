use shmstate::{Shared, SharedState};

const MOST: usize = 1 << 6;

#[derive(SharedState)]
struct State {
    #[shared(capacity = MOST)]
    label: String,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
