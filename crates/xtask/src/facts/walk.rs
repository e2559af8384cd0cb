//! The walk.

use proc_macro2::Span;
use syn::{
    Arm, Attribute, ExprPath, FnArg, ImplItemFn, Item, ItemEnum, ItemFn, ItemImpl, ItemStruct,
    ItemTrait, ItemType, LitStr, Macro, Meta, Pat, Path, ReturnType, Signature, TraitItem,
    TraitItemFn, Type,
    visit::{self, Visit},
};

use super::{At, Facts, Function, Trait, macros};

/// Where the walk is, and what it has found.
#[derive(Default)]
pub(super) struct Walk {
    pub(super) facts: Facts,
    in_test: bool,
    in_problem_mapping: bool,
}

impl Walk {
    fn at<T>(&self, span: Span, what: T) -> At<T> {
        At {
            line: span.start().line,
            in_test: self.in_test,
            what,
        }
    }

    fn function(&mut self, signature: &Signature, end: Option<Span>) {
        let start = signature.fn_token.span;
        let last_line = end.map_or(start.start().line, |end| end.end().line);
        let parameters = signature
            .inputs
            .iter()
            .filter(|input| matches!(input, FnArg::Typed(_)));
        let function = Function {
            name: signature.ident.to_string(),
            lines: last_line + 1 - start.start().line,
            parameters: parameters.count(),
        };
        self.facts.functions.push(self.at(start, function));
    }

    fn within_test(&mut self, is_test: bool, walk: impl FnOnce(&mut Self)) {
        let before = self.in_test;
        self.in_test |= is_test;
        walk(self);
        self.in_test = before;
    }

    fn name(&mut self, ident: &syn::Ident) {
        self.facts
            .types
            .push(self.at(ident.span(), ident.to_string()));
    }
}

impl<'ast> Visit<'ast> for Walk {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = attributes_of(item);
        let is_test = attributes.iter().any(is_test_attribute);
        if let (Some(lines), true, false) = (lines_of(item), is_test, self.in_test) {
            self.facts.test_lines += lines;
        }
        self.within_test(is_test, |walk| visit::visit_item(walk, item));
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.function(&item.sig, Some(item.block.brace_token.span.close()));
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.function(&item.sig, Some(item.block.brace_token.span.close()));
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        let end = item
            .default
            .as_ref()
            .map(|block| block.brace_token.span.close());
        self.function(&item.sig, end);
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_trait(&mut self, item: &'ast ItemTrait) {
        let counts = |item: &&TraitItem| matches!(item, TraitItem::Fn(method) if !hands_out_a_port(&method.sig));
        let found = Trait {
            name: item.ident.to_string(),
            methods: item.items.iter().filter(counts).count(),
        };
        self.facts.traits.push(self.at(item.ident.span(), found));
        visit::visit_item_trait(self, item);
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        let of_trait = item
            .trait_
            .as_ref()
            .map(|(path, _)| last_name(path))
            .unwrap_or_default();
        self.facts.is_use_case |=
            of_trait == "CommandHandler" && item.generics.params.is_empty() && !self.in_test;
        let before = self.in_problem_mapping;
        self.in_problem_mapping = of_trait == "From" && is_named(&item.self_ty, "Problem");
        visit::visit_item_impl(self, item);
        self.in_problem_mapping = before;
    }

    fn visit_arm(&mut self, arm: &'ast Arm) {
        if let (true, Some(span)) = (self.in_problem_mapping, catches_all(&arm.pat)) {
            self.facts.catch_alls.push(self.at(span, ()));
        }
        visit::visit_arm(self, arm);
    }

    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        self.name(&item.ident);
        visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        self.name(&item.ident);
        visit::visit_item_enum(self, item);
    }

    fn visit_item_type(&mut self, item: &'ast ItemType) {
        self.name(&item.ident);
        visit::visit_item_type(self, item);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        // Not visited further: doc comments are attributes, and their text is no string of the program.
        let text = attribute_text(attribute);
        self.facts
            .attributes
            .push(self.at(attribute.pound_token.span, text));
    }

    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        let segments: Vec<String> = path
            .path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let span = path
            .path
            .segments
            .first()
            .map_or_else(Span::call_site, |first| first.ident.span());
        self.facts.paths.push(self.at(span, segments.join("::")));
        visit::visit_expr_path(self, path);
    }

    fn visit_lit_str(&mut self, literal: &'ast LitStr) {
        self.facts
            .strings
            .push(self.at(literal.span(), literal.value()));
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.facts
            .macros
            .push(self.at(call.bang_token.span, last_name(&call.path)));
        for found in macros::inside(call.tokens.clone()) {
            match found {
                macros::Found::Call(name, span) => self.facts.macros.push(self.at(span, name)),
                macros::Found::Text(text, span) => self.facts.strings.push(self.at(span, text)),
            }
        }
        visit::visit_macro(self, call);
    }
}

fn attributes_of(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// The lines of a test module or function, with its attributes; other test items are too small to matter.
fn lines_of(item: &Item) -> Option<usize> {
    let (attributes, end) = match item {
        Item::Mod(item) => {
            let end = item.content.as_ref().map(|(braces, _)| braces.span.close());
            (&item.attrs, end.unwrap_or_else(|| item.ident.span()))
        }
        Item::Fn(item) => (&item.attrs, item.block.brace_token.span.close()),
        _ => return None,
    };
    let start = attributes.first()?.pound_token.span.start().line;
    Some(end.end().line + 1 - start)
}

fn attribute_text(attribute: &Attribute) -> String {
    let path = last_name(attribute.path());
    match &attribute.meta {
        Meta::List(list) => format!("{path} {}", list.tokens),
        _ => path,
    }
}

/// `#[cfg(test)]`, `#[test]`, `#[actix_web::test]`, `#[rstest]`.
fn is_test_attribute(attribute: &Attribute) -> bool {
    let name = last_name(attribute.path());
    let text = attribute_text(attribute);
    matches!(name.as_str(), "test" | "rstest")
        || text == "cfg test"
        || text.starts_with("cfg all (test")
}

fn hands_out_a_port(signature: &Signature) -> bool {
    let ReturnType::Type(_, returned) = &signature.output else {
        return false;
    };
    let Type::Reference(reference) = returned.as_ref() else {
        return false;
    };
    matches!(reference.elem.as_ref(), Type::TraitObject(_))
}

/// `_`, a plain lower-case name, or one of them with a guard.
fn catches_all(pattern: &Pat) -> Option<Span> {
    match pattern {
        Pat::Wild(wild) => Some(wild.underscore_token.spans[0]),
        Pat::Ident(name) if name.subpat.is_none() => {
            let is_variable = name
                .ident
                .to_string()
                .starts_with(|first: char| first.is_lowercase() || first == '_');
            is_variable.then(|| name.ident.span())
        }
        _ => None,
    }
}

fn is_named(of: &Type, name: &str) -> bool {
    matches!(of, Type::Path(path) if last_name(&path.path) == name)
}

fn last_name(path: &Path) -> String {
    path.segments
        .last()
        .map(|segment| segment.ident.to_string())
        .unwrap_or_default()
}
