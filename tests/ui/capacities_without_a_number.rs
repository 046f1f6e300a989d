use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = [])]
    label: String,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
