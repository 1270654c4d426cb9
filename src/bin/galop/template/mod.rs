//! Rules in templates of CloudFormation and SAM, in files of Serverless, both in YAML and in JSON, and in
//! the configuration, plans and states of Terraform.

mod call;
mod defines;
mod hcl;
mod hcl_names;
mod hcl_value;
mod json;
mod json_text;
mod resources;
mod scalar;
mod serverless;
mod subscriber;
mod terraform;
mod terraform_json;
mod tree;
mod values;
mod variables;
mod yaml;

use std::sync::Arc;

use crate::foreign::{self, Foreign};
use crate::lines::Lines;
use crate::rule_entry::{Entry, Fault};
use crate::template::tree::Tree;
use crate::template::values::Values;

pub(crate) use crate::template::defines::{Defines, Value, define};

/// The maximum size of a template in bytes. CloudFormation allows 1 MB.
const LIMIT: usize = 1 << 26;

/// The file of a template, and the values for its names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) file: &'a Arc<str>,
    pub(crate) stem: &'a str,
    pub(crate) defines: &'a Defines,
}

/// Returns the entries of a text that `foreign` takes for YAML or for configuration of Terraform. Returns
/// `None` if the text is not a template.
pub(crate) fn read_foreign(
    text: &[u8],
    foreign: Foreign,
    lines: &Lines<'_>,
    context: Context<'_>,
) -> Option<Vec<Entry>> {
    if !foreign.is_yaml() && !foreign.is_terraform() {
        return None;
    }
    let is_template =
        !foreign.is_yaml() || foreign.is_yaml_template() || foreign::yaml_template(text).is_some();
    let fault = |fault| is_template.then(|| vec![Entry::Fault(fault)]);
    let text = match std::str::from_utf8(text) {
        Ok(text) => text,
        Err(error) => {
            let place = lines.place(error.valid_up_to());
            return fault(Fault::new(place, "invalid-utf8", "the text is not UTF-8"));
        }
    };
    if text.len() > LIMIT {
        let message = format!("the template is longer than {LIMIT} bytes");
        return fault(Fault::new(lines.place(0), "template-too-large", message));
    }
    if foreign.is_terraform() {
        return Some(hcl::read(text, lines, context));
    }
    match yaml::read(text, lines) {
        Ok(Some(tree)) => read_tree(&tree, foreign.is_serverless(), is_template, context),
        Ok(None) => None,
        Err(error) => fault(error),
    }
}

/// Returns the entries of a tree, if it is a template. `is_service` and `is_template` are true if that is
/// known already.
fn read_tree(
    tree: &Tree<'_>,
    is_service: bool,
    is_template: bool,
    context: Context<'_>,
) -> Option<Vec<Entry>> {
    if is_service || serverless::is_service(tree) {
        return Some(serverless::read(&Values::with_variables(tree, context)));
    }
    (is_template || is_resources(tree)).then(|| resources::read(&Values::new(tree, context)))
}

/// Returns the id of a filter of an event source. `index` counts from zero.
fn filter_id(source: &str, index: usize, count: usize) -> String {
    if count == 1 { source.to_owned() } else { format!("{source}#filter {}", index + 1) }
}

/// Returns true if the root has the members of a template.
fn is_resources(tree: &Tree<'_>) -> bool {
    let resources = tree.get(tree.root, "Resources");
    tree.get(tree.root, "AWSTemplateFormatVersion").is_some()
        || resources.is_some_and(|resources| {
            tree.members(resources).iter().any(|&(_, resource)| tree.text_at(resource, &["Type"]).is_some())
        })
}

/// Returns true if the root has no members but the blocks of Terraform. `//` is a comment.
fn is_configuration(tree: &Tree<'_>) -> bool {
    let mut names = tree.members(tree.root).iter().map(|&(name, _)| tree.scalar(name));
    names.all(|name| name.is_some_and(|name| name == "//" || foreign::is_terraform_block(name)))
}

/// Returns the entries of the template, or of the output of `terraform show -json`, that begins at
/// `start`. The value is valid JSON.
pub(crate) fn read_json(text: &[u8], start: usize, lines: &Lines<'_>, context: Context<'_>) -> Vec<Entry> {
    let fault = |fault| vec![Entry::Fault(fault)];
    // A value after this one can have bytes that are not UTF-8.
    let text = match std::str::from_utf8(text) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&text[..error.valid_up_to()]).unwrap_or_default(),
    };
    if text.len() > LIMIT {
        let message = format!("the template is longer than {LIMIT} bytes");
        return fault(Fault::new(lines.place(start), "template-too-large", message));
    }
    match json::read(text, start, lines) {
        Ok(tree) if tree.get(tree.root, "terraform_version").is_some() => {
            terraform::read(&Values::new(&tree, context))
        }
        Ok(tree) if is_configuration(&tree) => terraform_json::read(&Values::new(&tree, context)),
        Ok(tree) => read_tree(&tree, false, true, context).unwrap_or_default(),
        Err(error) => fault(error),
    }
}

#[cfg(test)]
mod recorded;
#[cfg(test)]
mod tests;
