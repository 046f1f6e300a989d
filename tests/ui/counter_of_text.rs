use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 8, counter)]
    label: String,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
