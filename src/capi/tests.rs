//! Tests of behaviour that C cannot provoke or observe: panics, structures of later versions, and
//! equal numbers.

use std::collections::HashSet;
use std::ffi::{CStr, c_char, c_void};
use std::mem::MaybeUninit;
use std::ptr;
use std::slice;

use proptest::prelude::*;

use crate::error::codes;
use crate::tuning::Kernel;

use super::batch::galop_match_batch;
use super::boundary::{self, Argument, Buffer, Exclusive, Options, Output, Slice};
use super::detail::{Detail, NAMES};
use super::matcher::{MatcherHandle, galop_matcher_free, galop_matcher_new};
use super::matching::{galop_match, galop_match_each};
use super::options::{EXTENSIONS, KERNELS, Limits, MatcherOptions};
use super::rules::{RulesHandle, galop_rules_add, galop_rules_free, galop_rules_new};
use super::scratch::{
    ScratchHandle, Workspace, galop_scratch_free, galop_scratch_memory_usage, galop_scratch_new,
};
use super::status::{Error, Status, galop_detail_text, galop_status_text};

/// `calls` uses the Rust interface by this name, because the file is also used outside of the
/// crate.
extern crate self as galop;

mod calls;

const NOTHING: Error = Error { status: Status::Ok, detail: Detail::None, start: 7, end: 7, index: 7 };

/// A matcher with one rule, which `{"a":1}` matches.
struct Objects {
    rules: *mut RulesHandle,
    matcher: *mut MatcherHandle,
    scratch: *mut ScratchHandle,
}

impl Objects {
    fn new() -> Objects {
        let mut objects =
            Objects { rules: ptr::null_mut(), matcher: ptr::null_mut(), scratch: ptr::null_mut() };
        let pattern = br#"{"a":[1]}"#;
        let text = pattern.as_ptr().cast::<c_char>();
        let (mut id, error) = (9, ptr::null_mut());
        // SAFETY: the pointer is to a local variable.
        let rules = unsafe { galop_rules_new(ptr::null(), &raw mut objects.rules) };
        // SAFETY: the rules are valid, the text has this length, and the last pointers are to local
        // variables, or null.
        let rule = unsafe { galop_rules_add(objects.rules, text, pattern.len(), 5, &raw mut id, error) };
        // SAFETY: as above.
        let matcher =
            unsafe { galop_matcher_new(objects.rules, ptr::null(), &raw mut objects.matcher, error) };
        // SAFETY: as for the rules.
        let scratch = unsafe { galop_scratch_new(&raw mut objects.scratch) };
        let statuses = [rules, rule, matcher, scratch];
        assert_eq!((statuses, id), ([Status::Ok; 4], 0));
        objects
    }

    fn matches(&self, event: &str) -> Vec<u32> {
        let (mut ids, mut count) = (ptr::null(), 0);
        let text = event.as_ptr().cast::<c_char>();
        // SAFETY: the objects are valid, and all pointers are to local variables.
        let status = unsafe {
            galop_match(
                self.matcher,
                self.scratch,
                text,
                event.len(),
                &raw mut ids,
                &raw mut count,
                ptr::null_mut(),
            )
        };
        assert_eq!(status, Status::Ok);
        // SAFETY: the result is stored in the scratch, which no other code uses.
        unsafe { slice::from_raw_parts(ids, count) }.to_vec()
    }

    fn scratch_memory(&self) -> usize {
        let mut bytes = 0;
        // SAFETY: the scratch is valid.
        assert_eq!(unsafe { galop_scratch_memory_usage(self.scratch, &raw mut bytes) }, Status::Ok);
        bytes
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // SAFETY: the scratch is valid, and is not used afterwards.
        let scratch = unsafe { galop_scratch_free(self.scratch) };
        // SAFETY: as above, for the matcher.
        let matcher = unsafe { galop_matcher_free(self.matcher) };
        // SAFETY: as above, for the rules.
        let rules = unsafe { galop_rules_free(self.rules) };
        let statuses = [scratch, matcher, rules];
        assert_eq!(statuses, [Status::Ok; 3]);
    }
}

unsafe extern "C-unwind" fn note(context: *mut c_void, id: u32, value: u64) -> i32 {
    // SAFETY: the test below passes a pointer to a pair of this type.
    unsafe { *context.cast::<(u32, u64)>() = (id, value) };
    1
}

#[test]
fn callbacks_and_batches_report_the_matching_rule() {
    let objects = Objects::new();
    let event = br#"{"a":1}{}{"a":}"#;
    let text = event.as_ptr().cast::<c_char>();
    let mut seen: (u32, u64) = (9, 9);
    let context = (&raw mut seen).cast();
    // SAFETY: the objects are valid, the text has at least seven bytes, and the callback takes this
    // context.
    let status = unsafe {
        galop_match_each(objects.matcher, objects.scratch, text, 7, Some(note), context, ptr::null_mut())
    };
    assert_eq!((status, seen), (Status::Stopped, (0, 5)));

    let offsets = [0_usize, 7, 9, 15];
    let mut batch = MaybeUninit::uninit();
    let (places, out) = (offsets.as_ptr(), batch.as_mut_ptr());
    // SAFETY: the objects are valid, the text has this length, and there is one offset more than
    // events.
    let status =
        unsafe { galop_match_batch(objects.matcher, objects.scratch, text, event.len(), places, 3, out) };
    assert_eq!(status, Status::Ok);
    // SAFETY: after a success, the output is written.
    let batch = unsafe { batch.assume_init() };
    // SAFETY: the results are stored in the scratch, which no other code uses.
    let ids = unsafe { slice::from_raw_parts(batch.ids, batch.id_count) };
    // SAFETY: as above; there is one start more than events.
    let starts = unsafe { slice::from_raw_parts(batch.starts, 4) };
    // SAFETY: as for the ids.
    let errors = unsafe { slice::from_raw_parts(batch.errors, batch.error_count) };
    assert_eq!((ids, starts), ([0].as_slice(), [0, 1, 1, 1].as_slice()));
    let places: Vec<_> = errors.iter().map(|error| (error.index, error.detail, error.start)).collect();
    assert_eq!(places, [(2, Detail::UnexpectedCharacter, 5)]);
}

#[test]
fn panic_becomes_a_status_and_resets_the_scratch() {
    let objects = Objects::new();
    assert_eq!(objects.matches(r#"{"a":1}"#), [0]);
    let grown = objects.scratch_memory();
    let mut error = NOTHING;
    // SAFETY: the scratch is valid, and the error is a local variable.
    let status = unsafe {
        boundary::call((Exclusive(objects.scratch),), &raw mut error, |(mut workspace,)| {
            workspace.batch.ids.push(1);
            panic!("on purpose")
        })
    };
    assert_eq!(status, Status::Panic);
    assert_eq!((error.status, error.detail, error.start, error.index), (Status::Panic, Detail::None, 0, 0));
    assert!(objects.scratch_memory() < grown, "the panic resets the scratch");
    assert_eq!(objects.matches(r#"{"a":1}"#), [0]);
}

#[test]
fn panic_leaves_a_value_for_every_rule() {
    let objects = Objects::new();
    // SAFETY: the rules are valid.
    let status = unsafe {
        boundary::call((Exclusive(objects.rules),), ptr::null_mut(), |(mut rules,)| {
            _ = rules.set.add(r#"{"a":[2]}"#);
            panic!("on purpose")
        })
    };
    assert_eq!(status, Status::Panic);
    let lengths = |(rules,): (boundary::Held<super::rules::Rules>,)| {
        assert_eq!((rules.set.len(), rules.values.as_slice()), (2, [5, 0].as_slice()));
        Ok(())
    };
    // SAFETY: the rules are valid.
    let status = unsafe { boundary::call((Exclusive(objects.rules),), ptr::null_mut(), lengths) };
    assert_eq!(status, Status::Ok);
}

#[test]
fn scratch_in_use_is_refused() {
    let objects = Objects::new();
    let scratch = objects.scratch;
    let body = |(workspace,): (boundary::Held<Workspace>,)| {
        // SAFETY: the scratch is valid.
        let second =
            unsafe { boundary::call((Exclusive(scratch),), ptr::null_mut(), |_| panic!("not reached")) };
        assert_eq!(second, Status::InUse);
        // SAFETY: as above. The scratch is in use, so it is not freed.
        assert_eq!(unsafe { boundary::free(scratch) }, Status::InUse);
        assert!(workspace.batch.ids.is_empty());
        Ok(())
    };
    // SAFETY: the scratch is valid.
    let status = unsafe { boundary::call((Exclusive(scratch),), ptr::null_mut(), body) };
    assert_eq!(status, Status::Ok);
    assert_eq!(objects.matches(r#"{"a":1}"#), [0]);
}

#[test]
fn failures_keep_outputs_and_successes_keep_errors() {
    let (mut output, mut error) = (3_u32, NOTHING);
    // SAFETY: all pointers are to local variables.
    let status = unsafe {
        boundary::call((Output(&raw mut output),), &raw mut error, |_| Err(Status::Stopped.into()))
    };
    assert_eq!((status, output, error.status), (Status::Stopped, 3, Status::Stopped));
    error = NOTHING;
    // SAFETY: as above.
    let status = unsafe {
        boundary::call((Output(&raw mut output),), &raw mut error, |(output,)| {
            output.set(4);
            Ok(())
        })
    };
    assert_eq!((status, output, error.status, error.start), (Status::Ok, 4, Status::Ok, 7));
}

/// Options of a later version, with one field more.
#[repr(C)]
struct Longer {
    known: MatcherOptions,
    unknown: u64,
}

fn read(options: *const MatcherOptions) -> Result<MatcherOptions, Status> {
    // SAFETY: the tests below pass pointers to whole structures.
    unsafe { Options(options).check() }
}

#[test]
fn options_of_other_versions_are_read() {
    let known = MatcherOptions { size: size_of::<Longer>(), size_limit: 1, kernel: 2, ..Default::default() };
    let mut longer = Longer { known, unknown: 0 };
    let options = read((&raw const longer).cast()).unwrap();
    assert_eq!((options.size_limit, options.kernel), (1, 2));
    longer.unknown = 1 << 63;
    assert_eq!(read((&raw const longer).cast()).unwrap_err(), Status::UnknownOption);

    let mut shorter = MatcherOptions { size: 2 * size_of::<usize>(), ..known };
    let options = read(&raw const shorter).unwrap();
    assert_eq!((options.size_limit, options.kernel), (1, 0));
    assert_eq!(read(ptr::null()).unwrap().size_limit, 0);
    for impossible in [0, 1, size_of::<usize>() - 1, 4_097, usize::MAX] {
        shorter.size = impossible;
        assert_eq!(read(&raw const shorter).unwrap_err(), Status::InvalidArgument);
    }
}

/// Bytes of padding would be read from older callers that never set them.
#[test]
fn options_have_no_padding() {
    let fields = 4 * size_of::<usize>() + 5 * size_of::<u64>() + 2 * size_of::<u32>();
    assert_eq!(size_of::<MatcherOptions>(), fields);
    assert_eq!(size_of::<Limits>(), 12 * size_of::<usize>());
}

#[test]
fn unaligned_pointers_and_impossible_lengths_are_refused() {
    let words = [0_u64; 4];
    let unaligned = words.as_ptr().cast::<u8>().wrapping_add(1);
    assert_eq!(read(unaligned.cast()).unwrap_err(), Status::InvalidArgument);
    let scratch = Exclusive(unaligned.cast::<ScratchHandle>());
    assert_eq!(fault(scratch), Some(Status::WrongObject));
    let unaligned = unaligned.cast::<u64>();
    assert_eq!(fault(Output(unaligned.cast_mut())), Some(Status::InvalidArgument));
    assert_eq!(fault(Slice(unaligned, 1)), Some(Status::InvalidArgument));
    assert_eq!(fault(Slice(words.as_ptr(), usize::MAX)), Some(Status::InvalidArgument));
    assert_eq!(fault(Slice(ptr::null::<u64>(), 1)), Some(Status::NullPointer));
    assert_eq!(fault(Slice(ptr::null::<u64>(), 0)), None);
}

fn fault<'a>(argument: impl Argument<'a>) -> Option<Status> {
    // SAFETY: the test above passes pointers to whole values, or pointers that are refused.
    unsafe { argument.check() }.err()
}

#[test]
fn texts_are_cut_between_characters() {
    for (capacity, expected) in
        [(0, "...."), (1, "\0..."), (2, "a\0.."), (3, "a\0.."), (4, "aé\0"), (5, "aéb\0")]
    {
        let mut buffer = *b".....";
        let place = buffer.as_mut_ptr().cast::<c_char>();
        // SAFETY: the buffer has five bytes.
        unsafe { Buffer(place, capacity).check() }.unwrap().set("aéb");
        assert!(buffer.starts_with(expected.as_bytes()), "{capacity}: {buffer:?}");
        assert!(buffer[expected.trim_end_matches('.').len()..].iter().all(|&byte| byte == b'.'));
    }
}

fn text(text: *const c_char) -> String {
    // SAFETY: the library's own texts end with a NUL and live forever.
    unsafe { CStr::from_ptr(text) }.to_str().unwrap().to_owned()
}

/// Returns `detail.rs` as the table of errors makes it.
fn details() -> String {
    let mut rows: Vec<_> = codes::rows().collect();
    rows.sort_unstable_by_key(|row| row.number);
    let mut text = String::from(concat!(
        "//! The numbers and names of refusals.\n//!\n",
        "//! Made from the table in `src/error/codes.rs` by `GALOP_WRITE=1 cargo test --features capi details_equal`.\n\n",
        "use std::ffi::CStr;\n\n",
        "/// Why a pattern, a rule set or an event is refused. Numbers are never reused; later versions may add others.\n",
        "#[repr(u32)]\n#[derive(Clone, Copy, Debug, Eq, PartialEq)]\npub enum Detail {\n",
        "    /// Nothing is refused, or this library has a name but no number for the reason.\n    None = 0,\n",
    ));
    for row in &rows {
        // Markdown says nothing to readers of C.
        let docs = row.docs.iter().map(|line| line.trim().replace('`', ""));
        for (at, line) in docs.enumerate() {
            let subject = if at > 0 || row.subject.is_empty() { "" } else { &format!("{}: ", row.subject) };
            text += &format!("    /// {subject}{line}\n");
        }
        text += &format!("    {} = {},\n", row.variant, row.number);
    }
    text += "}\n\n/// The stable names, in the order of their numbers from one on.\n";
    text += &format!("pub(super) const NAMES: [(&CStr, Detail); {}] = [\n", rows.len());
    for row in &rows {
        text += &format!("    (c\"{}\", Detail::{}),\n", row.code, row.variant);
    }
    text + "];\n"
}

#[test]
fn details_equal_the_table_of_errors() {
    if std::env::var_os("GALOP_WRITE").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/capi/detail.rs");
        std::fs::write(path, details()).expect("the sources can be written");
        return;
    }
    assert!(include_str!("detail.rs") == details(), "src/capi/detail.rs differs from the table of errors");
}

/// `.ci/languages` compares the header as a whole; the numbers are tested here, because cbindgen
/// may be missing.
#[test]
fn details_of_the_header_have_the_numbers_of_the_table() {
    for row in codes::rows() {
        let name: String = row.code.to_ascii_uppercase().replace('-', "_");
        let line = format!("\n  GALOP_DETAIL_{name} = {},\n", row.number);
        assert!(include_str!("galop.h").contains(&line), "{line}");
    }
}

#[test]
fn details_have_names_in_the_order_of_their_numbers() {
    for (at, (name, detail)) in NAMES.iter().enumerate() {
        assert_eq!(*detail as usize, at + 1);
        assert_eq!(text(galop_detail_text(*detail as u32)), name.to_str().unwrap());
    }
    let names: HashSet<_> = NAMES.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), NAMES.len());
    for number in [0, NAMES.len() as u32 + 1, u32::MAX] {
        assert_eq!(text(galop_detail_text(number)), "");
    }
}

#[test]
fn every_extension_has_a_number() {
    let operators: Vec<_> = EXTENSIONS.iter().map(|(operator, _)| *operator).collect();
    assert_eq!(operators, crate::error::Operator::EXTENSIONS);
    let all = EXTENSIONS.iter().fold(0, |all, (_, number)| {
        let number = *number as usize;
        assert!(number.is_power_of_two() && all & number == 0, "{number}");
        all | number
    });
    let limits = |extensions| Limits { extensions, ..Limits::default() }.get();
    let allowed = limits(all).unwrap().extensions;
    assert!(operators.iter().all(|operator| allowed.contains(*operator)));
    let none = limits(0).unwrap().extensions;
    assert!(operators.iter().all(|operator| !none.contains(*operator)));
    assert_eq!(limits(all + 1).unwrap_err(), Status::UnknownOption);
}

#[test]
fn every_kernel_has_a_number() {
    for kernel in Kernel::ALL {
        assert_eq!(KERNELS.iter().filter(|(numbered, _)| *numbered == kernel).count(), 1, "{kernel:?}");
    }
    let numbers: HashSet<_> = KERNELS.iter().map(|(_, number)| *number as u32).collect();
    assert_eq!(numbers, (1..=Kernel::ALL.len() as u32).collect());
}

#[test]
fn statuses_have_texts() {
    let texts: HashSet<_> =
        (0..=Status::Panic as u32).map(|status| text(galop_status_text(status))).collect();
    assert_eq!(texts.len(), Status::Panic as usize + 1);
    assert!(!texts.contains("unknown status"));
    for number in [Status::Panic as u32 + 1, u32::MAX] {
        assert_eq!(text(galop_status_text(number)), "unknown status");
    }
}

/// The name of the shared library on Linux and the header contain the version of the interface.
#[test]
fn versions_agree() {
    let version = super::galop_abi_version();
    let define = format!("\n#define GALOP_ABI_VERSION {version}\n");
    assert!(include_str!("galop.h").contains(&define));
    let soname = format!("[package.metadata.capi.library]\nversion = \"{version}.0.0\"\n");
    assert!(include_str!("../../Cargo.toml").contains(&soname));
    assert_eq!(text(super::galop_version()), env!("CARGO_PKG_VERSION"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    // C declares that the functions return integers. Here they return enumerations, and Miri
    // refuses the difference.
    #[test]
    #[cfg_attr(miri, ignore = "calls across languages")]
    fn any_calls_get_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        calls::any_calls_get_an_answer(&bytes);
    }
}
