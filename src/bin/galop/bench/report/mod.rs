//! The result as a page of HTML, which needs no other file and no script.

mod axis;
mod comparison;
mod distribution;
mod figures;
mod growth;
mod html;
mod plot;
mod shares;
mod speed;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::BenchArgs;
use super::result::{BenchResult, Comparison};
use super::units::grouped;

use figures::{nanoseconds, size, time};
use html::{name, text};

/// No source of scripts, images or other files is allowed, so a text of a rule could not load or run anything even
/// if it became markup.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

const STYLE: &str = include_str!("style.css");

/// Returns the page.
pub(super) fn page(result: &BenchResult, compared: Option<&Comparison>, args: &BenchArgs) -> String {
    let mut sections = vec![
        speed::section(result),
        distribution::section(&result.speed.latency),
        growth::section(&result.scale),
        shares::costs(result.costs.as_ref()),
        shares::memory(&result.size, result.speed.scratch_bytes),
    ];
    // The verdict is the first thing to know, and the absence of a comparison is the last.
    let at = if compared.is_some() { 0 } else { sections.len() };
    sections.insert(at, comparison::section(compared, &other(args)));
    let sections: String = sections.iter().map(html::Section::html).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>galop bench: {}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{}<main>\n{sections}</main>\n\
         <footer>{}</footer>\n</body>\n</html>\n",
        text(&paths(&args.rules).join(", ")),
        header(result, compared, args),
        text(&format!("galop {}, kernel {}", result.version, result.kernel))
    )
}

/// Returns the key figures, the facts that do not depend on the machine, and the options.
fn header(result: &BenchResult, compared: Option<&Comparison>, args: &BenchArgs) -> String {
    let (speed, compiled) = (&result.speed, &result.size);
    let mut tiles = vec![
        ("events a second, one thread", grouped(speed.one_thread.events_per_second() as usize)),
        ("time of an event", time(speed.one_thread.median())),
        ("latency, p99", nanoseconds(f64::from(speed.latency.p99))),
        ("memory of a rule", size(compiled.bytes / compiled.rules.max(1))),
        ("compile time", time(compiled.compile_seconds)),
    ];
    if let Some(compared) = compared {
        tiles.push(("verdict", comparison::words(compared.time.verdict).to_owned()));
    }
    let tiles: String =
        tiles.iter().map(|(title, value)| format!("<div><dt>{title}</dt><dd>{value}</dd></div>\n")).collect();
    let mut facts = vec![
        ("rules", grouped(compiled.rules)),
        ("branches, paths, lists", {
            let parts = [compiled.branches, compiled.paths, compiled.field_tests];
            parts.map(grouped).join(" / ")
        }),
        ("events", grouped(result.events)),
        ("bytes of events", size(result.event_bytes)),
        ("bytes of an event", size(result.event_bytes / result.events.max(1))),
        ("events that match", grouped(speed.matched_events)),
        ("matching rules of an event", format!("{:.2}", speed.matches)),
        ("steps of an event", format!("{:.1}", speed.steps)),
        ("memory of the set", size(compiled.bytes)),
    ];
    if result.refused > 0 {
        facts.push(("refused events, left out", result.refused.to_string()));
    }
    let facts: String =
        facts.iter().map(|(title, value)| format!("<div><dt>{title}</dt><dd>{value}</dd></div>\n")).collect();
    format!(
        "<header>\n<h1>galop bench</h1>\n<p class=\"lead\">{}</p>\n<dl class=\"tiles\">\n{tiles}</dl>\n\
         <h2>Facts that do not depend on the machine</h2>\n<dl class=\"facts\">\n{facts}</dl>\n\
         <h2>Options</h2>\n<dl class=\"facts\">\n{}</dl>\n</header>\n",
        input(args),
        options(result, args)
    )
}

/// Names the files of rules and events.
fn input(args: &BenchArgs) -> String {
    let list = |paths: &[PathBuf]| -> String {
        self::paths(paths).iter().map(|path| name(path)).collect::<Vec<_>>().join(", ")
    };
    let events = if args.events.is_empty() { "standard input".to_owned() } else { list(&args.events) };
    format!("Rules of {} on events of {events}", list(&args.rules))
}

/// Names the other side of the comparison.
fn other(args: &BenchArgs) -> String {
    match &args.compare {
        Some(saved) => format!("the saved result {}", name(&saved.to_string_lossy())),
        None => {
            let others: Vec<String> = paths(&args.against).iter().map(|path| name(path)).collect();
            format!("the rules of {}, measured in turn", others.join(", "))
        }
    }
}

fn options(result: &BenchResult, args: &BenchArgs) -> String {
    let yes = |is: bool| (if is { "yes" } else { "no" }).to_owned();
    let options = [
        ("rounds", args.rounds.to_string()),
        ("seconds of the rounds of a kind", args.seconds.to_string()),
        ("seconds of warm-up", args.warm_up.to_string()),
        ("threads", result.speed.jobs.to_string()),
        ("trusted events", yes(args.trusted)),
        ("distinct names", yes(args.distinct_names)),
        ("any rule only", yes(args.any)),
        ("kernel", result.kernel.clone()),
    ];
    let mut html = String::new();
    for (title, value) in options {
        let _ = writeln!(html, "<div><dt>{title}</dt><dd>{}</dd></div>", text(&value));
    }
    html
}

fn paths(of: &[PathBuf]) -> Vec<String> {
    of.iter().map(|path| Path::to_string_lossy(path).into_owned()).collect()
}
