use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(counter)]
    ready: bool,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
