use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    names: Vec<String>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
