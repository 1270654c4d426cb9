use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde::Deserialize;

use crate::transform::{EVENT, InputPaths, Of, Reserved, Target, TransformError, Transformer};

/// A file of `tests/transform`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

/// `tests/transform/README.md` describes the members.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Case {
    name: String,
    source: String,
    note: Option<String>,
    paths: Option<BTreeMap<String, String>>,
    paths_text: Option<String>,
    template: Option<String>,
    /// A text repeated after the template, up to a number of characters, and the end.
    fill: Option<Fill>,
    target: Option<String>,
    /// True if the variables of the service have no values.
    #[serde(default)]
    unset: bool,
    event: Option<String>,
    output: Option<String>,
    /// True if the line break at the start of `output` is not a part of it.
    #[serde(default)]
    leading_line: bool,
    output_length: Option<usize>,
    error: Option<Expected>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fill {
    text: char,
    length: usize,
    end: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    of: String,
    code: String,
    at: Option<String>,
}

const RESERVED: Reserved<'_> = Reserved {
    rule_arn: Some("arn:aws:events:us-east-2:123456789012:rule/example"),
    rule_name: Some("example"),
    ingestion_time: Some("2026-06-02T04:00:14Z"),
};

impl Case {
    fn template(&self) -> String {
        let mut template = self.template.clone().unwrap_or_default();
        if let Some(Fill { text, length, end }) = &self.fill {
            let missing = length - template.chars().count();
            template.extend(std::iter::repeat_n(*text, missing));
            template += end;
        }
        template
    }

    fn paths(&self) -> String {
        let map = || serde_json::to_string(self.paths.as_ref().expect("paths or a target")).unwrap();
        self.paths_text.clone().unwrap_or_else(map)
    }

    fn run(&self) -> Result<String, TransformError> {
        let reserved = if self.unset { Reserved::default() } else { RESERVED };
        let target = match &self.target {
            Some(target) => Target::parse(target.as_bytes())?,
            None => {
                let paths = InputPaths::parse(self.paths().as_bytes())?;
                let transformer = Transformer::new(paths, &self.template())?;
                if let Some(error) = transformer.unset(&reserved) {
                    return Err(error);
                }
                let event = self.event.as_deref().expect("an event");
                return transformer.apply(event.as_bytes(), &reserved);
            }
        };
        target.apply(self.event.as_deref().expect("an event").as_bytes(), &reserved)
    }

    fn text(&self, of: Of) -> (&'static str, String) {
        match of {
            Of::InputPaths => ("paths", self.paths()),
            Of::Template => ("template", self.template()),
            Of::Target => ("target", self.target.clone().unwrap()),
            Of::Event => ("event", self.event.clone().unwrap()),
        }
    }

    fn check(&self) {
        let name = &self.name;
        assert!(
            self.source != "silent" || self.note.is_some(),
            "{name}: the reason for the choice is missing"
        );
        match (self.run(), &self.error) {
            (Ok(output), None) => {
                if let Some(length) = self.output_length {
                    assert_eq!(output.len(), length, "{name}");
                    return;
                }
                let expected = self.output.as_deref().expect("an output or an error");
                let expected = if self.leading_line { expected.trim_start_matches('\n') } else { expected };
                assert_eq!(output, expected, "{name}");
            }
            (Ok(output), Some(_)) => panic!("{name}: no error, but {output}"),
            (Err(error), None) => panic!("{name}: {error:?}"),
            (Err(error), Some(expected)) => {
                let (of, text) = self.text(error.of);
                assert_eq!(
                    (of, error.code),
                    (expected.of.as_str(), expected.code.as_str()),
                    "{name}: {error:?}"
                );
                let Some(at) = &expected.at else { return };
                let (nth, at) = match at.strip_prefix('#').and_then(|rest| rest.split_once(' ')) {
                    Some((nth, at)) => (nth.parse().unwrap(), at),
                    None => (1, at.as_str()),
                };
                if at.is_empty() {
                    assert!(error.span.is_empty(), "{name}: {error:?}");
                    return;
                }
                let (start, _) =
                    text.match_indices(at).nth(nth - 1).unwrap_or_else(|| panic!("{name}: {at}"));
                assert_eq!(error.span.start, start, "{name}: {error:?} {:?}", text.get(error.span.clone()));
            }
        }
    }
}

#[test]
fn cases_have_their_outputs_and_errors() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transform");
    let mut count = 0;
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let file: File = toml::from_str(&fs::read_to_string(&path).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            count += file.case.len();
            file.case.iter().for_each(Case::check);
        }
    }
    assert!(count >= 80, "{count} cases");
}

fn code(result: Result<impl Sized, TransformError>) -> Option<&'static str> {
    result.err().map(|error| error.code)
}

#[test]
fn maps_have_limits() {
    let map = |count: usize| {
        let variables: Vec<String> = (0..count).map(|index| format!(r#""v{index}":"$.a""#)).collect();
        InputPaths::parse(format!("{{{}}}", variables.join(",")).as_bytes())
    };
    assert_eq!((code(map(100)), code(map(101))), (None, Some("too-many-variables")));
    let name = |length: usize| InputPaths::parse(format!(r#"{{"{}":"$"}}"#, "n".repeat(length)).as_bytes());
    assert_eq!(
        (code(name(256)), code(name(257)), code(name(0))),
        (None, Some("variable-name"), Some("variable-name"))
    );
    let path =
        |length: usize| InputPaths::parse(format!(r#"{{"a":"$.{}"}}"#, "n".repeat(length - 2)).as_bytes());
    assert_eq!((code(path(256)), code(path(257))), (None, Some("path-too-long")));
}

#[test]
fn output_has_a_limit() {
    let paths = InputPaths::parse(br#"{"a":"$"}"#).unwrap();
    let template = format!("[{}<a>]", "<a>,".repeat(2000));
    let transformer = Transformer::new(paths, &template).unwrap();
    let event = format!("[\"{}\"]", "x".repeat(1 << 16));
    let error = transformer.apply(event.as_bytes(), &RESERVED).unwrap_err();
    assert_eq!((error.of, error.code), (Of::Template, "output-too-long"));
    let long = format!("[\"{}\"]", "x".repeat(EVENT));
    assert_eq!(code(transformer.apply(long.as_bytes(), &RESERVED)), Some("event-too-long"));
}

#[test]
fn deep_events_are_transformed() {
    let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
    let paths = InputPaths::parse(br#"{"a":"$.a","all":"$.*.*[*].*"}"#).unwrap();
    let transformer = Transformer::new(paths, r#"{"a":<a>,"all":<all>,"text":"<a>"}"#).unwrap();
    let output = transformer.apply(format!(r#"{{"a":{open}{close}}}"#).as_bytes(), &RESERVED).unwrap();
    // The path `all` goes three levels into the array, and makes a list.
    assert_eq!(output.matches('[').count(), 300_000 - 3 + 1);
}

/// JSON values as texts.
fn json_text() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just("null".to_owned()),
        "-?[1-9][0-9]{0,3}(\\.[0-9]{1,2})?",
        ".{0,6}".prop_map(|text| serde_json::Value::from(text).to_string()),
        Just(r#""\ud83d\u0022\n""#.to_owned()),
    ];
    let name = prop_oneof![Just("a"), Just("b"), Just("detail"), Just("\\u0061"), Just("x y")];
    scalar.prop_recursive(4, 32, 5, move |inner| {
        let space = prop_oneof![Just(""), Just(" "), Just("\n\t")];
        prop_oneof![
            (proptest::collection::vec(inner.clone(), 0..5), space.clone())
                .prop_map(|(elements, space)| format!("[{space}{}{space}]", elements.join(","))),
            (proptest::collection::vec((name.clone(), inner), 0..5), space).prop_map(|(members, space)| {
                let members = members.iter().map(|(name, value)| format!("\"{name}\"{space}:{space}{value}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(&format!("{space},")))
            }),
        ]
    })
}

/// Texts that look like templates.
fn template() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("<a>"),
        Just("<b>"),
        Just("<all>"),
        Just("<aws.events.event>"),
        Just("<aws.events.event.json>"),
        Just("<aws.events.rule-name>"),
        Just("<c>"),
        Just("\""),
        Just("\\"),
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(","),
        Just(":"),
        Just(" "),
        Just("\"k\":"),
        Just("1"),
        Just("<"),
        Just(">"),
        Just("é"),
    ];
    let parts = proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat());
    let value = prop_oneof![
        Just("<a>"),
        Just("\"x <a> y\""),
        Just("[<b>, <all>]"),
        Just("<aws.events.event>"),
        Just("\"\\\"<b>\""),
    ];
    let members = proptest::collection::vec(value, 0..5).prop_map(|values| {
        let members = values.iter().enumerate().map(|(index, value)| format!("\"m{index}\": {value}"));
        format!("{{{}}}", members.collect::<Vec<_>>().join(" , "))
    });
    prop_oneof![parts, members]
}

fn paths() -> InputPaths {
    InputPaths::parse(br#"{"a":"$.a","b":"$.detail.b[0]","all":"$.detail.*.a"}"#).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn any_template_is_refused_or_has_an_output(template in template(), event in json_text()) {
        match Transformer::new(paths(), &template) {
            Err(error) => prop_assert!(template.get(error.span.clone()).is_some(), "{error:?}"),
            Ok(transformer) => match transformer.apply(event.as_bytes(), &RESERVED) {
                Err(error) => prop_assert!(template.get(error.span.clone()).is_some(), "{error:?}"),
                Ok(output) => {
                    // A template of strings can have an output that is no JSON.
                    let is_json = serde_json::from_str::<serde_json::Value>(&output).is_ok();
                    prop_assert!(is_json || template.trim_start().starts_with('"') || output.contains("\\ud"), "{output}");
                }
            },
        }
    }

    #[test]
    fn values_are_the_values_of_the_event(event in json_text()) {
        let Ok(value) = serde_json::from_str::<serde_json::Value>(&event) else { return Ok(()) };
        let template = r#"{"a":<a>,"b":<b>,"event":<aws.events.event.json>}"#;
        let transformer = Transformer::new(paths(), template).unwrap();
        let output = transformer.apply(event.as_bytes(), &RESERVED).unwrap();
        let output: serde_json::Value = serde_json::from_str(&output).unwrap();
        let missing = serde_json::Value::from("");
        prop_assert_eq!(&output["event"], &value);
        prop_assert_eq!(&output["a"], value.get("a").unwrap_or(&missing));
        prop_assert_eq!(&output["b"], value.pointer("/detail/b/0").filter(|_| value["detail"]["b"].is_array()).unwrap_or(&missing));
    }

    #[test]
    fn any_text_is_a_target_or_refused_with_a_place(
        text in prop_oneof![
            ".{0,40}",
            (template(), ".{0,8}").prop_map(|(template, path)| {
                let map = serde_json::json!({ "a": path, "b": "$.b" });
                let input = serde_json::json!({ "InputPathsMap": map, "InputTemplate": template });
                serde_json::json!({ "InputTransformer": input }).to_string()
            }),
            "[$.\\[\\]*a-c0-9'é]{0,12}".prop_map(|path| format!("{{\"InputPath\":\"{path}\"}}")),
        ],
    ) {
        match Target::parse(text.as_bytes()) {
            Err(error) => prop_assert!(text.get(error.span.clone()).is_some(), "{error:?}"),
            Ok(target) => drop(target.apply(br#"{"a":[1],"b":"x"}"#, &RESERVED)),
        }
    }
}
