//! `galop stats --graph`: a drawing of the compiled set.

mod label;
mod layout;
mod plan;
mod svg;

use std::fs;
use std::io;
use std::path::Path;

use galop::tuning::{Toggle, Tuning};

use crate::Failure;
use crate::output::{Count, Report};
use crate::pattern_options::PatternOptions;
use crate::rules::Rules;

use layout::Layout;
use plan::Plan;
use svg::Caption;

/// The maximum number of boxes that are drawn: lookups, and places of rules. A drawing with more boxes is
/// unreadable.
const MOST: usize = 300;

/// Draws the compiled form of rules to a file. With `switches`, the set is compiled with a switch
/// wherever one is possible.
pub(super) fn write(
    path: &Path,
    rules: &Rules,
    patterns: &PatternOptions,
    switches: bool,
) -> Result<(), Failure> {
    let mut builder = patterns.builder();
    if switches {
        let mut tuning = Tuning::default();
        tuning.switches = Toggle::On;
        builder.tuning(tuning);
    }
    // Each rule is drawn at least once, so a large set is not even compiled.
    if rules.accepted.len() > MOST {
        return Err(too_large(path, rules.accepted.len()));
    }
    let graph = builder.graph(&rules.set).map_err(|error| rules.build_failure(&error))?;
    if graph.branches.len() > MOST {
        return Err(too_large(path, graph.branches.len()));
    }
    let ids: Vec<String> = rules.accepted.iter().map(|rule| label::tooltip(&label::line(&rule.id))).collect();
    let plan = Plan::new(&graph, &ids, MOST).map_err(|parts| too_large(path, parts))?;
    let whole: Vec<String> = rules
        .accepted
        .iter()
        .map(|rule| {
            let place = format!("{}:{}", rule.pattern.file, rule.pattern.begin.line);
            format!("{}\n{place}\n{}", label::line(&rule.id), rule.pattern.text)
        })
        .collect();
    let kind = if switches { ", compiled with a switch wherever one is possible" } else { "" };
    let branches = Count(graph.branches.len() as u64, "branch", "branches");
    let caption = Caption {
        heading: format!("The decision tree of {}", Count(ids.len() as u64, "rule", "rules")),
        lines: [
            "galop decides an event from left to right. Each rule that it finds is reported once.".to_owned(),
            format!("{branches}{kind}. A rule has one branch, or several if its $or is expanded."),
        ],
        rules: &whole,
    };
    let svg = svg::svg(&plan, &Layout::new(&plan), &caption);
    fs::write(path, svg).map_err(|error| unwritable(path, error))
}

fn too_large(path: &Path, boxes: usize) -> Failure {
    let message =
        format!("the drawing would have {boxes} boxes or more, too many to read; the limit is {MOST}");
    let report = Report::new("too-many-boxes", message);
    let help =
        "--rule ID draws some of the rules; each place of a rule is a box, and each expanded $or has several";
    Failure::Report(report.with_help(help).text(&path.to_string_lossy()))
}

fn unwritable(path: &Path, error: io::Error) -> Failure {
    let report = Report { code: "unwritable", ..Report::from(error) };
    Failure::Report(report.text(&path.to_string_lossy()))
}
