use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State<T: SharedState> {
    value: T,
}

pub fn main() {
    let _ = Shared::<State<u8>>::open("state");
}
