use serde_json::{Value, json};

use super::Dir;

const RULES: &str = r#"{"id":"one","pattern":{"source":["aws.ec2"]}}
{"id":"two","EventBusName":"orders","pattern":{"source":["aws.ec2","aws.s3"],"detail":{"size":[{"numeric":[">",5]},7,null]}}}
{"id":"three","pattern":{"source":["aws.ec2"],"detail.name":[{"wildcard":"a*b"},{"anything-but":{"wildcard":"c*d"}}]}}
{"id":"four","pattern":{"$or":[{"a":[{"prefix":{"equals-ignore-case":"x"}}]},{"b":[{"anything-but":[1]},{"exists":false}]}],"detail":{"name":[true,false]}}}
{"id":"a copy","pattern":{ "source": ["aws.ec2"] }}
"#;

#[test]
fn text_has_all_numbers() {
    let dir = Dir::new("stats");
    dir.file("rules.jsonl", RULES);
    let run = dir.run(&["stats", "rules.jsonl", "--top", "1"]);
    let (before, rest) = run.out.split_once("compiled      ").unwrap();
    assert_eq!(before, "rules         5 in 1 file\n");
    let (bytes, rest) = rest.split_once(" bytes, ").unwrap();
    let (each, rest) = rest.split_once(" a rule\n").unwrap();
    assert_eq!(bytes.parse::<usize>().unwrap() / 5, each.parse::<usize>().unwrap());
    let expected = r#"structure     6 branches, 5 paths, 7 distinct lists of alternatives
written       9 fields, 15 alternatives, 12 distinct
predicates    12, 1 shared by several rules
$or           1 in 1 rule
duplicates    1 rule has the pattern of an earlier rule

alternatives  rules  operator or type of value
           5      4  string
           2      1  true or false
           1      1  anything-but
           1      1  anything-but wildcard
           1      1  exists
           1      1  null
           1      1  number
           1      1  numeric
           1      1  prefix equals-ignore-case
           1      1  wildcard

rules  size of the pattern
    2  1 field
    2  2 fields
    1  3 fields

most  measure: rule
   2  names on a path: two at rules.jsonl:2
   3  fields: four at rules.jsonl:4
   5  alternatives: two at rules.jsonl:2
 132  bytes: four at rules.jsonl:4
   1  $or: four at rules.jsonl:4
   2  combinations of $or: four at rules.jsonl:4

rules  shared predicate
    4  source "aws.ec2"

"a copy" has the pattern of one

rules  with wildcards  event bus
    4               1  rules without a named bus
and 1 more
the service allows 300 rules on a bus, 30 with wildcards
"#;
    assert_eq!((run.code, rest, run.err.as_str()), (0, expected, ""));
}

#[test]
fn json_has_all_numbers() {
    let dir = Dir::new("stats-json");
    dir.file("rules.jsonl", format!("{RULES}{{\"id\":\"bad\",\"pattern\":{{}}}}\n"));
    assert_eq!(dir.run(&["stats", "rules.jsonl"]).code, 2);
    let run = dir.run(&["stats", "rules.jsonl", "--format", "json", "--skip-bad-rules"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let stats = run.json().pop().unwrap();
    for (name, number) in [
        ("rules", 5),
        ("files", 1),
        ("refused", 1),
        ("fields", 9),
        ("alternatives", 15),
        ("distinct_alternatives", 12),
        ("predicates", 12),
        ("shared_predicates", 1),
        ("ors", 1),
        ("rules_with_or", 1),
    ] {
        assert_eq!(stats[name], json!(number), "{name}");
    }
    let at = |pointer: &str| -> &Value { stats.pointer(pointer).unwrap() };
    assert_eq!(at("/operators/0"), &json!({"name": "string", "alternatives": 5, "rules": 4}));
    assert_eq!(at("/rules_by_fields/2"), &json!({"fields": 3, "rules": 1}));
    assert_eq!(at("/most_shared"), &json!([{"path": "source", "alternative": "\"aws.ec2\"", "rules": 4}]));
    let deepest =
        json!({"measure": "names on a path", "value": 2, "rule": "two", "file": "rules.jsonl", "line": 2});
    assert_eq!(at("/extremes/0"), &deepest);
    assert_eq!(at("/same_patterns"), &json!([{"rule": "a copy", "earlier": "one"}]));
    let bus = |bus, rules, wildcards| json!({"bus": bus, "rules": rules, "wildcard_rules": wildcards, "within_quotas": true});
    assert_eq!(at("/buses"), &json!([bus(Value::Null, 4, 1), bus(json!("orders"), 1, 0)]));
    assert_eq!(at("/compiled/paths"), 5);
    assert!(at("/compiled/bytes").as_u64().unwrap() > 1000);
}

#[test]
fn buses_above_the_quotas_are_named_first() {
    let dir = Dir::new("stats-quotas");
    let rule = |id: usize, bus: &str, test: &str| {
        format!("{{\"id\":\"{bus}-{id}\",\"EventBusName\":\"{bus}\",\"pattern\":{{\"a\":[{test}]}}}}\n")
    };
    let mut rules: String = (0..300).map(|id| rule(id, "full", &format!("\"{id}\""))).collect();
    rules.extend((0..301).map(|id| rule(id, "large", &format!("\"{id}\""))));
    rules.extend((0..31).map(|id| rule(id, "wild", &format!("{{\"wildcard\":\"{id}*a\"}}"))));
    dir.file("rules.jsonl", rules);
    let run = dir.run(&["stats", "rules.jsonl"]);
    let expected = "
rules  with wildcards  event bus
  301               0  large, above the quotas
   31              31  wild, above the quotas
  300               0  full
the service allows 300 rules on a bus, 30 with wildcards
";
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.ends_with(expected), "{}", run.out);
    assert!(run.out.contains("duplicates    300 rules have the pattern of an earlier rule\n"), "{}", run.out);
}

#[test]
fn set_without_rules_is_trouble() {
    let run = Dir::new("stats-none").run_with(&["stats", "-"], b"");
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("there is no rule"), "{}", run.err);
}
