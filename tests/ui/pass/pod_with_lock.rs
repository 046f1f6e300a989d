use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(pod, cache_padded)]
    point: [f32; 2],
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
