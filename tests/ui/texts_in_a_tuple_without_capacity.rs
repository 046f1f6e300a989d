use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    names: (String, u8, Vec<String>),
}

fn main() {
    let _ = Shared::<State>::open("state");
}
