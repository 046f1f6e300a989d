use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[shared(lock)]
struct State {
    #[shared(watch)]
    value: u32,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
