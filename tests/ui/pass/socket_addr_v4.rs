use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    peer: std::net::SocketAddr,
}

pub fn main() {
    let _ = Shared::<State>::open("state");
}
