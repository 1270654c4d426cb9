//! [`Vectors`]: the operations of a kernel, and [`Task`]: code that is compiled for each of them.

use super::generic::Stops;

/// What a kernel can do: in the functions of one, it stands for the proof that this CPU has what the kernel needs.
pub(crate) trait Vectors: Copy {
    /// Which of 32 bytes are more than letters of a string.
    fn stops(self, block: &[u8; 32]) -> Stops;

    /// Which of 32 bytes are digits, a bit for each.
    fn digits(self, block: &[u8; 32]) -> u32;

    /// The same as [`generic::string`](crate::simd::generic::string).
    fn string(self, text: &[u8]) -> Option<(usize, bool)>;

    /// The same as [`generic::bracket`](crate::simd::generic::bracket).
    fn bracket(self, text: &[u8]) -> Option<usize>;
}

/// Something to do with the operations of a kernel. All of it is compiled for the kernel, if it is inlined.
pub(crate) trait Task {
    type Output;

    fn run(self, vectors: impl Vectors) -> Self::Output;
}
