/// Changes as one.
#[shared(lock)]
pub struct Account {
    cents: i64,
    #[shared(capacity = 32)]
    owner: String,
    limits: Limits,
}
