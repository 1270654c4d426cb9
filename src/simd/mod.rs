//! Kernels: the only code for specific CPUs. They find the ends of strings, objects and arrays,
//! many bytes at a time.
//!
//! [`portable`] defines the results of a kernel. The other kernels return the same results and use
//! vector instructions. A [`Kernel`] is a value, which is chosen when a matcher is built. There is
//! no global state, and a test can choose any kernel.

/// Implements `Vectors` for a kernel with the functions of its module, which need its CPU features.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
macro_rules! impl_vectors {
    ($kernel:ident) => {
        impl crate::simd::vectors::Vectors for $kernel {
            #[inline(always)]
            fn stops(self, block: &[u8; 32]) -> Stops {
                // SAFETY: `self` exists only if `detect` saw every feature that the function needs.
                unsafe { stops(block) }
            }

            #[inline(always)]
            fn digits(self, block: &[u8; 32]) -> u32 {
                // SAFETY: `self` exists only if `detect` saw every feature that the function needs.
                unsafe { digits(block) }
            }

            #[inline(always)]
            fn string(self, text: &[u8]) -> Option<(usize, bool)> {
                // SAFETY: `self` exists only if `detect` saw every feature that the function needs.
                unsafe { string(text) }
            }

            #[inline(always)]
            fn bracket(self, text: &[u8]) -> Option<usize> {
                // SAFETY: `self` exists only if `detect` saw every feature that the function needs.
                unsafe { bracket(text) }
            }
        }
    };
}

#[cfg(target_arch = "aarch64")]
mod aarch64;
pub(crate) mod generic;
#[cfg(all(test, unix, not(miri)))]
mod guard_page;
mod portable;
pub(crate) mod vectors;
#[cfg(target_arch = "x86_64")]
mod x86_64;

use portable::Portable;
use vectors::Task;

/// An implementation of the vector operations.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Kernel {
    /// No vector instructions. Every CPU can run this kernel.
    Portable,
    /// NEON and carry-less multiplication, on AArch64.
    Neon,
    /// AVX2 and carry-less multiplication, on x86-64.
    Avx2,
    /// AVX-512 (F, BW, VL) and carry-less multiplication, on x86-64.
    Avx512,
}

impl Kernel {
    /// All kernels, including those that this CPU cannot run.
    pub const ALL: [Kernel; 4] = [Kernel::Portable, Kernel::Neon, Kernel::Avx2, Kernel::Avx512];

    /// Returns the fastest kernel that this CPU can run.
    #[must_use]
    pub fn detect() -> Kernel {
        Kernel::ALL.into_iter().rev().find(|kernel| kernel.is_available()).unwrap_or(Kernel::Portable)
    }

    /// Returns true if this CPU can run the kernel.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Kernel::Portable => true,
            #[cfg(target_arch = "aarch64")]
            Kernel::Neon => aarch64::Neon::detect().is_some(),
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => x86_64::Avx2::detect().is_some(),
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512 => x86_64::Avx512::detect().is_some(),
            _ => false,
        }
    }

    /// Runs a task with this kernel, or with the portable one if this CPU cannot run the kernel.
    pub(crate) fn run<T: Task>(self, task: T) -> T::Output {
        match self {
            #[cfg(target_arch = "aarch64")]
            Kernel::Neon => {
                if let Some(neon) = aarch64::Neon::detect() {
                    return neon.run(task);
                }
            }
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => {
                if let Some(avx2) = x86_64::Avx2::detect() {
                    return avx2.run(task);
                }
            }
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512 => {
                if let Some(avx512) = x86_64::Avx512::detect() {
                    return avx512.run(task);
                }
            }
            _ => {}
        }
        task.run(Portable)
    }
}

#[cfg(test)]
mod tests;
