use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    id: i128,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
