use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(lock, watch)]
    value: u32,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
