use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    id: u128,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
