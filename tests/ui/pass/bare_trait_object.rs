use shmstate::SharedState;

#[derive(SharedState)]
struct State {
    code: u32,
}

pub fn main() {}
