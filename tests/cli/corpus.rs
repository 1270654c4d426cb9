//! The project's own corpus through the command line. `corpus/README.md` has the same figures.

use super::Dir;

/// Returns the path of a part of the corpus.
fn corpus(part: &str) -> String {
    format!("{}/corpus/{part}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_case_agrees() {
    let run = Dir::new("corpus-cases").run(&["conform", &corpus("cases")]);
    let disagreements: Vec<_> = run.out.lines().take(40).collect();
    assert_eq!(run.code, 0, "{disagreements:#?}");
    let totals = run.out.lines().last().unwrap();
    assert!(totals.ends_with(" agree, 0 disagree"), "{totals}");
}

#[test]
fn sample_has_the_documented_matches() {
    let dir = Dir::new("corpus-sample");
    let (rules, events) = (corpus("rulesets"), corpus("events"));
    let run = dir.run(&["check", &rules]);
    let totals = run.out.lines().last().unwrap();
    assert!(totals.starts_with("323 rules in 10 files: 0 refused, "), "{totals}");
    assert_eq!(run.code, 0);

    let run = dir.run(&["match", "--rules", &rules, "--count", &events]);
    assert_eq!(run.code, 0, "{}", run.err);
    let lines = run.lines();
    assert_eq!(lines[..2], ["hits  rule", " 690  archive/production-applications"]);
    let totals = "2420 events: 2238 matched, 0 rejected; 5679 matches in ";
    assert!(lines[lines.len() - 1].starts_with(totals), "{}", lines[lines.len() - 1]);
    let rules_without_hits = lines.iter().filter(|line| line.starts_with("   0  ")).count();
    assert_eq!((lines.len() - 3, rules_without_hits), (323, 6));

    let run = dir.run(&["match", "--rules", &rules, "--only-matched", &events]);
    let most = run.lines().iter().map(|line| line.split(' ').count() - 1).max();
    assert_eq!((run.lines().len(), most), (2_238, Some(11)));
}
