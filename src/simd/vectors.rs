//! [`Vectors`]: the operations of a kernel. [`Task`]: code that is compiled for each kernel.

use super::generic::Stops;

/// The operations of a kernel. A value of the type proves that this CPU has the features of the
/// kernel.
pub(crate) trait Vectors: Copy {
    /// Returns the bitmasks of quotes, dots, and bytes that a string cannot contain unescaped.
    fn stops(self, block: &[u8; 32]) -> Stops;

    /// Returns one bit for each of 32 bytes, which is set if the byte is a digit.
    fn digits(self, block: &[u8; 32]) -> u32;

    /// Returns the result of [`generic::string`](crate::simd::generic::string).
    fn string(self, text: &[u8]) -> Option<(usize, bool)>;

    /// Returns the result of [`generic::bracket`](crate::simd::generic::bracket).
    fn bracket(self, text: &[u8]) -> Option<usize>;
}

/// A computation with the operations of a kernel. Inlined code of the task is compiled for the CPU
/// features of the kernel.
pub(crate) trait Task {
    type Output;

    fn run(self, vectors: impl Vectors) -> Self::Output;
}
