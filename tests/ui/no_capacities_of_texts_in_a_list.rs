use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = [])]
    labels: Vec<String>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
