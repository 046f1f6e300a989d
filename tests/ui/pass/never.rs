use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    nothing: (),
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
