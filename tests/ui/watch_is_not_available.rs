use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(watch)]
    generation: u32,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
