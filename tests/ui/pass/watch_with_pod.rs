use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(pod)]
    point: [f32; 2],
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
