use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 64, pod)]
    points: Vec<[f32; 2]>,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
