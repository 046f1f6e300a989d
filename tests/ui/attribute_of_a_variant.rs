use shmstate::{Shared, SharedState};

#[derive(SharedState)]
enum State {
    #[shared(cache_padded)]
    Idle,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
