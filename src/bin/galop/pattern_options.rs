//! The options that decide which patterns a command accepts, and the help on files of rules.

use clap::{Args, ValueEnum};
use galop::error::Operator;
use galop::{MatcherBuilder, PatternLimits};

use crate::template::{self, Defines};

/// The formats of rule files. Every command reads the same formats.
macro_rules! rule_files {
    () => {
        "\
Files of rules, plain or compressed with gzip or zstd. The content decides:
  JSON lines      {\"id\":\"…\",\"pattern\":{…}}; the pattern may be a JSON string,
                  other members are ignored; or a pattern on each line, whose
                  id is FILE:LINE
  one pattern     its id is the name of the file without extension
  a JSON array    of rules like those lines
  AWS CLI output  of `aws events list-rules` or `describe-rule`, one or several
                  one after the other; disabled rules are included, schedules
                  left out
  a template      of CloudFormation or SAM, in YAML or JSON, also of the CDK
                  (cdk.out): rules, archives, filters of event source mappings
                  and pipes, subscribers whose one filter has the scope DATA,
                  events of functions and state machines; the id is the logical
                  id, then /EVENT of SAM, then `#filter N` if there are several;
                  schedules and sources without filter are counted, filter
                  policies of SNS are no event patterns
  serverless.yml  or .json: events `eventBridge`, `cloudwatchEvent` and those with
                  `filterPatterns` of functions and step functions, and the
                  resources; the id is FUNCTION/N, where N counts its events
  Terraform       *.tf and *.tf.json: rules, archives, filters of event source
                  mappings and pipes, as literals, heredocs and `jsonencode`; the
                  id is the address
  terraform show  the output of `terraform show -json`, of a plan or a state: the
                  same resources, also in modules
  a directory     of such files: *.json, *.jsonl, *.ndjson and each with .gz or
                  .zst, files whose content begins like JSON or a template, and
                  Terraform with rules, at any depth, in the order of their names;
                  other files are listed and skipped, hidden files left out; the
                  id of a file with one pattern is its path in the directory,
                  without extension
  an argument     that begins with { is the pattern itself; the ids are pattern,
                  pattern:2 and so on
An id belongs to one rule: a second rule with the same id is refused. If several
event buses have a rule with one name, the ids are BUS/NAME. If a bus has the
name in several accounts or regions, the ids are the ARNs. If several templates
have one logical id, the ids are TEMPLATE/ID, where TEMPLATE is the file name
without extension.

--define NAME=VALUE gives a text to a reference in a template, NAME:=JSON another
value: to Ref, Sub and GetAtt of CloudFormation (--define Stage=prod --define
AWS::Region=eu-west-1 --define Queue.Arn=arn:…), to the first source of a variable
of Serverless (--define sls:stage=prod), to a reference of Terraform (--define
var.source=shop --define var.limit:=5). Join, ToJsonString, jsonencode and
${self:…} with a value in the same file are computed. A reference without a value
is an error with its place: defaults and fallbacks are not used. A plain YAML
scalar that YAML 1.1 and 1.2 read differently (yes, on, 012345678901) is an
error, too: write it in quotes."
    };
}

pub(crate) use rule_files;

/// The options that decide which patterns are accepted.
#[derive(Clone, Debug, Args)]
pub(crate) struct PatternOptions {
    /// Limits of patterns
    #[arg(long = "limits", value_name = "LIMITS", value_enum, default_value_t)]
    pub(crate) named: Limits,
    /// Operators that EventBridge does not have and that patterns may use: regexp
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = extension)]
    pub(crate) extensions: Vec<Operator>,
    /// Value of a name that templates refer to, for instance a parameter or AWS::Region, as text, or
    /// after NAME:= as JSON; repeatable
    #[arg(long = "define", value_name = "NAME=VALUE", value_parser = template::define)]
    pub(crate) defined: Vec<(String, template::Value)>,
}

impl PatternOptions {
    pub(crate) fn limits(&self) -> PatternLimits {
        let mut limits = match self.named {
            Limits::Wide => PatternLimits::wide(),
            Limits::Default => PatternLimits::default(),
            Limits::Aws => PatternLimits::aws(),
        };
        for &extension in &self.extensions {
            limits.extensions = limits.extensions.with(extension);
        }
        limits
    }

    /// Returns the values of names that templates refer to.
    pub(crate) fn defines(&self) -> Defines {
        Defines::new(&self.defined)
    }

    /// Returns a builder of matchers for rules within these limits. The wide limits allow 65,536
    /// branches, so the builder then has no size limit for a single rule.
    pub(crate) fn builder(&self) -> MatcherBuilder {
        let mut builder = MatcherBuilder::new();
        if self.named == Limits::Wide {
            builder.rule_size_limit(usize::MAX);
        }
        builder
    }
}

/// Limits of patterns.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(crate) enum Limits {
    /// For rules from trusted authors: 1 MiB, 65,536 branches, 65,536 values in a field, 1,000
    /// stars in a wildcard
    #[default]
    Wide,
    /// The default limits of the library, for rules from untrusted authors: 16 KiB, 1,000 branches
    /// where paths are written twice, 4,096 values, 100 stars
    Default,
    /// The limits of the EventBridge service: 2,048 bytes (the service counts characters), 1,000
    /// combinations of $or, wildcard complexity 10; a warning for more than 300 rules, or more than 30
    /// rules with wildcards, on one event bus
    Aws,
}

/// Returns the extension with a name.
pub(crate) fn extension(name: &str) -> Result<Operator, String> {
    Operator::from_name(name).filter(|operator| operator.is_extension()).ok_or_else(|| {
        let known: Vec<&str> = Operator::EXTENSIONS.iter().map(|operator| operator.name()).collect();
        format!("no extension has this name; there is: {}", known.join(", "))
    })
}
