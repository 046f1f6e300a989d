use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    named: (String, u32),
}

fn main() {
    let _ = Shared::<State>::open("state");
}
