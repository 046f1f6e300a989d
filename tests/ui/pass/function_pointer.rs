use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    run: Action,
}

#[derive(SharedState)]
enum Action {
    Double,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
