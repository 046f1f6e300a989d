//! The files of a crate, and which names each takes from which other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, Meta, UseTree, Visibility};

/// A module, by the names that lead to it from the root.
type Module = Vec<String>;

/// The source of a crate. Tests within it, and folders of models, are left out.
pub(crate) struct Source {
    /// By the path below the folder of the crate.
    pub(crate) files: BTreeMap<String, syn::File>,
    modules: BTreeMap<Module, String>,
    /// Macros that `#[macro_export]` puts at the root, and where they are.
    macros: BTreeMap<String, String>,
}

/// That a file names something of another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Import {
    pub(crate) from: String,
    pub(crate) line: usize,
    pub(crate) to: String,
}

impl Source {
    /// All files below the folder.
    pub(crate) fn read(folder: &Path) -> Source {
        let mut found = Vec::new();
        collect(folder, folder, &mut found);
        Source::parse(&found)
    }

    /// Files by path and text.
    pub(crate) fn parse(texts: &[(String, String)]) -> Source {
        let mut files = BTreeMap::new();
        for (path, text) in texts {
            if path.split('/').any(|folder| folder == "models") {
                continue;
            }
            let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
            files.insert(path.clone(), without_tests(file));
        }
        let mut source = Source {
            files,
            modules: BTreeMap::new(),
            macros: BTreeMap::new(),
        };
        source.leave_out_what_is_not_declared();
        source.find_macros();
        source
    }

    /// A file that is declared by nothing but a test's `mod` is a test.
    fn leave_out_what_is_not_declared(&mut self) {
        let mut modules = BTreeMap::new();
        self.find_modules(&Module::new(), "lib.rs", &mut modules);
        let there: BTreeSet<&String> = modules.values().collect();
        self.files.retain(|path, _| there.contains(path));
        self.modules = modules;
    }

    fn find_modules(&self, module: &Module, path: &str, found: &mut BTreeMap<Module, String>) {
        if let Some(file) = self.files.get(path) {
            self.find_modules_among(&file.items, module, path, found);
        }
    }

    fn find_modules_among(
        &self,
        items: &[Item],
        module: &Module,
        path: &str,
        found: &mut BTreeMap<Module, String>,
    ) {
        found.insert(module.clone(), path.to_owned());
        for item in items {
            if let Item::Mod(child) = item {
                let mut inner = module.clone();
                inner.push(child.ident.to_string());
                match &child.content {
                    Some((_, items)) => self.find_modules_among(items, &inner, path, found),
                    None => self.find_modules(&inner, &self.file_of(&inner), found),
                }
            }
        }
    }

    fn file_of(&self, module: &[String]) -> String {
        let path = module.join("/");
        let alone = format!("{path}.rs");
        if self.files.contains_key(&alone) {
            alone
        } else {
            format!("{path}/mod.rs")
        }
    }

    fn find_macros(&mut self) {
        for (path, file) in &self.files {
            for item in &file.items {
                let Item::Macro(made) = item else { continue };
                let is_exported = made.attrs.iter().any(|a| a.path().is_ident("macro_export"));
                if let (true, Some(name)) = (is_exported, &made.ident) {
                    self.macros.insert(name.to_string(), path.clone());
                }
            }
        }
    }

    /// What each file takes from others, by the lines where it does so.
    pub(crate) fn imports(&self) -> Vec<Import> {
        let mut all = BTreeSet::new();
        // An inline module is walked with the file that it is in.
        for (module, path) in &self.modules {
            let is_inline = module.last().is_some_and(|_| {
                let around = &module[..module.len() - 1];
                self.modules.get(around) == Some(path)
            });
            if is_inline {
                continue;
            }
            let mut walk = Walk {
                source: self,
                path,
                module: module.clone(),
                names: BTreeMap::new(),
                found: &mut all,
            };
            // An import may stand behind what uses it.
            walk.learn_names(&self.files[path].items);
            walk.visit_file(&self.files[path]);
        }
        all.into_iter().collect()
    }
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).expect("it is below").display();
            let text = fs::read_to_string(&path).expect("it can be read");
            found.push((name.to_string(), text));
        }
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            let text = list.tokens.to_string();
            text == "test" || text.starts_with("all (test") || text.starts_with("all(test")
        }
        meta => meta.path().is_ident("test"),
    })
}

fn without_tests(mut file: syn::File) -> syn::File {
    fn clear(items: &mut Vec<Item>) {
        items.retain(|item| {
            let attributes = match item {
                Item::Const(item) => &item.attrs,
                Item::Fn(item) => &item.attrs,
                Item::Impl(item) => &item.attrs,
                Item::Macro(item) => &item.attrs,
                Item::Mod(item) => &item.attrs,
                Item::Static(item) => &item.attrs,
                Item::Struct(item) => &item.attrs,
                Item::Use(item) => &item.attrs,
                _ => return true,
            };
            !is_test(attributes)
        });
        for item in items {
            if let Item::Mod(ItemMod {
                content: Some((_, items)),
                ..
            }) = item
            {
                clear(items);
            }
        }
    }
    clear(&mut file.items);
    file
}

/// A walk through one file.
struct Walk<'a> {
    source: &'a Source,
    path: &'a str,
    /// In which module it is at the moment.
    module: Module,
    /// Modules by the names that they have in this file.
    names: BTreeMap<String, Module>,
    found: &'a mut BTreeSet<Import>,
}

impl Walk<'_> {
    fn learn_names(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Use(item) => self.learn(&item.tree, &mut Vec::new()),
                Item::Mod(ItemMod {
                    ident,
                    content: Some((_, items)),
                    ..
                }) => {
                    self.module.push(ident.to_string());
                    self.learn_names(items);
                    self.module.pop();
                }
                _ => {}
            }
        }
    }

    /// Of what a `use` brings in, the names that are modules.
    fn learn(&mut self, tree: &UseTree, before: &mut Vec<String>) {
        leaves(tree, before, &mut |path, name| {
            if let (Some((module, 0)), Some(name)) = (self.resolve(path), name)
                && !module.is_empty()
            {
                self.names.insert(name, module);
            }
        });
    }

    /// The module that a path leads to, and how many of its names are left, which are items there.
    fn resolve(&self, path: &[String]) -> Option<(Module, usize)> {
        let (first, mut rest) = path.split_first()?;
        let mut module = match first.as_str() {
            "crate" => Module::new(),
            "self" => self.module.clone(),
            "super" => self.module[..self.module.len().checked_sub(1)?].to_vec(),
            name => {
                let mut child = self.module.clone();
                child.push(name.to_owned());
                if self.source.modules.contains_key(&child) {
                    child
                } else {
                    self.names.get(name)?.clone()
                }
            }
        };
        while let Some((next, others)) = rest.split_first() {
            let mut deeper = module.clone();
            match next.as_str() {
                "super" => _ = deeper.pop(),
                "self" => {}
                next => deeper.push(next.to_owned()),
            }
            if !self.source.modules.contains_key(&deeper) {
                break;
            }
            (module, rest) = (deeper, others);
        }
        Some((module, rest.len()))
    }

    fn see(&mut self, path: &[String], line: usize) {
        let Some((module, left)) = self.resolve(path) else {
            return;
        };
        // A module by itself is only a name.
        if left == 0 {
            return;
        }
        let item = &path[path.len() - left];
        let made = self.source.macros.get(item).filter(|_| module.is_empty());
        let to = made.unwrap_or(&self.source.modules[&module]);
        if to != self.path {
            self.found.insert(Import {
                from: self.path.to_owned(),
                line,
                to: to.clone(),
            });
        }
    }

    /// Tokens that nobody has parsed: those of macros.
    fn see_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let is = |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == sign);
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => self.see_tokens(group.stream()),
                TokenTree::Ident(first) if !(at > 0 && (is(at - 1, '$') || is(at - 1, ':'))) => {
                    let (mut path, line) = (vec![first.to_string()], first.span().start().line);
                    while is(at + 1, ':') && is(at + 2, ':') {
                        let Some(TokenTree::Ident(next)) = tokens.get(at + 3) else {
                            break;
                        };
                        path.push(next.to_string());
                        at += 3;
                    }
                    if path.len() > 1 {
                        self.see(&path, line);
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }
}

impl<'ast> Visit<'ast> for Walk<'_> {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let mut paths = Vec::new();
        leaves(&item.tree, &mut Vec::new(), &mut |path, _| {
            paths.push(path.to_vec());
        });
        let line = item.use_token.span.start().line;
        for path in paths {
            self.see(&path, line);
        }
        self.learn(&item.tree, &mut Vec::new()); // within a function
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<&Ident> = path.segments.iter().map(|segment| &segment.ident).collect();
        if path.leading_colon.is_none() && names.len() > 1 {
            let line = names[0].span().start().line;
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            self.see(&names, line);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.visit_path(&mac.path);
        self.see_tokens(mac.tokens.clone());
    }

    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_attribute(&mut self, _: &'ast Attribute) {}
}

/// Calls `see` with each path of a `use`, and the name that it has here. The path of a glob ends with `*`.
fn leaves(
    tree: &UseTree,
    before: &mut Vec<String>,
    see: &mut dyn FnMut(&[String], Option<String>),
) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            leaves(&path.tree, before, see);
            before.pop();
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                leaves(tree, before, see);
            }
        }
        UseTree::Name(name) if name.ident == "self" => see(before, before.last().cloned()),
        UseTree::Name(name) => {
            before.push(name.ident.to_string());
            see(before, before.last().cloned());
            before.pop();
        }
        UseTree::Rename(name) => {
            let is_itself = name.ident == "self";
            if !is_itself {
                before.push(name.ident.to_string());
            }
            see(before, Some(name.rename.to_string()));
            if !is_itself {
                before.pop();
            }
        }
        UseTree::Glob(_) => {
            before.push("*".to_owned());
            see(before, None);
            before.pop();
        }
    }
}

/// Calls `see` with each token, one within the other, but for what comments have become.
pub(crate) fn each_token(tokens: TokenStream, see: &mut dyn FnMut(&[TokenTree], usize)) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket && is_doc(group) => {
            }
            TokenTree::Group(group) => each_token(group.stream(), see),
            _ => see(&tokens, at),
        }
    }
}

fn is_doc(group: &proc_macro2::Group) -> bool {
    let first = group.stream().into_iter().next();
    matches!(first, Some(TokenTree::Ident(name)) if name == "doc")
}
