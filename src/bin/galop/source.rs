//! Sources of input: files, directories and standard input, plain or compressed.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Failure;

/// Decompressed input.
pub(crate) type Input = BufReader<Box<dyn Read + Send>>;

/// A file, or standard input.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// `None` is standard input.
    path: Option<PathBuf>,
    /// The name in reports.
    pub(crate) label: Arc<str>,
    /// The id of a rule without another name: the file name without extension, after the
    /// directories below the argument.
    pub(crate) stem: String,
}

/// Returns the files that the arguments name. Files of a directory are in the order of their names.
pub(crate) fn find(arguments: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    for path in arguments {
        if path.as_os_str() == "-" {
            sources.push(Source::stdin());
        } else if path.is_dir() {
            let before = sources.len();
            walk(path, path, &mut sources)
                .map_err(|(path, error)| Failure::Input(format!("{}: {error}", path.display())))?;
            if sources.len() == before {
                return Err(Failure::Input(format!(
                    "{}: no file in this directory ends in .json, .jsonl or .ndjson, nor in one of them and .gz or .zst",
                    path.display()
                )));
            }
        } else {
            let stem = path.file_name().map_or_else(String::new, |name| stem(Path::new(name)));
            sources.push(Source { path: Some(path.clone()), label: label(path), stem });
        }
    }
    Ok(sources)
}

fn walk(root: &Path, directory: &Path, sources: &mut Vec<Source>) -> Result<(), (PathBuf, io::Error)> {
    let fault = |error| (directory.to_path_buf(), error);
    let entries: Result<Vec<_>, _> = fs::read_dir(directory).map_err(fault)?.collect();
    let mut entries = entries.map_err(fault)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        // Links to directories are not followed, because a link could be a cycle.
        if entry.file_type().map_err(fault)?.is_dir() {
            walk(root, &path, sources)?;
        } else if has_json_extension(&path) && path.is_file() {
            let stem = stem(path.strip_prefix(root).unwrap_or(&path));
            sources.push(Source { label: label(&path), stem, path: Some(path) });
        }
    }
    Ok(())
}

fn label(path: &Path) -> Arc<str> {
    path.to_string_lossy().into()
}

fn without_compression(path: &Path) -> PathBuf {
    match path.extension().and_then(OsStr::to_str) {
        Some("gz" | "zst") => path.with_extension(""),
        _ => path.to_path_buf(),
    }
}

fn has_json_extension(path: &Path) -> bool {
    let extension = without_compression(path);
    matches!(extension.extension().and_then(OsStr::to_str), Some("json" | "jsonl" | "ndjson"))
}

fn stem(path: &Path) -> String {
    without_compression(path).with_extension("").to_string_lossy().into_owned()
}

impl Source {
    pub(crate) fn stdin() -> Source {
        Source { path: None, label: "<stdin>".into(), stem: "stdin".to_owned() }
    }

    /// Returns the path of a file, or `None` for standard input.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Returns the length before decompression, if known.
    pub(crate) fn length(&self) -> Option<u64> {
        let metadata = fs::metadata(self.path.as_ref()?).ok()?;
        metadata.is_file().then_some(metadata.len())
    }

    /// Opens the source for decompressed reading. `consumed` counts the bytes before decompression.
    pub(crate) fn open(&self, consumed: &Arc<AtomicU64>) -> io::Result<Input> {
        let raw: Box<dyn Read + Send> = match &self.path {
            Some(path) => Box::new(File::open(path)?),
            None => Box::new(io::stdin()),
        };
        let mut raw = Counted { input: raw, consumed: Arc::clone(consumed) };
        let (head, compression) = magic(&mut raw, &COMPRESSIONS)?;
        let raw = BufReader::with_capacity(1 << 16, Cursor::new(head).chain(raw));
        let mut text: Box<dyn Read + Send> = match compression {
            None => Box::new(raw.into_inner()),
            Some(Compression::Gzip) => Box::new(flate2::bufread::MultiGzDecoder::new(raw)),
            Some(Compression::Zstd) => Box::new(zstd::Decoder::with_buffer(raw)?),
        };
        let (head, mark) = magic(&mut text, &BYTE_ORDER_MARKS)?;
        let text: Box<dyn Read + Send> = match mark {
            None => Box::new(Cursor::new(head).chain(text)),
            Some(Mark::Utf8) => text,
            Some(Mark::Utf16) => {
                let message = "the text is UTF-16, convert it to UTF-8";
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
        };
        Ok(BufReader::with_capacity(1 << 18, text))
    }

    /// Returns all of the decompressed text. Returns an error if the text is longer than `limit`
    /// bytes.
    pub(crate) fn read(&self, limit: u64) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        self.open(&Arc::default())?.take(limit + 1).read_to_end(&mut text)?;
        if text.len() as u64 > limit {
            return Err(io::Error::other(format!("longer than {limit} bytes")));
        }
        Ok(text)
    }
}

#[derive(Clone, Copy)]
enum Compression {
    Gzip,
    Zstd,
}

/// The last entry is the skippable frame that parallel compressors write first.
const COMPRESSIONS: [(&[u8], Compression); 3] = [
    (&[0x1f, 0x8b], Compression::Gzip),
    (&[0x28, 0xb5, 0x2f, 0xfd], Compression::Zstd),
    (&[0x50, 0x2a, 0x4d, 0x18], Compression::Zstd),
];

#[derive(Clone, Copy)]
enum Mark {
    Utf8,
    Utf16,
}

/// A byte order mark belongs to the file, not to its first rule or event.
const BYTE_ORDER_MARKS: [(&[u8], Mark); 3] =
    [(&[0xef, 0xbb, 0xbf], Mark::Utf8), (&[0xff, 0xfe], Mark::Utf16), (&[0xfe, 0xff], Mark::Utf16)];

/// Reads until the mark at the start of the input is known, and not a byte more: the next byte of a
/// pipe may come much later.
fn magic<T: Copy>(input: &mut dyn Read, marks: &[(&[u8], T)]) -> io::Result<(Vec<u8>, Option<T>)> {
    let mut head = Vec::new();
    loop {
        if let Some((_, meaning)) = marks.iter().find(|(mark, _)| *mark == head) {
            return Ok((head, Some(*meaning)));
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
