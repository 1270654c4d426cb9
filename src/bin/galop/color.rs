//! Colours of reports: of the code, the marks under a line, and the help.

use std::io;

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use galop::explain::Style;

/// The condition of colours in reports.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Sets the choice of the process.
    pub(crate) fn choose(self) {
        let choice = match self {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::AlwaysAnsi,
            Color::Never => ColorChoice::Never,
        };
        choice.write_global();
    }
}

/// Returns the style of explanations on standard output.
pub(crate) fn explanation_style() -> Style {
    if is_on(AutoStream::choice(&io::stdout())) { Style::Ansi } else { Style::Plain }
}

/// Adds colours to reports, or returns them unchanged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Painter {
    is_on: bool,
}

const RED: &str = "\x1b[1;31m";
const YELLOW: &str = "\x1b[1;33m";
const BLUE: &str = "\x1b[34m";
const GREEN: &str = "\x1b[32m";
const PLAIN: &str = "\x1b[0m";

impl Painter {
    pub(crate) fn stdout() -> Painter {
        Painter { is_on: is_on(AutoStream::choice(&io::stdout())) }
    }

    pub(crate) fn stderr() -> Painter {
        Painter { is_on: is_on(AutoStream::choice(&io::stderr())) }
    }

    /// Returns the text of a report with colours.
    pub(crate) fn paint(self, report: &str) -> String {
        if !self.is_on {
            return report.to_owned();
        }
        let (mark, color) = match (report.find("error["), report.find("warning[")) {
            (Some(at), other) if other.is_none_or(|other| at < other) => (at, RED),
            (_, Some(at)) => (at, YELLOW),
            _ => return report.to_owned(),
        };
        let mut painted = String::with_capacity(report.len() + 64);
        for (index, line) in report.split('\n').enumerate() {
            if index > 0 {
                painted.push('\n');
            }
            let end = line[mark.min(line.len())..].find(']').map(|end| mark + end + 1);
            match (index, end, line.split_once(" | ")) {
                (0, Some(end), _) => {
                    painted +=
                        &format!("{}{color}{}{PLAIN}{}", &line[..mark], &line[mark..end], &line[end..]);
                }
                (0, None, _) => painted += line,
                (_, _, Some((gutter, marks)))
                    if gutter.trim().is_empty() && marks.trim_start().starts_with('^') =>
                {
                    painted += &format!("{BLUE}{gutter} |{PLAIN} {color}{marks}{PLAIN}");
                }
                (_, _, Some((gutter, text))) if gutter.trim().bytes().all(|byte| byte.is_ascii_digit()) => {
                    painted += &format!("{BLUE}{gutter} |{PLAIN} {text}");
                }
                _ if line.trim_start().starts_with("= help:") => painted += &format!("{GREEN}{line}{PLAIN}"),
                _ if line.trim() == "|" => painted += &format!("{BLUE}{line}{PLAIN}"),
                _ => painted += line,
            }
        }
        painted
    }
}

fn is_on(choice: ColorChoice) -> bool {
    matches!(choice, ColorChoice::Always | ColorChoice::AlwaysAnsi)
}

#[cfg(test)]
mod tests {
    use super::Painter;

    fn without_colours(painted: &str) -> String {
        let mut plain = String::new();
        let mut rest = painted;
        while let Some((before, after)) = rest.split_once("\x1b[") {
            plain += before;
            rest = after.split_once('m').unwrap().1;
        }
        plain + rest
    }

    #[test]
    fn without_colours_the_report_is_the_same() {
        let report = "f:1:2: error[c]: m (rule x)\n  |\n1 | {\"a\": 1}\n  |       ^\n  = help: h\n";
        let painted = Painter { is_on: true }.paint(report);
        assert!(
            painted.contains("\x1b[1;31merror[c]\x1b[0m: m") && painted.contains("\x1b[1;31m      ^\x1b[0m")
        );
        assert_eq!(Painter { is_on: false }.paint(report), report);
        assert_eq!(Painter { is_on: true }.paint("no report"), "no report");
        for text in [report, "error[", "ä: error[ä", "warning[x", "\n | ^\nerror[x]"] {
            assert_eq!(without_colours(&Painter { is_on: true }.paint(text)), text);
        }
    }
}
