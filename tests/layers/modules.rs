//! The modules of a crate: all that are reachable from the root by `mod name;` and `mod name { …
//! }`.

use std::fs;
use std::path::{Path, PathBuf};

use super::tokens::{group, tokens};

pub(crate) type ModuleId = usize;

pub(crate) struct Module {
    /// The path from the root of the crate, which is empty for the root.
    pub(crate) path: Vec<String>,
    /// The path of the file from the folder of the root.
    pub(crate) file: String,
    /// The tokens without those of modules inside.
    pub(crate) tokens: Vec<String>,
    /// The modules that the module declares.
    pub(crate) children: Vec<ModuleId>,
    is_public: bool,
}

impl Module {
    fn name(&self) -> &str {
        self.path.last().map_or("crate", String::as_str)
    }
}

/// The first module is the root.
pub(crate) struct Modules {
    pub(crate) all: Vec<Module>,
}

impl Modules {
    pub(crate) fn read(root: &Path) -> Modules {
        let folder = root.parent().expect("the root is in a folder").to_owned();
        Modules::of(root.to_owned(), &|file| {
            let text = fs::read_to_string(file).ok()?;
            let name = file.strip_prefix(&folder).unwrap_or(file).display().to_string();
            Some((text, name.replace('\\', "/")))
        })
    }

    /// Follows the declarations of modules. `source` returns the text and the name of a file if the
    /// file exists.
    pub(crate) fn of(root: PathBuf, source: &dyn Fn(&Path) -> Option<(String, String)>) -> Modules {
        let mut modules = Modules { all: Vec::new() };
        let folder = root.parent().expect("the root is in a folder").to_owned();
        let (text, file) = source(&root).expect("the root can be read");
        // Modules whose declarations have not been followed, each with the folder of its children.
        let mut waiting = vec![(modules.add(Vec::new(), owned(&text), file, true), folder)];
        while let Some((at, folder)) = waiting.pop() {
            for Declaration { name, is_public, body } in declarations(&mut modules.all[at].tokens) {
                let mut path = modules.all[at].path.clone();
                path.push(name.clone());
                let (tokens, file) = match body {
                    Some(tokens) => (tokens, modules.all[at].file.clone()),
                    None => {
                        let files = [folder.join(format!("{name}.rs")), folder.join(&name).join("mod.rs")];
                        let found = files.iter().find_map(|file| source(file));
                        let (text, file) = found.unwrap_or_else(|| panic!("there is no file for {path:?}"));
                        (owned(&text), file)
                    }
                };
                let child = modules.add(path, tokens, file, is_public);
                modules.all[at].children.push(child);
                waiting.push((child, folder.join(&name)));
            }
        }
        modules
    }

    fn add(&mut self, path: Vec<String>, tokens: Vec<String>, file: String, is_public: bool) -> ModuleId {
        self.all.push(Module { path, file, tokens, children: Vec::new(), is_public });
        self.all.len() - 1
    }

    pub(crate) fn child(&self, of: ModuleId, name: &str) -> Option<ModuleId> {
        self.all[of].children.iter().copied().find(|&child| self.all[child].name() == name)
    }

    pub(crate) fn file(&self, of: ModuleId) -> &str {
        &self.all[of].file
    }

    /// Returns the name of the module below the root that a module is in, if it is not the root.
    pub(crate) fn top(&self, of: ModuleId) -> Option<&str> {
        self.all[of].path.first().map(String::as_str)
    }

    /// The names of the modules that the root declares.
    pub(crate) fn tops(&self) -> impl Iterator<Item = &str> {
        self.all[0].children.iter().map(|&child| self.all[child].name())
    }

    /// Returns true if a path from the root begins with a public module, or is a name that the root exports.
    pub(crate) fn is_public(&self, path: &[String]) -> bool {
        match self.child(0, &path[0]) {
            Some(module) => self.all[module].is_public,
            None => true,
        }
    }
}

fn owned(text: &str) -> Vec<String> {
    tokens(text).into_iter().map(str::to_owned).collect()
}

struct Declaration {
    name: String,
    is_public: bool,
    /// The tokens between the braces, if there are any.
    body: Option<Vec<String>>,
}

/// Removes the bodies of modules from the tokens, and returns all modules that are declared.
fn declarations(tokens: &mut Vec<String>) -> Vec<Declaration> {
    let mut found = Vec::new();
    let mut at = 0;
    while at + 2 < tokens.len() {
        if tokens[at] == "mod" && matches!(&*tokens[at + 2], ";" | "{") {
            let body = (tokens[at + 2] == "{").then(|| {
                let end = at + 2 + group(&tokens[at + 2..]);
                let body: Vec<String> = tokens.drain(at + 2..end).collect();
                body[1..body.len() - 1].to_vec()
            });
            let is_public = at > 0 && tokens[at - 1] == "pub";
            found.push(Declaration { name: tokens[at + 1].clone(), is_public, body });
        }
        at += 1;
    }
    found
}
