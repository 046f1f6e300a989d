use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    label: Option<String>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
