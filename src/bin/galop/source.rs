//! Sources of input: files, directories and standard input, plain or compressed.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Failure;
use crate::foreign::{self, Foreign};
use crate::output::{Report, complain};

/// Decompressed input.
pub(crate) type Input = BufReader<Box<dyn Read + Send>>;

/// A file, standard input, or a text of the command line.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    origin: Origin,
    /// The name in reports.
    pub(crate) label: Arc<str>,
    /// The id of a rule without another name: the file name without extension, after the
    /// directories below the argument.
    pub(crate) stem: String,
}

#[derive(Clone, Debug)]
enum Origin {
    Stdin,
    File(PathBuf),
    Text(Arc<[u8]>),
}

/// Returns an error if rules and events are both read from standard input.
pub(crate) fn check_stdin(rules: &[PathBuf], events: &[PathBuf]) -> Result<(), Failure> {
    let reads_stdin = |paths: &[PathBuf]| paths.iter().any(|path| path.as_os_str() == "-");
    if reads_stdin(rules) && (events.is_empty() || reads_stdin(events)) {
        return Err(Failure::Input("standard input cannot be the rules and the events".to_owned()));
    }
    Ok(())
}

/// Returns the sources that the arguments name. An argument that begins with `{` is the text
/// itself. Files of a directory are in the order of their names. Files of a directory that are
/// skipped are listed on standard error.
pub(crate) fn find(arguments: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    let mut texts = 0;
    for path in arguments {
        if path.as_os_str() == "-" {
            sources.push(Source::stdin());
        } else if path.is_dir() {
            let before = sources.len();
            walk(path, path, &mut sources).map_err(|(path, error)| {
                Failure::Report(Report::from(error).text(&path.to_string_lossy()))
            })?;
            if sources.len() == before {
                let message = "no file in this directory holds JSON or a template";
                let report = Report::new("empty-directory", message);
                return Err(Failure::Report(report.text(&path.to_string_lossy())));
            }
        } else if let Some(text) = inline(path) {
            texts += 1;
            let name = if texts == 1 { "pattern".to_owned() } else { format!("pattern:{texts}") };
            sources.push(Source::of_text(text, &format!("<argument {texts}>"), name));
        } else {
            let stem = path.file_name().map_or_else(String::new, |name| stem(Path::new(name)));
            sources.push(Source { stem, ..Source::of_file(path) });
        }
    }
    Ok(sources)
}

/// Returns the argument if it is a text and not the name of a file.
fn inline(argument: &Path) -> Option<&str> {
    argument.to_str().filter(|text| text.trim_start().starts_with('{') && !argument.exists())
}

fn walk(root: &Path, directory: &Path, sources: &mut Vec<Source>) -> Result<(), (PathBuf, io::Error)> {
    let fault = |error| (directory.to_path_buf(), error);
    let entries: Result<Vec<_>, _> = fs::read_dir(directory).map_err(fault)?.collect();
    let mut entries = entries.map_err(fault)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    // The CDK writes a file `cdk.out` into the directory of its templates, and other files without rules.
    let is_cdk = |entry: &fs::DirEntry| {
        entry.file_name() == "cdk.out" && entry.file_type().is_ok_and(|kind| kind.is_file())
    };
    let is_assembly = entries.iter().any(is_cdk);
    for entry in entries {
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let kind = entry.file_type().map_err(fault)?;
        let skip = |reason: &str| complain(format_args!("{}: skipped: {reason}", path.display()));
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_template = if kind.is_dir() { !name.starts_with("asset.") } else { is_cdk_template(&name) };
        if is_assembly && !is_template {
            skip("not a template of the CDK");
            continue;
        }
        if kind.is_dir() {
            walk(root, &path, sources)?;
            continue;
        }
        // Links to directories are not followed, because a link could be a cycle.
        if path.is_dir() {
            skip("a link to a directory");
            continue;
        }
        // A link to nothing is a source, and an error when it is opened.
        if path.exists() && !path.is_file() {
            skip("not a regular file");
            continue;
        }
        let stem = stem(path.strip_prefix(root).unwrap_or(&path));
        let source = Source { stem, ..Source::of_file(&path) };
        match if has_json_extension(&path) { Ok(()) } else { source.sniff() } {
            Ok(()) => sources.push(source),
            Err(reason) => skip(&reason),
        }
    }
    Ok(())
}

fn is_cdk_template(name: &str) -> bool {
    [".template.json", ".template.yaml"].iter().any(|end| name.ends_with(end))
}

fn without_compression(path: &Path) -> PathBuf {
    match path.extension().and_then(OsStr::to_str) {
        Some("gz" | "zst") => path.with_extension(""),
        _ => path.to_path_buf(),
    }
}

fn has_json_extension(path: &Path) -> bool {
    matches!(without_compression(path).extension().and_then(OsStr::to_str), Some("json" | "jsonl" | "ndjson"))
}

fn stem(path: &Path) -> String {
    without_compression(path).with_extension("").to_string_lossy().into_owned()
}

impl Source {
    pub(crate) fn stdin() -> Source {
        Source { origin: Origin::Stdin, label: "<stdin>".into(), stem: "stdin".to_owned() }
    }

    fn of_text(text: &str, label: &str, stem: String) -> Source {
        Source { origin: Origin::Text(text.as_bytes().into()), label: label.into(), stem }
    }

    /// Returns the source of a file.
    pub(crate) fn of_file(path: &Path) -> Source {
        let label = path.to_string_lossy().into();
        Source { origin: Origin::File(path.to_path_buf()), label, stem: stem(path) }
    }

    /// Returns the source of an argument: a text that begins with `{`, `-`, a file, or `file://PATH`.
    pub(crate) fn one(argument: &str) -> Source {
        if argument == "-" {
            return Source::stdin();
        }
        if let Some(text) = inline(Path::new(argument)) {
            return Source::of_text(text, "<argument>", "pattern".to_owned());
        }
        Source::of_file(Path::new(argument.strip_prefix("file://").unwrap_or(argument)))
    }

    /// Returns the path of a file, or `None` for standard input.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::File(path) => Some(path),
            Origin::Stdin | Origin::Text(_) => None,
        }
    }

    /// Returns the length before decompression, if known.
    pub(crate) fn length(&self) -> Option<u64> {
        match &self.origin {
            Origin::Stdin => None,
            Origin::Text(text) => Some(text.len() as u64),
            Origin::File(path) => {
                let metadata = fs::metadata(path).ok()?;
                metadata.is_file().then_some(metadata.len())
            }
        }
    }

    /// Opens the source for decompressed reading. Returns the input without its byte order mark, and
    /// the length of the mark. `consumed` counts the bytes before decompression.
    pub(crate) fn open(&self, consumed: &Arc<AtomicU64>) -> Result<(Input, u64), Report> {
        let raw: Box<dyn Read + Send> = match &self.origin {
            Origin::File(path) => Box::new(File::open(path)?),
            Origin::Stdin => Box::new(io::stdin()),
            Origin::Text(text) => Box::new(Cursor::new(Arc::clone(text))),
        };
        let mut raw = Counted { input: raw, consumed: Arc::clone(consumed) };
        let (head, mark) = magic(&mut raw)?;
        let raw = BufReader::with_capacity(1 << 16, Cursor::new(head).chain(raw));
        let mut text: Box<dyn Read + Send> = match mark {
            Some(Mark::Foreign(foreign)) => return Err(foreign.report()),
            // The text is searched for a mark below.
            None | Some(Mark::Utf8) => Box::new(raw.into_inner()),
            Some(Mark::Gzip) => Box::new(flate2::bufread::MultiGzDecoder::new(raw)),
            Some(Mark::Zstd) => Box::new(zstd::Decoder::with_buffer(raw)?),
        };
        let (head, mark) = magic(&mut text)?;
        let (text, length): (Box<dyn Read + Send>, u64) = match mark {
            None => (Box::new(Cursor::new(head).chain(text)), 0),
            Some(Mark::Utf8) => (text, head.len() as u64),
            Some(Mark::Gzip | Mark::Zstd) => return Err(foreign::TWICE.report()),
            Some(Mark::Foreign(foreign)) => return Err(foreign.report()),
        };
        Ok((BufReader::with_capacity(1 << 18, text), length))
    }

    /// Returns all of the decompressed text. Returns an error if the text is longer than `limit`
    /// bytes.
    pub(crate) fn read(&self, limit: u64) -> Result<Vec<u8>, Report> {
        let mut text = Vec::new();
        self.open(&Arc::default())?.0.take(limit + 1).read_to_end(&mut text)?;
        if text.len() as u64 > limit {
            return Err(io::Error::other(format!("longer than {limit} bytes")).into());
        }
        Ok(text)
    }

    /// Returns an error with the reason why a file of a directory is skipped, if its content does not
    /// begin like JSON and is not a template. A file that cannot be read is not skipped.
    fn sniff(&self) -> Result<(), String> {
        let mut input = match self.open(&Arc::default()) {
            Ok((input, _)) => input,
            Err(report) if report.code == "unreadable" => return Ok(()),
            Err(report) => return Err(report.message),
        };
        let mut head = Vec::new();
        if input.by_ref().take(SNIFFED).read_to_end(&mut head).is_err() {
            return Ok(());
        }
        let head = head.trim_ascii_start();
        match head.first() {
            None => Err("nothing in it".to_owned()),
            Some(b'{') => Ok(()),
            // Other texts begin with a bracket as well.
            Some(b'[') if matches!(head[1..].trim_ascii_start().first(), Some(b'{' | b'[' | b']')) => Ok(()),
            Some(_) => match Foreign::of_head(head) {
                Some(foreign) if foreign.is_terraform() => {
                    let has_rule = foreign::has_terraform_rule(head.chain(input));
                    has_rule.then_some(()).ok_or_else(|| "Terraform configuration without rules".to_owned())
                }
                // The comments at the start of a template can be longer than the head.
                found
                    if found.map_or(head.starts_with(b"#"), Foreign::is_yaml)
                        && foreign::yaml_template(head.chain(input)).is_some() =>
                {
                    Ok(())
                }
                found => Err(found.map_or_else(|| "not JSON".to_owned(), |foreign| foreign.to_string())),
            },
        }
    }
}

/// Returns the reason why a text in memory is not plain text: it is compressed, or in a format that
/// galop does not read.
pub(crate) fn not_plain(text: &[u8]) -> Option<Report> {
    match magic(&mut &*text) {
        Ok((_, Some(Mark::Foreign(foreign)))) => Some(foreign.report()),
        Ok((_, Some(Mark::Gzip | Mark::Zstd))) => {
            Some(Report::new("compressed", "the file is compressed").with_help("decompress it first"))
        }
        Ok((_, Some(Mark::Utf8) | None)) | Err(_) => None,
    }
}

/// The maximum number of bytes that decide on the format of a file.
const SNIFFED: u64 = 1 << 12;

/// The meaning of the first bytes of an input.
#[derive(Clone, Copy)]
enum Mark {
    Gzip,
    Zstd,
    /// A byte order mark, which belongs to the file and not to its first rule or event.
    Utf8,
    Foreign(Foreign),
}

/// The marks of formats that galop reads. The third entry is the skippable frame that parallel
/// compressors write first.
const MARKS: [(&[u8], Mark); 4] = [
    (&[0x1f, 0x8b], Mark::Gzip),
    (&[0x28, 0xb5, 0x2f, 0xfd], Mark::Zstd),
    (&[0x50, 0x2a, 0x4d, 0x18], Mark::Zstd),
    (&[0xef, 0xbb, 0xbf], Mark::Utf8),
];

/// Reads until the mark at the start of the input is known, and not a byte more: the next byte of a
/// pipe may come much later.
fn magic(input: &mut dyn Read) -> io::Result<(Vec<u8>, Option<Mark>)> {
    let foreign = foreign::MARKS.iter().map(|&(mark, foreign)| (mark, Mark::Foreign(foreign)));
    let marks: Vec<(&[u8], Mark)> = MARKS.into_iter().chain(foreign).collect();
    let mut head = Vec::new();
    loop {
        if let Some(&(_, meaning)) = marks.iter().find(|(mark, _)| *mark == head) {
            return Ok((head, Some(meaning)));
        }
        let mut byte = [0];
        if !marks.iter().any(|(mark, _)| mark.starts_with(&head)) || read_byte(input, &mut byte)? == 0 {
            return Ok((head, None));
        }
        head.push(byte[0]);
    }
}

fn read_byte(input: &mut dyn Read, byte: &mut [u8; 1]) -> io::Result<usize> {
    loop {
        match input.read(byte) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

struct Counted {
    input: Box<dyn Read + Send>,
    consumed: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.consumed.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
