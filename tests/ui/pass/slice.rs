use shmstate::SharedState;

#[derive(SharedState)]
struct State {
    all: [u8; 16],
}

pub fn main() {}
