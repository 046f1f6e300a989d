use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    name: Name,
}

#[derive(SharedState)]
enum Name {
    First,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
