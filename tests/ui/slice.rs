use shmstate::SharedState;

#[derive(SharedState)]
struct State {
    all: [u8],
}

fn main() {}
