#[shared(lock, slots = Live)]
struct Contradiction {
    #[shared(lock)]
    inner: u32,
    #[shared(capacity = "64")]
    label: String,
    #[shared(pod, capacity = 2)]
    points: Vec<Point>,
}
