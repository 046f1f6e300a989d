use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 4)]
    value: u32,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
