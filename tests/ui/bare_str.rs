use shmstate::SharedState;

#[derive(SharedState)]
struct State {
    text: str,
}

fn main() {}
