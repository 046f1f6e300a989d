use shmstate::{Shared, SharedState};

#[derive(SharedState)]
#[shared(crate = ::shmstate)]
struct State {
    value: u8,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
