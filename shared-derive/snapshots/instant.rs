struct Clock {
    started: Instant,
}
