use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 4)]
    names: Vec<Name>,
}

#[derive(SharedState)]
struct Name {
    #[shared(capacity = 16)]
    text: String,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
