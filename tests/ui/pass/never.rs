use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    nothing: (),
}

fn main() {
    let _ = Shared::<State>::open("state");
}
