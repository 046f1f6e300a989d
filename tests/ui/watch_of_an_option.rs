use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(watch)]
    limit: Option<u32>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
