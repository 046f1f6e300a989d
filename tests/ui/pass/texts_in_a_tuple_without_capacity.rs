use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = [16, 4, 8])]
    names: (String, u8, Vec<String>),
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
