use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 4)]
    label: String,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
