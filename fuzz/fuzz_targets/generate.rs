#![no_main]

libfuzzer_sys::fuzz_target!(|text: &[u8]| galop_fuzz::generate(text));
