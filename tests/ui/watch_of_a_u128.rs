use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(watch)]
    total: u128,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
