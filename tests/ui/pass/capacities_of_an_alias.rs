use shmstate::{Shared, SharedState};

type Names = Vec<u64>;

#[derive(SharedState)]
struct State {
    #[shared(capacity = 8)]
    names: Names,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
