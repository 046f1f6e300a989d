/// How far the work is.
pub struct Progress {
    /// Set by the first worker.
    pub started: bool,
    pub(crate) phase: Phase,
    #[shared(cache_padded)]
    per_worker: [u32; 8],
    limits: Limits,
    r#type: u8,
}
