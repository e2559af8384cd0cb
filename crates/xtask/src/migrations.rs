//! Every migration is of the kind that expands: the previous release, which still runs beside it, finds all that it reads, and
//! may write all that it wrote.

use std::{fs, path::Path};

use anyhow::Context as _;

mod statements;

use self::statements::{Statement, statements};

/// What the previous release would miss, whatever it is done to.
const TAKES_AWAY: [(&[&str], &str); 9] = [
    (&["DROP", "TABLE"], "takes a table away"),
    (&["DROP", "VIEW"], "takes a view away"),
    (&["DROP", "COLUMN"], "takes a column away"),
    (&["DROP", "FUNCTION"], "takes a function away"),
    (&["DROP", "DEFAULT"], "takes a default away"),
    (&["DROP", "SCHEMA"], "takes a schema away"),
    (&["RENAME"], "gives something another name"),
    (&["SET", "NOT", "NULL"], "refuses rows without a value"),
    (&["TYPE"], "changes the type of a column"),
];

/// Everything that is wrong with the migrations of a folder.
pub(crate) fn violations(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // Nothing ran before the first one.
        if name.ends_with(".sql") && !name.starts_with("V1__") {
            let wrong = violations_of(&fs::read_to_string(&path)?);
            found.extend(
                wrong
                    .into_iter()
                    .map(|it| format!("migrations/{name}: {it}")),
            );
        }
    }
    found.sort();
    Ok(found)
}

fn violations_of(migration: &str) -> Vec<String> {
    let statements = statements(migration);
    let of_new_things = |it: &Statement| it.table().is_some_and(|table| is_new(&statements, table));
    let old = statements.iter().filter(|it| !of_new_things(it));
    old.flat_map(|statement| {
        let taken = TAKES_AWAY
            .iter()
            .filter(|(words, _)| takes_away(statement, words));
        let taken = taken.map(|(_, why)| (*why).to_owned());
        let narrowed = narrowings(statement, &statements);
        taken
            .chain(narrowed)
            .map(|why| format!("{why}: {}", statement.beginning()))
    })
    .collect()
}

fn takes_away(statement: &Statement, words: &[&str]) -> bool {
    // A type that is made is none that is changed.
    statement.has(words) && (words != ["TYPE"] || statement.has(&["ALTER", "COLUMN"]))
}

/// Rules that rows of the previous release may break.
fn narrowings(statement: &Statement, all: &[Statement]) -> Vec<String> {
    let concerns_new_column = all
        .iter()
        .flat_map(Statement::added_columns)
        .any(|column| statement.names(column));
    let mut wrong = Vec::new();
    for name in statement.added_constraints() {
        let is_replaced = all.iter().any(|it| it.has(&["DROP", "CONSTRAINT", name]));
        if !is_replaced && !concerns_new_column {
            wrong.push(format!("adds the constraint {name} to what is there"));
        }
    }
    if statement.has(&["CREATE", "UNIQUE", "INDEX"]) && !concerns_new_column {
        wrong.push("makes unique what is there".to_owned());
    }
    for column in statement.clauses().filter(|it| it.has(&["ADD", "COLUMN"])) {
        if column.has(&["NOT", "NULL"]) && !column.has(&["DEFAULT"]) {
            wrong.push("adds a column that the previous release does not fill".to_owned());
        }
    }
    wrong
}

fn is_new(statements: &[Statement], table: &str) -> bool {
    statements
        .iter()
        .any(|it| it.has(&["CREATE", "TABLE", table]))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{violations, violations_of};
    use crate::process;

    #[rstest]
    #[case::new_table("CREATE TABLE t (a int NOT NULL); CREATE UNIQUE INDEX i ON t (a);", 0)]
    #[case::optional_column("ALTER TABLE t ADD COLUMN a int;", 0)]
    #[case::filled_column("ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 1;", 0)]
    #[case::wider_rule(
        "ALTER TABLE t DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (a IN (1, 2));",
        0
    )]
    #[case::rule_of_a_new_column(
        "ALTER TABLE t ADD COLUMN a int, ADD CONSTRAINT c CHECK (a > 0);",
        0
    )]
    #[case::in_a_function("CREATE FUNCTION f() AS $$ BEGIN DROP TABLE t; END $$;", 0)]
    #[case::in_a_remark("-- RENAME it?\nSELECT 1;", 0)]
    #[case::index("CREATE INDEX i ON t (a); DROP INDEX j;", 0)]
    #[case::unfilled_column("ALTER TABLE t ADD COLUMN b int, ADD COLUMN a int NOT NULL;", 1)]
    #[case::narrower_rule("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0);", 1)]
    #[case::unique("CREATE UNIQUE INDEX i ON t (a);", 1)]
    #[case::no_table("DROP TABLE t;", 1)]
    #[case::no_column("ALTER TABLE t DROP COLUMN a;", 1)]
    #[case::other_name("ALTER TABLE t RENAME COLUMN a TO b;", 1)]
    #[case::other_type("ALTER TABLE t ALTER COLUMN a TYPE bigint;", 1)]
    #[case::not_null("ALTER TABLE t ALTER COLUMN a SET NOT NULL;", 1)]
    fn what_the_previous_release_cannot_live_with_is_found(
        #[case] migration: &str,
        #[case] expected: usize,
    ) {
        let found = violations_of(migration);

        assert_eq!(found.len(), expected, "{found:?}");
    }

    #[test]
    fn every_migration_expands() {
        let found = violations(&process::root().join("migrations")).unwrap();

        assert_eq!(found, Vec::<String>::new());
    }
}
