//! [`gallop`]: exponential search (Bentley and Yao, 1976).

/// Returns the first offset below `len` for which `before` is false, or `len`. The time is
/// logarithmic in the offset.
pub(super) fn gallop(len: usize, before: impl Fn(usize) -> bool) -> usize {
    let mut step = 1;
    while step < len && before(step) {
        step *= 2;
    }
    let (mut low, mut high) = (step / 2, step.min(len));
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::gallop;

    #[test]
    fn gallop_finds_the_border() {
        for len in 0..40 {
            for border in 1..=len {
                assert_eq!(gallop(len, |offset| offset < border), border, "{len}");
            }
        }
    }
}
