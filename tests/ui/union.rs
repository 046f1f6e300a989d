use shmstate::{Shared, SharedState};

#[derive(SharedState)]
union State {
    small: u8,
    large: u64,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
