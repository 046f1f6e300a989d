use shmstate::{Shared, SharedState};

#[derive(SharedState)]
struct State {
    peer: std::net::SocketAddrV4,
}

fn main() {
    let _ = Shared::<State>::open("state");
}
