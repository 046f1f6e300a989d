use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(lock, pod)]
    point: [f32; 2],
}

fn main() {
    let _ = Shared::<State>::open("state");
}
