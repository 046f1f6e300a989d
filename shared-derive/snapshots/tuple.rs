#[shared(slots = LivePoint, crate = crate::reexport::shmstate)]
struct Point(pub f64, f64);
