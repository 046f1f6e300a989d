use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(watch)]
    range: [(u8, u8); 2],
}

fn main() {
    let _ = Shared::<State>::open("state");
}
