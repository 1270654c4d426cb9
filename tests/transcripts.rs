//! Runs the commands of `tests/transcripts`, and compares the output with the transcripts.
//!
//! `TRYCMD=overwrite cargo test --features cli --test transcripts` writes the transcripts again.
//! `[..]` in a transcript is any text: a time, a rate, a size.

#![cfg(feature = "cli")]

#[test]
fn output_equals_transcripts() {
    trycmd::TestCases::new().case("tests/transcripts/*.trycmd");
}
