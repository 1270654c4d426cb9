//! Templates of CloudFormation, SAM, the CDK, Serverless and Terraform as rule files.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::{Dir, Run};

/// Returns a directory with templates of `tests/templates`.
fn with_templates(name: &str, templates: &[&str]) -> Dir {
    let dir = Dir::new(name);
    for template in templates {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/templates").join(template);
        dir.file(template, fs::read(path).unwrap());
    }
    dir
}

/// Returns the ids of the rules that match an event, in the order of the rules.
fn matches(dir: &Dir, arguments: &[&str], event: &serde_json::Value) -> Vec<String> {
    let arguments = [&["match", "--format=json"], arguments].concat();
    let run = dir.run_with(&arguments, event.to_string().as_bytes());
    assert!(run.code < 2, "{run:?}");
    let ids = run.json().into_iter().flat_map(|line| line["rules"].as_array().cloned().unwrap_or_default());
    ids.map(|id| id.as_str().unwrap().to_owned()).collect()
}

/// Returns the code, line, column and id of each diagnostic.
fn brief(run: &Run) -> Vec<serde_json::Value> {
    run.json().iter().map(|d| json!([d["code"], d["line"], d["column"], d["id"]])).collect()
}

#[test]
fn rules_of_yaml_match_events() {
    let dir = with_templates("templates-yaml", &["rule.yaml"]);
    let run = dir.run(&["check", "rule.yaml"]);
    let expected =
        "2 rules in 1 file: 0 refused, 0 warnings; 1 disabled; 1 schedule without event pattern left out\n";
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, expected, ""));
    let rules = ["-r", "rule.yaml"];
    let event = |count: serde_json::Value, tries: serde_json::Value| {
        json!({"source": "aws.ec2", "detail-type": "EC2 Instance State-change Notification",
            "detail": {"state": "stopped", "count": count, "tries": tries}})
    };
    for tries in [json!("1"), json!(1), json!(null), json!(true)] {
        assert_eq!(matches(&dir, &rules, &event(json!(6), tries)), ["Stopped"]);
    }
    assert_eq!(matches(&dir, &rules, &event(json!(5), json!(1))), [""; 0]);
    assert_eq!(matches(&dir, &rules, &event(json!(6), json!("true"))), [""; 0]);
    assert_eq!(matches(&dir, &rules, &json!({"source": "aws.s3"})), ["Off"]);
}

#[test]
fn rules_of_json_match_events() {
    let dir = with_templates("templates-json", &["rule.json"]);
    let rules = ["-r", "rule.json", "--define", "AWS::AccountId=123456789012"];
    let event = json!({"source": "aws.ec2", "account": "123456789012", "detail": {"state": "😀"}});
    assert_eq!(matches(&dir, &rules, &event), ["Stopped", "Kept"]);
    let run = dir.run(&["check", "rule.json"]);
    let expected = "\
rule.json:18:39: error[unresolved-intrinsic]: `Ref: AWS::AccountId` has no value before the template is deployed (rule Kept)
  = help: give the value: --define 'AWS::AccountId=…'

2 rules in 1 file: 1 refused, 0 warnings; 1 event source without filter left out
";
    assert_eq!((run.code, run.out.as_str()), (1, expected));
}

#[test]
fn faults_point_into_the_template() {
    let dir = with_templates("templates-faults", &["faults.yaml"]);
    let run = dir.run(&["check", "faults.yaml"]);
    let start = r#"faults.yaml:11:15: error[unknown-operator]: not the name of an operator (rule Operator)
   |
11 |             - prefx: run
   |               ^^^^^
   = help: did you mean `"prefix"`?
"#;
    assert!(run.out.starts_with(start), "{}", run.out);
    let filter = r#"
faults.yaml:31:34: error[unexpected-character]: unexpected character, expected `,` or `]` (rule "Object#filter 2")
   |
31 |           - Pattern: '{"body": [1}'
   |                                  ^
   = help: write a comma between two values; close a list with `]`
"#;
    assert!(run.out.contains(filter), "{}", run.out);
    let run = dir.run(&["check", "--format=json", "faults.yaml"]);
    assert_eq!((run.code, run.err.as_str()), (1, "9 rules in 1 file: 8 refused, 1 warning\n"));
    assert_eq!(
        brief(&run),
        [
            json!(["unknown-operator", 11, 15, "Operator"]),
            json!(["empty-list", 12, 18, "Operator"]),
            json!(["leaf-not-array", 13, 27, "Operator"]),
            json!(["missing-pattern", 15, 5, "NoPattern"]),
            json!(["invalid-template", 18, 5, "NoType"]),
            json!(["repeated-member", 21, 5, "Twice"]),
            json!(["invalid-template", 24, 17, "List"]),
            json!(["invalid-template", 30, 22, "Object#filter 1"]),
            json!(["unexpected-character", 31, 34, "Object#filter 2"]),
            json!(["missing-pattern", 32, 13, "Object#filter 3"]),
            json!(["duplicate-key", 36, 22, "Good"]),
        ]
    );
}

#[test]
fn events_of_sam_are_rules() {
    let dir = with_templates("templates-sam", &["sam.yaml"]);
    let run = dir.run(&["check", "sam.yaml"]);
    let expected = "5 rules in 1 file: 0 refused, 0 warnings; 1 disabled; 1 schedule without event pattern left out; \
                    1 event source without filter left out\n";
    assert_eq!((run.code, run.out.as_str()), (0, expected));
    for (event, id) in [
        (json!({"source": "shop.orders", "detail-type": "created"}), "Orders/Created"),
        (json!({"source": "shop.orders", "detail-type": "changed"}), "Orders/Changed"),
        (json!({"body": {"kind": "a"}}), "Orders/Jobs#filter 1"),
        (json!({"body": {"kind": "b"}}), "Orders/Jobs#filter 2"),
        (json!({"source": "shop.flow"}), "Flow/Start"),
    ] {
        assert_eq!(matches(&dir, &["-r", "sam.yaml"], &event), [id]);
    }
}

#[test]
fn filters_of_sources_and_pipes_are_rules() {
    let dir = with_templates("templates-filters", &["filters.yaml"]);
    let run = dir.run(&["check", "filters.yaml"]);
    let expected = "4 rules in 1 file: 0 refused, 0 warnings; 1 event source without filter left out\n";
    assert_eq!((run.code, run.out.as_str()), (0, expected));
    for (event, id) in [
        (json!({"dynamodb": {"NewImage": {"state": {"S": "done"}}}}), "One"),
        (json!({"body": {"a": 1}}), "Two#filter 1"),
        (json!({"body": {"b": "it''s"}}), "Two#filter 2"),
        (json!({"body": {"c": true}}), "Two#filter 3"),
    ] {
        assert_eq!(matches(&dir, &["-r", "filters.yaml"], &event), [id]);
    }
}

#[test]
fn functions_have_the_values_of_definitions() {
    let dir = with_templates("templates-functions", &["functions.yaml"]);
    let defined = ["Stage=prod", "AWS::Region=eu", "AWS::AccountId=123456789012", "Sources=a,b"];
    let defined = defined.into_iter().chain(["Bucket.Arn=arn:x", "Bucket.Name=n", "Bus.Arn=bus"]);
    let mut arguments = vec!["functions.yaml"];
    arguments.extend(defined.flat_map(|value| ["--define", value]));
    let run = dir.run(&[&["check"][..], &arguments].concat());
    let expected = r#"functions.yaml:30:32: error[unknown-operator]: not the name of an operator (rule Text)
   |
30 |           "detail": {"kind": [{"prefx": "x"}]}
   |                                ^^^^^^^
   = help: did you mean `"prefix"`?

2 rules in 1 file: 1 refused, 0 warnings
"#;
    assert_eq!((run.code, run.out.as_str()), (1, expected));
    arguments.extend(["--skip-bad-rules", "-r"]);
    arguments.rotate_right(1);
    for (resource, is_match) in [
        ("arn:aws:s3:::files-prod", true),
        ("prod-${literal}", true),
        ("a-prod-eu", true),
        ("arn:x", true),
        ("n", true),
        ("arn:aws:s3:::files-dev", false),
    ] {
        let event =
            json!({"source": "b", "account": "123456789012", "region": "eu", "resources": [resource]});
        assert_eq!(matches(&dir, &arguments, &event).len(), usize::from(is_match), "{resource}");
    }
    let run = dir.run(&["check", "--define", "Stage", "functions.yaml"]);
    assert!(run.code == 2 && run.err.contains("expected NAME=VALUE"), "{}", run.err);
}

#[test]
fn functions_without_a_value_are_named() {
    let dir = with_templates("templates-unresolved", &["unresolved.yaml"]);
    let run = dir.run(&["check", "unresolved.yaml"]);
    let start = "\
unresolved.yaml:9:18: error[unresolved-intrinsic]: `!Ref Stage` has no value before the template is deployed (rule Reference)
  = help: give the value: --define 'Stage=…' (the default in the template is `dev`; a deployment can replace it)
";
    assert!(run.out.starts_with(start), "{}", run.out);
    let run = dir.run(&["check", "--format=json", "unresolved.yaml"]);
    assert_eq!((run.code, run.err.as_str()), (1, "6 rules in 1 file: 6 refused, 0 warnings\n"));
    let code = "unresolved-intrinsic";
    assert_eq!(
        brief(&run),
        [
            json!([code, 9, 18, "Reference"]),
            json!([code, 14, 31, "Substitution"]),
            json!([code, 19, 9, "Choice"]),
            json!([code, 25, 16, "Import"]),
            json!([code, 28, 17, "Whole"]),
            json!([code, 29, 22, "Fn::ForEach::Loop"]),
        ]
    );
}

#[test]
fn scalars_that_versions_of_yaml_read_differently_are_faults() {
    let dir = with_templates("templates-scalars", &["scalars.yaml"]);
    let run = dir.run(&["check", "--format=json", "scalars.yaml"]);
    let expected = [
        json!(["unclear-scalar", 15, 19, "Account"]),
        json!(["unclear-scalar", 19, 39, "Truth"]),
        json!(["unclear-scalar", 23, 31, "Name"]),
    ];
    let faults: Vec<_> = brief(&run).into_iter().filter(|d| d[0] == "unclear-scalar").collect();
    assert_eq!((run.code, faults.as_slice()), (1, &expected[..]));
    let rules = ["--skip-bad-rules", "-r", "scalars.yaml"];
    for (number, other, is_match) in [
        (json!(0.5), json!(true), true),
        (json!("7"), json!("yes"), true),
        (json!(7), json!("yes"), false),
        (json!(3), json!("1.2.3.4"), true),
    ] {
        let event = json!({"date": "2012-10-17", "number": number, "other": other, "1": "x"});
        assert_eq!(matches(&dir, &rules, &event).len(), usize::from(is_match), "{event}");
    }
}

#[test]
fn anchors_and_merge_keys_are_resolved() {
    let dir = with_templates("templates-anchors", &["anchors.yaml"]);
    let run = dir.run(&["check", "--format=json", "--allow", "unknown-member", "anchors.yaml"]);
    assert_eq!(brief(&run), [json!(["invalid-template", 3, 20, "Second"])]);
    let rules = ["--skip-bad-rules", "-r", "anchors.yaml"];
    let event = json!({"source": "aws.ec2", "account": "222222222222", "<<": 1});
    assert_eq!(matches(&dir, &rules, &event), ["First", "Third"]);
    let event = json!({"source": "aws.ec2", "account": "111111111111"});
    assert_eq!(matches(&dir, &rules, &event), [""; 0]);
}

#[test]
fn directories_have_templates() {
    let dir = with_templates("templates-directory", &["rule.yaml", "app.template.json"]);
    let (rule, app) = (dir.read("rule.yaml"), dir.read("app.template.json"));
    dir.file("r/a/rule.yaml", &rule)
        .file("r/b/rule.template", format!("# {}\n{rule}", "x".repeat(9_000)))
        .file("r/values.yaml", "replicas: 1\n")
        .file("r/cdk.out/cdk.out", "{\"version\":\"36.0.0\"}")
        .file("r/cdk.out/manifest.json", "{\"version\":\"36.0.0\"}")
        .file("r/cdk.out/asset.1/package.json", "{}")
        .file("r/cdk.out/App.template.json", &app)
        .file("r/cdk.out/assembly-prod/cdk.out", "{}")
        .file("r/cdk.out/assembly-prod/App.template.json", &app);
    let run = dir.run(&["check", "--allow=same-pattern", "--define", "AWS::Partition=aws", "r"]);
    let expected =
        "6 rules in 4 files: 0 refused, 0 warnings; 2 disabled; 2 schedules without event pattern left out\n";
    assert_eq!((run.code, run.out.as_str()), (0, expected));
    let skipped: Vec<_> = run.err.lines().collect();
    assert_eq!(
        skipped,
        [
            "galop: r/cdk.out/assembly-prod/cdk.out: skipped: not a template of the CDK",
            "galop: r/cdk.out/asset.1: skipped: not a template of the CDK",
            "galop: r/cdk.out/cdk.out: skipped: not a template of the CDK",
            "galop: r/cdk.out/manifest.json: skipped: not a template of the CDK",
            "galop: r/values.yaml: skipped: this is YAML, not JSON",
        ]
    );
    // A logical id is unique in its template only.
    let arguments = ["--define", "AWS::Partition=aws", "-r", "r"];
    assert_eq!(matches(&dir, &arguments, &json!({"source": "aws.s3"})), ["a/rule/Off", "b/rule/Off"]);
    let event = json!({"source": "shop.orders", "resources": ["arn:aws:s3:::orders"]});
    assert_eq!(
        matches(&dir, &arguments, &event),
        ["cdk.out/App.template/OrdersRule5C1B", "cdk.out/assembly-prod/App.template/OrdersRule5C1B"]
    );
}

#[test]
fn directories_have_configuration_of_terraform() {
    let dir = Dir::new("templates-terraform-directory");
    let rule = |name: &str| {
        format!(
            "\nresource \"aws_cloudwatch_event_rule\" \"{name}\" {{\n  event_pattern = jsonencode({{ source = [\"{name}\"] }})\n}}\n"
        )
    };
    dir.file("t/main.tf", rule("a"))
        .file("t/net/main.tf", format!("# {}\n/*\n * x\n */{}", "x".repeat(300), rule("a")))
        .file("t/cdk.tf.json", r#"{"resource":{"aws_cloudwatch_event_rule":{"c":{"event_pattern":"{\"source\":[\"c\"]}"}}}}"#)
        .file("t/variables.tf", "variable \"x\" {}\n")
        .file("t/notes.txt", "resource of notes\n")
        .file("s/serverless.yml", format!("# {}\nservice: s\nprovider: aws\nfunctions: {{f: {{events: [{{eventBridge: {{pattern: {{source: [s]}}}}}}]}}}}\n", "x".repeat(5_000)));
    let run = dir.run(&["check", "--allow=same-pattern", "t", "s"]);
    assert_eq!((run.code, run.out.as_str()), (0, "4 rules in 4 files: 0 refused, 0 warnings\n"));
    let skipped: Vec<_> = run.err.lines().collect();
    assert_eq!(
        skipped,
        [
            "galop: t/notes.txt: skipped: not JSON",
            "galop: t/variables.tf: skipped: Terraform configuration without rules",
        ]
    );
    let rules = ["-r", "t", "-r", "s"];
    assert_eq!(
        matches(&dir, &rules, &json!({"source": "a"})),
        ["main/aws_cloudwatch_event_rule.a", "net/main/aws_cloudwatch_event_rule.a"]
    );
    assert_eq!(matches(&dir, &rules, &json!({"source": "c"})), ["aws_cloudwatch_event_rule.c"]);
    assert_eq!(matches(&dir, &rules, &json!({"source": "s"})), ["f/1"]);
}

#[test]
fn definitions_have_values_of_json() {
    let dir = Dir::new("templates-definitions");
    dir.file(
        "a.tf",
        "resource \"aws_cloudwatch_event_rule\" \"a\" {\n  event_pattern = jsonencode({ n = [var.n] })\n}\n",
    );
    let event = json!({"n": 5});
    assert_eq!(matches(&dir, &["-r", "a.tf", "--define", "var.n=5"], &event), [""; 0]);
    let rule = ["aws_cloudwatch_event_rule.a"];
    assert_eq!(matches(&dir, &["-r", "a.tf", "--define", "var.n:=5"], &event), rule);
    assert_eq!(matches(&dir, &["-r", "a.tf", "--define", "var.n=5"], &json!({"n": "5"})), rule);
    let run = dir.run(&["check", "--define", "var.n:=x", "a.tf"]);
    assert!(run.code == 2 && run.err.contains("the value after `:=` is not JSON"), "{}", run.err);
}

#[test]
fn template_is_no_file_of_events() {
    let dir = with_templates("templates-events", &["rule.yaml"]);
    let run = dir.run(&["match", "-r", "rule.yaml", "rule.yaml"]);
    assert_eq!(run.code, 2);
    let message = "error[cloudformation-template]: this is a CloudFormation template in YAML, not JSON\n  \
                   = help: a template has rules, not events: give it with --rules\n";
    assert!(run.err.contains(message), "{}", run.err);
}

#[test]
fn plan_of_terraform_has_rules() {
    let dir = with_templates("templates-terraform", &["terraform.json"]);
    let run = dir.run(&["check", "terraform.json"]);
    let expected = r#"terraform.json:23:21: error[missing-pattern]: the rule has no `event_pattern`, or its value is known only after the plan is applied (rule aws_cloudwatch_event_rule.later)
terraform.json:40:59: error[unknown-operator]: not the name of an operator (rule "module.jobs.aws_lambda_event_source_mapping.m[0]#filter 2")
   |
40 |                       { "pattern": "{\"body\":{\"kind\":[{\"prefx\":\"b\"}]}}" }
   |                                                           ^^^^^^^^^
   = help: did you mean `"prefix"`?

5 rules in 1 file: 2 refused, 0 warnings; 1 schedule without event pattern left out; 1 event source without filter left out
"#;
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (1, expected, ""));
    let rules = ["--skip-bad-rules", "-r", "terraform.json"];
    for (event, id) in [
        (json!({"source": "shop.orders"}), "aws_cloudwatch_event_rule.orders"),
        (json!({"body": {"kind": "a"}}), "module.jobs.aws_lambda_event_source_mapping.m[0]#filter 1"),
        (json!({"body": {"c": 1}}), "module.jobs.aws_pipes_pipe.p"),
    ] {
        assert_eq!(matches(&dir, &rules, &event), [id]);
    }
}
