//! The imports of a module: `use`, and paths that are written in full.

use std::collections::HashMap;

use super::modules::{ModuleId, Modules};
use super::tokens::group;

/// A name of another module that a module uses.
pub(crate) struct Edge {
    pub(crate) from: ModuleId,
    /// The module that defines the name, after exports of exports are followed.
    pub(crate) to: ModuleId,
    /// The path from the root of the crate, before exports are followed.
    pub(crate) written: Vec<String>,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Item,
    /// The name of a module. Paths that begin with the name are edges of their own.
    Module,
    /// The name of a module inside, which the module exports and does not use.
    Facade,
}

/// An item of a `use`.
#[derive(Debug, Eq, PartialEq)]
struct Import {
    path: Vec<String>,
    /// The local name of the item.
    name: String,
    is_export: bool,
}

/// The imported names of a module, and the paths that it writes in full.
struct Names {
    imports: Vec<Import>,
    paths: Vec<Vec<String>>,
    /// The imports by their names.
    by_name: HashMap<String, usize>,
    /// Words outside of `use`.
    words: Vec<String>,
}

/// Returns all uses of names of the crate. Uses of a module's own names are left out.
pub(crate) fn edges(modules: &Modules) -> Vec<Edge> {
    let names: Vec<Names> = modules.all.iter().map(|module| Names::of(&module.tokens)).collect();
    let resolver = Resolver { modules, names: &names };
    let mut edges = Vec::new();
    for (from, Names { imports, paths, words, .. }) in names.iter().enumerate() {
        // The root declares modules and exports names; it is no module of the table.
        if from == 0 {
            continue;
        }
        let mut add = |path: &[String], is_export: bool| {
            let Some(written) = resolver.absolute(from, path) else { return };
            let Some((to, is_module)) = resolver.resolve(&written, 0) else { return };
            if to == 0 || to == from {
                return;
            }
            let is_inside = modules.all[to].path.starts_with(&modules.all[from].path);
            let kind = match is_module {
                true => Kind::Module,
                false if is_export && is_inside => Kind::Facade,
                false => Kind::Item,
            };
            edges.push(Edge { from, to, written, kind });
        };
        for import in imports {
            add(&import.path, import.is_export && !words.contains(&import.name));
        }
        for path in paths {
            add(path, false);
        }
    }
    edges
}

struct Resolver<'m> {
    modules: &'m Modules,
    names: &'m [Names],
}

impl Resolver<'_> {
    /// Returns a path from the root of the crate, unless the path leads into another crate.
    fn absolute(&self, from: ModuleId, path: &[String]) -> Option<Vec<String>> {
        let module = &self.modules.all[from].path;
        let supers = path.iter().take_while(|segment| *segment == "super").count();
        let (start, rest) = match &*path[0] {
            "crate" => (&module[..0], &path[1..]),
            "self" => (&module[..], &path[1..]),
            "super" => (&module[..module.len() - supers], &path[supers..]),
            name if self.modules.child(from, name).is_some() => (&module[..], path),
            name => {
                let import = &self.names[from].imports[*self.names[from].by_name.get(name)?];
                // `use name::…` would otherwise be looked up without end.
                let start = (import.path[0] != name).then(|| self.absolute(from, &import.path))??;
                return Some([&start, &path[1..]].concat());
            }
        };
        Some([start, rest].concat())
    }

    /// Returns the module that a path from the root leads into, and whether it ends there.
    fn resolve(&self, path: &[String], depth: usize) -> Option<(ModuleId, bool)> {
        assert!(depth < 20, "exports lead in a circle: {path:?}");
        let mut module = 0;
        for (at, segment) in path.iter().enumerate() {
            if let Some(child) = self.modules.child(module, segment) {
                module = child;
                continue;
            }
            let Some(&import) = self.names[module].by_name.get(segment) else {
                return Some((module, false));
            };
            let import = &self.names[module].imports[import].path;
            if import[0] == *segment {
                return None;
            }
            let target = self.absolute(module, import)?;
            return self.resolve(&[&target, &path[at + 1..]].concat(), depth + 1);
        }
        Some((module, true))
    }
}

impl Names {
    fn of(tokens: &[String]) -> Names {
        let (mut imports, mut paths, mut words) = (Vec::new(), Vec::new(), Vec::new());
        let mut at = 0;
        while at < tokens.len() {
            // `use<…>` names lifetimes.
            if tokens[at] == "use" && tokens[at + 1] != "<" {
                let end = at + tokens[at..].iter().position(|token| token == ";").expect("`use` ends");
                tree(&tokens[at + 1..end], &[], is_export(&tokens[..at]), &mut imports);
                at = end;
            } else if is_word(&tokens[at]) && (at == 0 || tokens[at - 1] != "::") {
                let mut path = vec![tokens[at].clone()];
                while tokens.get(at + 1).is_some_and(|token| token == "::")
                    && tokens.get(at + 2).is_some_and(|token| is_word(token))
                {
                    path.push(tokens[at + 2].clone());
                    at += 2;
                }
                words.push(path[0].clone());
                if path.len() > 1 {
                    paths.push(path);
                }
            }
            at += 1;
        }
        let by_name = imports.iter().enumerate().map(|(at, import)| (import.name.clone(), at)).collect();
        Names { imports, paths, by_name, words }
    }
}

fn is_word(token: &str) -> bool {
    token.starts_with(|char: char| char.is_alphabetic() || char == '_')
}

/// Returns true if the tokens end with `pub`, or with `pub` and a place in parentheses.
fn is_export(before: &[String]) -> bool {
    match before.iter().map(String::as_str).rev().take(8).collect::<Vec<_>>()[..] {
        ["pub", ..] => true,
        [")", ref rest @ ..] => {
            let open = rest.iter().position(|token| *token == "(");
            open.is_some_and(|open| rest.get(open + 1) == Some(&"pub"))
        }
        _ => false,
    }
}

/// Adds the items of a tree of imports, which are all below `parent`.
fn tree(tokens: &[String], parent: &[String], is_export: bool, imports: &mut Vec<Import>) {
    let mut path = parent.to_vec();
    let mut at = 0;
    while at < tokens.len() {
        match &*tokens[at] {
            "::" => at += 1,
            "{" => {
                let end = at + group(&tokens[at..]);
                for item in split(&tokens[at + 1..end - 1]) {
                    tree(item, &path, is_export, imports);
                }
                return;
            }
            "*" => {
                let is_local = matches!(&*path[0], "crate" | "self" | "super");
                assert!(!is_local, "`use {}::*` hides which names are used", path.join("::"));
                return;
            }
            "as" => {
                imports.push(Import { path, name: tokens[at + 1].clone(), is_export });
                return;
            }
            // `a::{self}` is `a`.
            "self" if !path.is_empty() => at += 1,
            word => {
                path.push(word.to_owned());
                at += 1;
            }
        }
    }
    if let Some(name) = path.last().cloned() {
        imports.push(Import { path, name, is_export });
    }
}

/// Splits at commas outside of braces.
fn split(tokens: &[String]) -> Vec<&[String]> {
    let (mut items, mut start, mut at) = (Vec::new(), 0, 0);
    while at < tokens.len() {
        match &*tokens[at] {
            "{" => at += group(&tokens[at..]),
            "," => {
                items.push(&tokens[start..at]);
                at += 1;
                start = at;
            }
            _ => at += 1,
        }
    }
    items.push(&tokens[start..]);
    items
}

#[cfg(test)]
mod tests {
    use super::super::modules::Modules;
    use super::Kind::{self, Facade, Item, Module};
    use super::edges;

    /// A crate of files that are given as text.
    fn found(files: &'static [(&'static str, &'static str)]) -> Vec<(String, String, String, Kind)> {
        let modules = Modules::of("lib.rs".into(), &|path| {
            let (name, text) = files.iter().find(|(name, _)| path == std::path::Path::new(name))?;
            Some(((*text).to_owned(), (*name).to_owned()))
        });
        let edge = |edge: &super::Edge| {
            let (from, to) = (modules.file(edge.from).to_owned(), modules.file(edge.to).to_owned());
            (from, to, edge.written.join("::"), edge.kind)
        };
        edges(&modules).iter().map(edge).collect()
    }

    fn expect(files: &'static [(&'static str, &'static str)], expected: &[(&str, &str, &str, Kind)]) {
        let found = found(files);
        let found: Vec<_> =
            found.iter().map(|(from, to, path, kind)| (&**from, &**to, &**path, *kind)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn trees_of_imports_are_followed() {
        expect(
            &[
                ("lib.rs", "mod a; mod b; pub use b::Z;"),
                (
                    "a.rs",
                    "use crate::{b::{self, X, c::{Y as W}}, Z}; use std::fmt; fn f() { b::V::new(); W::u(); }",
                ),
                ("b/mod.rs", "pub(crate) mod c; pub struct X; pub struct Z; pub struct V;"),
                ("b/c.rs", "pub struct Y;"),
            ],
            &[
                ("a.rs", "b/mod.rs", "b", Module),
                ("a.rs", "b/mod.rs", "b::X", Item),
                ("a.rs", "b/c.rs", "b::c::Y", Item),
                ("a.rs", "b/mod.rs", "Z", Item),
                ("a.rs", "b/mod.rs", "b::V::new", Item),
                ("a.rs", "b/c.rs", "b::c::Y::u", Item),
            ],
        );
    }

    #[test]
    fn paths_are_followed_from_any_start() {
        expect(
            &[
                ("lib.rs", "mod a; mod b;"),
                ("a.rs", "mod d; fn f() -> super::b::X { crate::b::Y::<u8>::new(); d::g() }"),
                ("a/d.rs", "use super::super::b::Y; mod e { use super::super::f; }"),
                ("b.rs", "pub struct X;"),
            ],
            &[
                ("a.rs", "b.rs", "b::X", Item),
                ("a.rs", "b.rs", "b::Y", Item),
                ("a.rs", "a/d.rs", "a::d::g", Item),
                ("a/d.rs", "b.rs", "b::Y", Item),
                ("a/d.rs", "a.rs", "a::f", Item),
            ],
        );
    }

    #[test]
    fn exports_lead_to_the_definition() {
        expect(
            &[
                ("lib.rs", "mod a; mod b;"),
                ("a/mod.rs", "mod x; mod y; pub(crate) use x::X; pub(super) use y::Y; fn f(_: Y) {}"),
                ("a/x.rs", "pub struct X;"),
                ("a/y.rs", "use super::X;"),
                ("b.rs", "use crate::a::X;"),
            ],
            &[
                ("a/mod.rs", "a/x.rs", "a::x::X", Facade),
                ("a/mod.rs", "a/y.rs", "a::y::Y", Item),
                ("b.rs", "a/x.rs", "a::X", Item),
                ("a/y.rs", "a/x.rs", "a::X", Item),
            ],
        );
    }
}
