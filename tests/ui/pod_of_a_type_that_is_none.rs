use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(pod)]
    range: std::ops::Range<u32>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
