//! A file of events for each rule.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use galop::RuleId;

use crate::Failure;

/// The maximum number of open files. A system often allows 256.
const OPEN_FILES: usize = 64;

/// The number of bytes after which a file name is shortened.
const NAME_LENGTH: usize = 200;

/// The files of the rules that events matched.
pub(crate) struct Split {
    /// The path of each rule's file.
    paths: Vec<PathBuf>,
    /// The rules whose files were begun.
    begun: HashSet<usize>,
    open: HashMap<usize, BufWriter<File>>,
    /// The rules of the open files, in the order in which they were opened.
    order: VecDeque<usize>,
}

impl Split {
    /// Creates the directory, if there is none.
    pub(crate) fn new(directory: &Path, ids: &[String]) -> Result<Split, Failure> {
        fs::create_dir_all(directory).map_err(|error| fault(directory, &error))?;
        let paths = names(ids).into_iter().map(|name| directory.join(name)).collect();
        Ok(Split { paths, begun: HashSet::new(), open: HashMap::new(), order: VecDeque::new() })
    }

    /// Appends an event to the files of the rules.
    pub(crate) fn write(&mut self, rules: &[RuleId], event: &[u8]) -> Result<(), Failure> {
        for rule in rules {
            let rule = rule.as_usize();
            if !self.open.contains_key(&rule) {
                self.open(rule)?;
            }
            let Some(file) = self.open.get_mut(&rule) else { continue };
            file.write_all(event)
                .and_then(|()| file.write_all(b"\n"))
                .map_err(|error| fault(&self.paths[rule], &error))?;
        }
        Ok(())
    }

    /// Writes the rest of all files.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        while let Some(rule) = self.order.pop_front() {
            self.close(rule)?;
        }
        Ok(())
    }

    fn open(&mut self, rule: usize) -> Result<(), Failure> {
        if self.open.len() == OPEN_FILES
            && let Some(oldest) = self.order.pop_front()
        {
            self.close(oldest)?;
        }
        let path = &self.paths[rule];
        // A file that an earlier run wrote is replaced.
        let is_first = self.begun.insert(rule);
        let file = if is_first { File::create(path) } else { File::options().append(true).open(path) };
        let file = file.map_err(|error| fault(path, &error))?;
        self.open.insert(rule, BufWriter::with_capacity(1 << 16, file));
        self.order.push_back(rule);
        Ok(())
    }

    fn close(&mut self, rule: usize) -> Result<(), Failure> {
        match self.open.remove(&rule) {
            Some(mut file) => file.flush().map_err(|error| fault(&self.paths[rule], &error)),
            None => Ok(()),
        }
    }
}

fn fault(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Input(format!("{}: {error}", path.display()))
}

/// Returns a file name for each id. Names are distinct even if a file system ignores case.
fn names(ids: &[String]) -> Vec<String> {
    let mut taken = HashSet::new();
    ids.iter()
        .map(|id| {
            let name = encode(id);
            let mut unique = name.clone();
            for number in 2.. {
                if taken.insert(unique.to_ascii_lowercase()) {
                    break;
                }
                unique = format!("{name}%-{number}");
            }
            unique + ".jsonl"
        })
        .collect()
}

/// Returns an id as the name of a file: in no other directory, not hidden, and not too long. A `%-` is
/// no escape: it marks a name that was shortened or numbered.
fn encode(id: &str) -> String {
    let mut name = String::new();
    for (index, byte) in id.bytes().enumerate() {
        if name.len() > NAME_LENGTH {
            name.push_str("%-");
            break;
        }
        match byte {
            b'.' if index == 0 => name.push_str("%2E"),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => name.push(char::from(byte)),
            _ => name.push_str(&format!("%{byte:02X}")),
        }
    }
    if name.is_empty() { "%-".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::{NAME_LENGTH, names};

    #[test]
    fn number_of_a_name_is_no_escape() {
        let ids: Vec<String> = (0..16)
            .map(|bits| {
                "abcd"
                    .char_indices()
                    .map(|(at, c)| if bits >> at & 1 == 0 { c } else { c.to_ascii_uppercase() })
                    .collect()
            })
            .collect();
        for name in names(&ids).iter().skip(1) {
            let after = &name[name.find('%').unwrap() + 1..];
            assert!(!after.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()), "{name}");
        }
    }

    #[test]
    fn ids_are_safe_and_distinct_file_names() {
        let long = "x".repeat(1_000);
        let ids = [
            "a",
            "A",
            "a/b",
            "../etc",
            ".",
            "..",
            "",
            "ä b",
            "a%2",
            "%",
            "CON",
            &long,
            &(long.clone() + "y"),
        ];
        let ids: Vec<String> = ids.iter().map(|&id| id.to_owned()).collect();
        let names = names(&ids);
        assert_eq!(names[..5], ["a.jsonl", "A%-2.jsonl", "a%2Fb.jsonl", "%2E.%2Fetc.jsonl", "%2E.jsonl"]);
        assert_eq!(names[5..8], ["%2E..jsonl", "%-.jsonl", "%C3%A4%20b.jsonl"]);
        let distinct: std::collections::HashSet<_> = names.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(distinct.len(), ids.len());
        for name in names {
            assert!(
                name.len() < NAME_LENGTH + 20 && !name.starts_with('.') && !name.contains(['/', '\\', ':'])
            );
        }
    }
}
