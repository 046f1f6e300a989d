use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    run: fn(u8) -> u8,
}

#[derive(SharedState)]
enum Action {
    Double,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
