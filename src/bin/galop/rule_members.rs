//! The members of JSON objects in rule files: their names in the order of the text, their values
//! unparsed.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::foreign;

/// The depth of the members of resources in configuration of Terraform.
const CONFIGURATION: usize = 4;

/// The members of an object in the order of the text.
pub(crate) struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'t> Members<'t> {
    pub(crate) fn get(&self, name: &str) -> Option<&'t RawValue> {
        self.0.iter().find(|(member, _)| member == name).map(|(_, value)| *value)
    }

    /// Returns the member if its value is a string or a number.
    pub(crate) fn scalar(&self, name: &str) -> Option<String> {
        let text = self.get(name)?.get();
        match text.as_bytes()[0] {
            b'"' => serde_json::from_str(text).ok(),
            b'-' | b'0'..=b'9' => Some(text.to_owned()),
            _ => None,
        }
    }

    /// Returns true if the object has only one member and `value` is an object.
    pub(crate) fn is_alone(&self, value: &RawValue) -> bool {
        self.0.len() == 1 && value.get().starts_with('{')
    }

    /// Returns the name of a repeated member of a rule.
    pub(crate) fn repeated(&self) -> Option<&'static str> {
        let count = |name: &&str| self.0.iter().filter(|(member, _)| member == name).count();
        ["id", "pattern", "EventPattern"].into_iter().find(|name| count(name) > 1)
    }

    /// Returns true if the object is a CloudFormation template. A leaf of a pattern is never a
    /// string.
    pub(crate) fn is_template(&self) -> bool {
        let members = |value: &'t RawValue| serde_json::from_str::<Members<'t>>(value.get()).ok();
        let is_resource = |value: &'t RawValue| {
            members(value).and_then(|resource| resource.get("Type")).is_some_and(is_string)
        };
        let resources = self.get("Resources").and_then(members);
        self.get("AWSTemplateFormatVersion").is_some_and(is_string)
            || resources.is_some_and(|resources| resources.0.iter().any(|(_, value)| is_resource(value)))
    }

    /// Returns true if the object is a service of the Serverless Framework. A leaf of a pattern is never a
    /// string.
    pub(crate) fn is_service(&self) -> bool {
        let has_name = |value: &'t RawValue| {
            let members = || serde_json::from_str::<Members<'t>>(value.get()).ok();
            is_string(value) || members().and_then(|members| members.get("name")).is_some_and(is_string)
        };
        ["service", "provider"].iter().all(|name| self.get(name).is_some_and(has_name))
    }

    /// Returns true if the object is output of `terraform show -json`. A leaf of a pattern is never a
    /// string.
    pub(crate) fn is_terraform(&self) -> bool {
        ["format_version", "terraform_version"].iter().all(|name| self.get(name).is_some_and(is_string))
    }

    /// Returns true if the object is configuration of Terraform: its members are blocks, and a member of a
    /// block is a string. A leaf of a pattern is never a string.
    pub(crate) fn is_terraform_configuration(&self) -> bool {
        let is_block = |(name, _): &(String, _)| name == "//" || foreign::is_terraform_block(name);
        !self.0.is_empty() && self.0.iter().all(is_block) && self.has_string(CONFIGURATION)
    }

    /// Returns true if a member, or a member of a member up to a depth, is a string.
    fn has_string(&self, depth: usize) -> bool {
        self.0.iter().any(|&(_, value)| {
            let members = || serde_json::from_str::<Members<'t>>(value.get()).ok();
            let in_block = |depth| members().is_some_and(|members| members.has_string(depth));
            is_string(value) || depth > 0 && (in_block(depth - 1) || has_block(value, depth - 1))
        })
    }

    /// Returns the rules of `aws events list-rules`. A pattern can have a field `Rules`, but its
    /// alternatives never have a `Name`.
    pub(crate) fn rule_list(&self) -> Option<Vec<&'t RawValue>> {
        let rules: Vec<&RawValue> = serde_json::from_str(self.get("Rules")?.get()).ok()?;
        let is_rule = |rule: &&RawValue| {
            serde_json::from_str::<Members<'_>>(rule.get()).is_ok_and(|rule| rule.scalar("Name").is_some())
        };
        rules.iter().all(is_rule).then_some(rules)
    }
}

impl<'t> Deserialize<'t> for Members<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Members<'t>, D::Error> {
        struct InOrder;

        impl<'t> Visitor<'t> for InOrder {
            type Value = Members<'t>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Members<'t>, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    // A name with an unpaired surrogate is legal in a pattern. It becomes empty
                    // here, and equals no name of a rule member.
                    members.push((serde_json::from_str(name.get()).unwrap_or_default(), value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

/// Returns true if an event looks like a rule: an object with a name and a pattern, or a list of
/// rules of the AWS CLI.
pub(crate) fn looks_like_rule(event: &[u8]) -> bool {
    let Ok(members) = serde_json::from_slice::<Members<'_>>(event) else { return false };
    let is_pattern = |pattern: &RawValue| is_string(pattern) || pattern.get().starts_with('{');
    let has_pattern =
        ["pattern", "EventPattern"].into_iter().filter_map(|name| members.get(name)).any(is_pattern);
    let has_name = ["id", "name", "Name"].into_iter().any(|name| members.scalar(name).is_some());
    has_pattern && (has_name || members.0.len() == 1)
        || members.rule_list().is_some_and(|rules| !rules.is_empty())
}

/// Returns true if an object has a member. `name` is a JSON string. Returns `None` if the text is not
/// an object.
pub(crate) fn has_member(object: &[u8], name: &str) -> Option<bool> {
    let name: String = serde_json::from_str(name).ok()?;
    let members = serde_json::from_slice::<Members<'_>>(object).ok()?;
    Some(members.get(&name).is_some())
}

/// Returns true if a value is a list of blocks with a string. Operators of patterns have strings as well,
/// but no underscore in their names.
fn has_block(list: &RawValue, depth: usize) -> bool {
    let Ok(elements) = serde_json::from_str::<Vec<&RawValue>>(list.get()) else { return false };
    let is_block = |members: &Members<'_>| members.0.iter().any(|(name, _)| name.contains('_'));
    let blocks =
        elements.into_iter().filter_map(|block| serde_json::from_str::<Members<'_>>(block.get()).ok());
    blocks.filter(is_block).any(|block| block.has_string(depth))
}

pub(crate) fn is_string(value: &RawValue) -> bool {
    value.get().starts_with('"')
}
