enum Phase {
    Idle,
    Busy,
    r#Done,
}
