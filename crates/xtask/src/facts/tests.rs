use super::*;

fn facts(source: &str) -> Facts {
    Facts::of(&syn::parse_file(source).unwrap())
}

fn whats<T: Clone>(found: &[At<T>]) -> Vec<T> {
    found.iter().map(|at| at.what.clone()).collect()
}

#[test]
fn a_function_is_measured_from_fn_to_its_brace_without_self() {
    let found = facts(
        "struct A;\nimpl A {\n    /// Doc.\n    #[inline]\n    fn f(&self, a: u8, b: u8) {\n        g();\n    }\n}",
    );

    let [at] = found.functions.as_slice() else {
        panic!("one function: {found:?}")
    };
    assert_eq!(at.line, 5);
    assert_eq!(
        at.what,
        Function {
            name: "f".into(),
            lines: 3,
            parameters: 2
        }
    );
}

#[test]
fn accessors_of_ports_do_not_count_as_methods() {
    let found = facts(
        "trait UnitOfWork { fn invoices(&mut self) -> &mut dyn Invoices; fn name(&self) -> &str; }",
    );

    assert_eq!(
        found.traits[0].what,
        Trait {
            name: "UnitOfWork".into(),
            methods: 1
        }
    );
}

#[test]
fn strings_and_calls_inside_macros_are_found_and_comments_are_not() {
    let found = facts(
        r#"
        /// SELECT in a comment
        fn f() { let a = format!("{}{}", "one", vec!["two"]); assert!(a != *"three"); }
    "#,
    );

    assert_eq!(whats(&found.strings), ["{}{}", "one", "two", "three"]);
    assert_eq!(whats(&found.macros), ["format", "vec", "assert"]);
}

#[test]
fn test_code_is_told_apart() {
    let found = facts("fn a() { x::y(); }\n#[cfg(test)]\nmod tests {\n    fn b() { z::w(); }\n}\n");

    let paths: Vec<_> = found
        .paths
        .iter()
        .map(|at| (at.what.as_str(), at.in_test))
        .collect();
    assert_eq!(paths, [("x::y", false), ("z::w", true)]);
    assert_eq!(found.test_lines, 4);
}

#[test]
fn a_handler_is_a_use_case_and_a_decorator_is_not() {
    let handler = facts("impl CommandHandler<IssueInvoice> for IssueInvoiceHandler { }");
    let decorator = facts("impl<C, H: CommandHandler<C>> CommandHandler<C> for Once<H> { }");

    assert!(handler.is_use_case);
    assert!(!decorator.is_use_case);
}

#[test]
fn catch_all_arms_are_found_in_problem_mappings_only() {
    let mapping = facts(
        "impl From<E> for Problem { fn from(e: E) -> Self { match e { E::A => 1, other => 2 } match e { _ => 3 } } }",
    );
    let elsewhere =
        facts("impl From<E> for Other { fn from(e: E) -> Self { match e { _ => 3 } } }");

    assert_eq!(mapping.catch_alls.len(), 2);
    assert!(elsewhere.catch_alls.is_empty());
}
