use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    names: Names,
}

#[derive(SharedState)]
struct Names {
    #[shared(capacity = 16)]
    first: String,
    number: u8,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
