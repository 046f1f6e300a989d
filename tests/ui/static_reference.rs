use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    name: &'static str,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
