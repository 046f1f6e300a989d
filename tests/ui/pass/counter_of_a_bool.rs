use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(counter)]
    ready: u8,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
