#![no_main]

libfuzzer_sys::fuzz_target!(|input: galop_fuzz::Input| galop_fuzz::explain(&input));
