use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    path: std::path::PathBuf,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
