//! Runs the transcripts of the command line in `tests/transcripts`, and compares what it prints.
//!
//! `TRYCMD=overwrite cargo test --features cli --test transcripts` writes the transcripts anew.
//! `[..]` stands for any text: times and rates.

#![cfg(feature = "cli")]

#[test]
fn transcripts_are_what_the_commands_print() {
    trycmd::TestCases::new().case("tests/transcripts/*.trycmd");
}
