use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    #[shared(capacity = 8)]
    label: String,
    #[shared(counter)]
    renamed: [u32; 2],
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
