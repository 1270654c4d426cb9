//! `galop test --init`: writes a file of tests for a rule set.

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;

use galop::generate::{Examples, examples};

use crate::output::{Count, note};
use crate::pattern_options::PatternOptions;
use crate::rule_choice::chosen;
use crate::rules;
use crate::{Ending, Failure};

/// Writes tests in TOML: for each rule an event that just matches, and those that just miss.
pub(crate) fn run(
    files: &[PathBuf],
    patterns: &PatternOptions,
    out: &mut dyn Write,
) -> Result<Ending, Failure> {
    if files.iter().any(|file| file.as_os_str() == "-") {
        return Err(Failure::Input("--init needs names of rule files: the tests refer to them".to_owned()));
    }
    let rules = rules::read(files, patterns)?;
    for refusal in rules.refusals.iter().chain(&rules.remarks) {
        note(refusal);
    }
    let chosen = chosen(&rules, &[])?;
    if chosen.is_empty() {
        // Every rule is reported.
        return Ok(Ending::Trouble);
    }
    let names: Vec<toml::Value> =
        files.iter().map(|file| toml::Value::String(file.to_string_lossy().into_owned())).collect();
    writeln!(out, "rules = {}", toml::Value::Array(names))?;
    let (mut count, mut without) = (0, 0);
    for rule in chosen {
        let Some(pattern) = rules.set.get(rule) else { continue };
        let id = &*rules.accepted[rule.as_usize()].id;
        let examples = examples(pattern);
        without += u64::from(examples.matching.is_err());
        for Case { name, event, verb } in cases(id, &examples) {
            count += 1;
            let [name, event, id] = [&name, event, id].map(|text| toml::Value::String(text.to_owned()));
            writeln!(out, "\n[[test]]\nname = {name}\nevent = {event}\n{verb} = [{id}]")?;
        }
    }
    let mut summary =
        format!("{} for {}", Count(count, "test", "tests"), Count(rules.len(), "rule", "rules"));
    if without > 0 {
        summary += &format!("; {} without an event that matches", Count(without, "rule", "rules"));
    }
    note(summary);
    Ok(if rules.refused > 0 || rules.unreadable > 0 { Ending::Trouble } else { Ending::Yes })
}

struct Case<'e> {
    name: String,
    event: &'e str,
    /// The member that names the rule: `matches` or `misses`.
    verb: &'static str,
}

/// Returns the tests of a rule. An event that several alternatives share is one test.
fn cases<'e>(id: &str, examples: &'e Examples) -> Vec<Case<'e>> {
    let mut cases: Vec<Case<'e>> = Vec::new();
    let mut seen: HashMap<(&'e str, &'static str), usize> = HashMap::new();
    let mut add = |name: String, event: &'e str, verb: &'static str| {
        seen.entry((event, verb)).or_insert_with(|| {
            cases.push(Case { name, event, verb });
            cases.len()
        });
    };
    if let Ok(event) = &examples.matching {
        add(format!("{id} matches"), event, "matches");
    }
    for field in &examples.fields {
        for of in &field.alternatives {
            if let Ok(event) = &of.matching {
                add(format!("{id} matches: {} through {}", field.path, of.text), event, "matches");
            }
            if let Ok(event) = &of.missing {
                add(format!("{id} misses: {} beside {}", field.path, of.text), event, "misses");
            }
        }
    }
    cases
}
