use shmstate::{Shared, SharedState};

#[derive(SharedState)]
enum State {}

fn main() {
    let _ = Shared::<State>::open("state");
}
