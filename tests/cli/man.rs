use std::fs;

use super::Dir;

#[test]
fn every_command_has_a_page() {
    let dir = Dir::new("man");
    let run = dir.run(&["man", "--dir", "pages/man1"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", ""));
    let help = dir.run(&["--help"]).out;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    // A line with more blanks continues a description.
    let commands = commands.take_while(|line| !line.is_empty()).filter(|line| !line.starts_with("   "));
    let commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.contains(&"match") && commands.contains(&"man"), "{commands:?}");
    for command in commands.into_iter().filter(|command| *command != "help") {
        let page = fs::read_to_string(dir.0.join(format!("pages/man1/galop-{command}.1"))).unwrap();
        assert!(page.contains(&format!(".TH galop-{command} 1")), "{page}");
        let one = dir.run(&["man", command]);
        assert_eq!(one.code, 0);
        let text = one.out.replace("\\-", "-");
        assert!(text.contains("Examples:") && text.contains(&format!("  galop {command}")), "{text}");
    }
    assert!(dir.0.join("pages/man1/galop.1").exists());
}

#[test]
fn unknown_command_has_no_page() {
    let run = Dir::new("man-unknown").run(&["man", "frobnicate"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(run.err, "galop: there is no command frobnicate\n");
}

#[test]
fn page_that_cannot_be_written_is_named() {
    let dir = Dir::new("man-file");
    dir.file("taken", "");
    let run = dir.run(&["man", "--dir", "taken"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.starts_with("galop: taken: "), "{}", run.err);
}
