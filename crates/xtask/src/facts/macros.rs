//! Macro calls hold tokens, not syntax; this looks for what the checks want among them.

use proc_macro2::{Span, TokenStream, TokenTree};

/// What stands inside of a macro call.
pub(super) enum Found {
    /// `name!`
    Call(String, Span),
    /// A string literal.
    Text(String, Span),
}

/// Calls and strings in `tokens`, at any depth.
pub(super) fn inside(tokens: TokenStream) -> Vec<Found> {
    let mut found = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => found.extend(inside(group.stream())),
            TokenTree::Ident(name) => {
                // `name !=` is a comparison: its `!` is followed by `=` at once.
                let is_call = matches!(tokens.peek(), Some(TokenTree::Punct(mark))
                    if mark.as_char() == '!' && mark.spacing() == proc_macro2::Spacing::Alone);
                if is_call {
                    found.push(Found::Call(name.to_string(), name.span()));
                }
            }
            TokenTree::Literal(literal) => {
                let span = literal.span();
                if let syn::Lit::Str(text) = syn::Lit::new(literal) {
                    found.push(Found::Text(text.value(), span));
                }
            }
            TokenTree::Punct(_) => {}
        }
    }
    found
}
