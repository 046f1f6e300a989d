use shmstate::SharedState;

#[derive(SharedState)]
struct State {
    text: [u8; 16],
}

pub fn main() {}
