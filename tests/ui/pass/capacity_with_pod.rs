use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 64)]
    points: Vec<Point>,
}

#[derive(SharedState)]
struct Point {
    #[shared(pod)]
    at: [f32; 2],
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
