use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    point: [f32; 2],
}

fn main() {
    let _ = Shared::<State>::open("state");
}
