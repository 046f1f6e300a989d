use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(counter)]
    ready: u8,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
