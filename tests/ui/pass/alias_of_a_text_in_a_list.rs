use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = [2, 4])]
    names: Vec<String>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
