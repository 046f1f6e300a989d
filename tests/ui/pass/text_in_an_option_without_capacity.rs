use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 16)]
    label: Option<String>,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
