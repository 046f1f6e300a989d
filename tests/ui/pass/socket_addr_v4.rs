use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    address: [u8; 4],
    port: u16,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
