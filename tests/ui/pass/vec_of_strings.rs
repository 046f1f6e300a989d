use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = [8, 32])]
    names: Vec<String>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
