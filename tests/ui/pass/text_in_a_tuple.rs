use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 16)]
    named: (String, u32),
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
