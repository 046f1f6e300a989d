use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(pod)]
    range: [u32; 2],
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
