use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    id: Option<std::num::NonZero<i128>>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
