use shmstate::{Shared, SharedState};

const MOST: usize = 1 << 32;

#[derive(SharedState)]
struct State {
    #[shared(capacity = MOST)]
    label: String,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
