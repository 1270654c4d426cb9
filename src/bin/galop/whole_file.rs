//! Files that are replaced as a whole, or stay as they were.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::Failure;
use crate::output::Report;

/// Writes a file. A file that exists keeps its content if there is an error. The error names the file.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    replace(path, content).map_err(|error| {
        let report = Report { code: "unwritable", ..Report::from(error) };
        Failure::Report(report.text(&path.to_string_lossy()))
    })
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    // A pipe or a device is not replaced.
    if fs::metadata(path).is_ok_and(|known| !known.is_file()) {
        return fs::write(path, content);
    }
    // A link stays a link to the file.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let new = beside(&path);
    let written = fs::write(&new, content).and_then(|()| fs::rename(&new, &path));
    if written.is_err() {
        // The error that is reported is the first one.
        let _ = fs::remove_file(&new);
    }
    written
}

/// Returns the path of a new file in the same directory. Another process has another name.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    path.with_file_name(name)
}
