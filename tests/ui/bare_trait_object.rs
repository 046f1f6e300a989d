use shmstate::SharedState;

#[derive(SharedState)]
struct State {
    error: dyn std::error::Error,
}

fn main() {}
