#[repr(i16)]
#[allow(dead_code)]
enum Level {
    Low = -1,
    Middle,
    High = i16::MAX,
}
