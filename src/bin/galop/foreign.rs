//! Formats that are not JSON: their marks, their names, and the commands that make JSON of them.

use std::fmt;
use std::io::BufRead;

use crate::output::Report;
use crate::pattern_text::Place;
use crate::rule_entry::Fault;

/// A format that is not JSON.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Foreign {
    pub(crate) code: &'static str,
    name: &'static str,
    help: &'static str,
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is {}, not JSON", self.name)
    }
}

impl Foreign {
    const fn new(code: &'static str, name: &'static str, help: &'static str) -> Foreign {
        Foreign { code, name, help }
    }

    /// Returns the report of a file of this format.
    pub(crate) fn report(self) -> Report {
        Report::new(self.code, self.to_string()).with_help(self.help)
    }

    /// Returns the fault of a text of this format that begins at a place.
    pub(crate) fn fault(self, place: Place) -> Fault {
        Fault::new(place, self.code, self.to_string()).with_help(self.help)
    }

    /// Returns the format of a text by its first [`HEAD`] bytes, if the format is known. The first
    /// byte is not white space.
    pub(crate) fn of_head(text: &[u8]) -> Option<Foreign> {
        let head = &text[..text.len().min(HEAD)];
        if matches!(head, [b'{' | b'[', ..]) {
            return None;
        }
        if head.get(257..262) == Some(b"ustar") {
            return Some(TAR);
        }
        if head.contains(&0) {
            return Some(BINARY);
        }
        if head.starts_with(b"<") {
            return Some(XML);
        }
        if head.starts_with(b"RULES\t") {
            return Some(AWS_TEXT);
        }
        let mut lines = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_end);
        let mut rest = lines.clone();
        let first = rest.next().unwrap_or_default();
        if first.starts_with(b"----") {
            return rest.next().is_some_and(|line| line.starts_with(b"|")).then_some(AWS_TABLE);
        }
        if is_terraform(lines.clone()) {
            return Some(TERRAFORM);
        }
        if let Some(template) = yaml_template(head) {
            return Some(template);
        }
        // A comment can precede the first member.
        let member = lines.find(|line| !line.is_empty() && !line.starts_with(b"#"))?;
        is_yaml(member).then_some(YAML)
    }

    /// Returns true for YAML, templates included.
    pub(crate) fn is_yaml(self) -> bool {
        self == YAML || self.is_yaml_template()
    }

    pub(crate) fn is_yaml_template(self) -> bool {
        [YAML_TEMPLATE, SERVERLESS].contains(&self)
    }

    pub(crate) fn is_serverless(self) -> bool {
        self == SERVERLESS
    }

    pub(crate) fn is_terraform(self) -> bool {
        self == TERRAFORM
    }

    /// Returns the format of an input by its first bytes after white space. Returns `None` if the
    /// input can be JSON lines with an invalid first line.
    pub(crate) fn of_binary(head: &[u8]) -> Option<Foreign> {
        Foreign::of_head(head)
            .filter(|foreign| [TAR, BINARY, YAML_TEMPLATE, SERVERLESS, TERRAFORM].contains(foreign))
    }
}

/// The number of bytes that decide on the format of a text that is not JSON.
const HEAD: usize = 1 << 14;

/// The maximum number of bytes that are searched for the line of a template.
const SEARCHED: u64 = 1 << 24;

/// Returns the kind of a template in YAML, by lines that only templates have. Lines that cannot be read
/// count as other lines.
pub(crate) fn yaml_template(text: impl BufRead) -> Option<Foreign> {
    let mut lines = text.take(SEARCHED);
    let mut line = Vec::new();
    let (mut has_service, mut has_provider) = (false, false);
    while matches!(lines.read_until(b'\n', &mut line), Ok(1..)) {
        let text = line.trim_ascii_end();
        if text.starts_with(b"AWSTemplateFormatVersion:") || text == b"Resources:" {
            return Some(YAML_TEMPLATE);
        }
        has_service |= text.starts_with(b"service:");
        has_provider |= text.starts_with(b"provider:");
        if has_service && has_provider {
            return Some(SERVERLESS);
        }
        line.clear();
    }
    None
}

/// The blocks at the root of configuration of Terraform, and the text after their names.
const BLOCKS: [(&[u8], &[u8]); 13] = [
    (b"check", b"\""),
    (b"data", b"\""),
    (b"ephemeral", b"\""),
    (b"import", b"{"),
    (b"locals", b"{"),
    (b"module", b"\""),
    (b"moved", b"{"),
    (b"output", b"\""),
    (b"provider", b"\""),
    (b"removed", b"{"),
    (b"resource", b"\""),
    (b"terraform", b"{"),
    (b"variable", b"\""),
];

/// Returns true for the name of a block at the root of configuration of Terraform.
pub(crate) fn is_terraform_block(name: &str) -> bool {
    BLOCKS.iter().any(|(block, _)| *block == name.as_bytes())
}

/// Returns true if the first line that is no comment begins a block of Terraform.
fn is_terraform<'t>(lines: impl Iterator<Item = &'t [u8]>) -> bool {
    let mut in_comment = false;
    for line in lines {
        if in_comment || line.starts_with(b"/*") {
            in_comment = memchr::memmem::find(line, b"*/").is_none();
            continue;
        }
        let is_comment = [&b"#"[..], b"//", b" ", b"\t"].iter().any(|sign| line.starts_with(sign));
        if line.is_empty() || is_comment {
            continue;
        }
        let is_label =
            |text: &[u8]| text.first().is_some_and(u8::is_ascii_alphabetic) && text.ends_with(b"{");
        return BLOCKS.iter().any(|(name, after)| {
            let Some(rest) = line.strip_prefix(*name) else { return false };
            let label = rest.trim_ascii_start();
            // Labels need no quotes.
            label.starts_with(after) || label.len() < rest.len() && is_label(label) && *after == b"\""
        });
    }
    false
}

/// The names in configuration of Terraform that has rules.
const RULES: [&[u8]; 5] = [
    b"aws_cloudwatch_event_rule",
    b"aws_cloudwatch_event_archive",
    b"aws_lambda_event_source_mapping",
    b"aws_pipes_pipe",
    b"event_pattern",
];

/// Returns true if configuration of Terraform can have rules. Lines that cannot be read count as other
/// lines.
pub(crate) fn has_terraform_rule(text: impl BufRead) -> bool {
    let mut lines = text.take(SEARCHED);
    let mut line = Vec::new();
    while matches!(lines.read_until(b'\n', &mut line), Ok(1..)) {
        if RULES.iter().any(|name| memchr::memmem::find(&line, name).is_some()) {
            return true;
        }
        line.clear();
    }
    false
}

/// Returns true if a line can be the first line of a YAML document, and not of JSON.
fn is_yaml(line: &[u8]) -> bool {
    if line == b"---" || line.starts_with(b"--- ") || line.starts_with(b"%YAML") || line.starts_with(b"- ") {
        return true;
    }
    let Some(colon) = memchr::memchr(b':', line) else { return false };
    let name = &line[..colon];
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.'\"$/".contains(byte);
    let after = line.get(colon + 1);
    !name.is_empty() && name.iter().all(is_name) && matches!(after, None | Some(b' '))
}

const YAML: Foreign = Foreign::new(
    "yaml",
    "YAML",
    "convert it to JSON, for instance with `yq -o=json`; for the AWS CLI use `--output json`",
);
const YAML_TEMPLATE: Foreign = Foreign::new(
    "cloudformation-template",
    "a CloudFormation template in YAML",
    "a template has rules, not events: give it with --rules",
);
const SERVERLESS: Foreign = Foreign::new(
    "serverless-service",
    "a service of the Serverless Framework in YAML",
    "a service has rules, not events: give it with --rules",
);
const TERRAFORM: Foreign =
    Foreign::new("terraform", "Terraform configuration", "it has rules, not events: give it with --rules");
const AWS_TEXT: Foreign =
    Foreign::new("aws-text-output", "output of the AWS CLI as text", "run the AWS CLI with `--output json`");
const AWS_TABLE: Foreign = Foreign::new(
    "aws-table-output",
    "output of the AWS CLI as a table",
    "run the AWS CLI with `--output json`",
);
const XML: Foreign = Foreign::new("xml", "XML or HTML", "convert it to JSON");
const TAR: Foreign = Foreign::new("tar", "a tar archive", "unpack it first: tar -xf FILE");
const BINARY: Foreign = Foreign::new("binary", "binary data", "convert it to JSON in UTF-8");
const XZ: Foreign = Foreign::new("xz", "compressed with xz", "decompress it first: xz -dc FILE | galop … -");
const BZIP2: Foreign =
    Foreign::new("bzip2", "compressed with bzip2", "decompress it first: bzip2 -dc FILE | galop … -");
const LZ4: Foreign =
    Foreign::new("lz4", "compressed with lz4", "decompress it first: lz4 -dc FILE | galop … -");
const LZIP: Foreign =
    Foreign::new("lzip", "compressed with lzip", "decompress it first: lzip -dc FILE | galop … -");
const COMPRESS: Foreign = Foreign::new(
    "compress",
    "compressed with compress",
    "decompress it first: uncompress -c FILE | galop … -",
);
const ZIP: Foreign = Foreign::new("zip", "a zip archive", "unpack it first: unzip -p FILE | galop … -");
const SEVEN_ZIP: Foreign = Foreign::new("7z", "a 7z archive", "unpack it first: 7z x FILE");
const SNAPPY: Foreign = Foreign::new("snappy", "compressed with snappy", "decompress it first");
const PARQUET: Foreign = Foreign::new("parquet", "a Parquet file", "write its rows as JSON lines first");
const ORC: Foreign = Foreign::new("orc", "an ORC file", "write its rows as JSON lines first");
const AVRO: Foreign = Foreign::new("avro", "an Avro file", "write its records as JSON lines first");
const UTF16: Foreign = Foreign::new(
    "utf-16",
    "text in UTF-16",
    "convert it to UTF-8: iconv -f UTF-16 -t UTF-8 FILE | galop … -",
);
/// A compressed text inside a compressed text.
pub(crate) const TWICE: Foreign =
    Foreign::new("compressed-twice", "compressed twice", "decompress it once: gzip -dc FILE | galop … -");

/// The first bytes of formats. No entry is the start of another entry.
pub(crate) const MARKS: [(&[u8], Foreign); 18] = [
    (&[0xfd, b'7', b'z', b'X', b'Z', 0], XZ),
    (b"BZh", BZIP2),
    (&[0x04, 0x22, 0x4d, 0x18], LZ4),
    (b"LZIP", LZIP),
    (&[0x1f, 0x9d], COMPRESS),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (&[b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c], SEVEN_ZIP),
    (&[0xff, 0x06, 0, 0, b's', b'N'], SNAPPY),
    (b"PAR1", PARQUET),
    (b"ORC", ORC),
    (b"Obj\x01", AVRO),
    (&[0xff, 0xfe], UTF16),
    (&[0xfe, 0xff], UTF16),
    (b"{\0", UTF16),
    (b"[\0", UTF16),
    (b"\0{", UTF16),
    (b"\0[", UTF16),
];

#[cfg(test)]
mod tests {
    use super::{Foreign, MARKS};

    #[test]
    fn first_lines_decide_on_the_format() {
        let code = |text: &str| Foreign::of_head(text.as_bytes()).map(|foreign| foreign.code);
        assert_eq!(code("Rules:\n- Name: x\n"), Some("yaml"));
        assert_eq!(code("# rules\n\n---\nsource:\n- x\n"), Some("yaml"));
        assert_eq!(code("- Name: x"), Some("yaml"));
        assert_eq!(code("AWSTemplateFormatVersion: '2010-09-09'\n"), Some("cloudformation-template"));
        assert_eq!(code("Description: x\nResources:\n  R:\n"), Some("cloudformation-template"));
        assert_eq!(code("# x\nservice: x\n\nprovider:\n"), Some("serverless-service"));
        assert_eq!(code("RULES\tarn:aws\tdefault\n"), Some("aws-text-output"));
        assert_eq!(code("------\n|  ListRules  |\n"), Some("aws-table-output"));
        assert_eq!(code("<html>"), Some("xml"));
        assert_eq!(code("resource \"aws_cloudwatch_event_rule\" \"x\" {"), Some("terraform"));
        assert_eq!(code("# x\n/*\ny:\n z */\n\nlocals {\n"), Some("terraform"));
        assert_eq!(code("variable x {\n"), Some("terraform"));
        assert_eq!(code("x\0y"), Some("binary"));
        for json in ["{\"a\":1}", "[1]", "5", "tru", "\"x\"", "", "what is this", "\"a\":1}"] {
            assert_eq!(code(json), None, "{json}");
        }
    }

    #[test]
    fn no_mark_is_the_start_of_another() {
        for (index, (mark, _)) in MARKS.iter().enumerate() {
            assert!(MARKS.iter().skip(index + 1).all(|(other, _)| !other.starts_with(mark)));
        }
    }
}
