//! SQL, as far as it takes to see what a migration does to what is there.

/// A statement, or a clause of one, as words in capitals; names stay as they are.
#[derive(Debug)]
pub(super) struct Statement(Vec<String>);

/// The statements of a migration, without remarks, texts and the bodies of functions.
pub(super) fn statements(migration: &str) -> Vec<Statement> {
    let lines = migration.lines();
    let lines = lines.map(|line| line.split_once("--").map_or(line, |(code, _)| code));
    let text: Vec<&str> = lines.collect();
    // Between two marks there is code that does not run now.
    let outside: String = text.join("\n").split("$$").step_by(2).collect();
    outside
        .split(';')
        .map(Statement::of)
        .filter(|it| !it.0.is_empty())
        .collect()
}

impl Statement {
    fn of(text: &str) -> Self {
        // What stands in quotes is a value.
        let outside: Vec<&str> = text.split('\'').step_by(2).collect();
        let spaced = outside
            .join(" ")
            .replace(',', " , ")
            .replace('(', " ( ")
            .replace(')', " ) ");
        Self(spaced.split_whitespace().map(str::to_owned).collect())
    }

    /// Whether these words stand there, one after the other.
    pub(super) fn has(&self, words: &[&str]) -> bool {
        let same = |(own, word): (&String, &&str)| own.eq_ignore_ascii_case(word);
        self.0
            .windows(words.len())
            .any(|window| window.iter().zip(words).all(same))
    }

    /// Whether it names this.
    pub(super) fn names(&self, name: &str) -> bool {
        self.has(&[name])
    }

    /// The table that it changes, or that an index is on.
    pub(super) fn table(&self) -> Option<&str> {
        self.after(&["ALTER", "TABLE"])
            .or_else(|| self.after(&["INDEX"]).and_then(|_| self.after(&["ON"])))
    }

    /// Its parts between the commas that are in no brackets.
    pub(super) fn clauses(&self) -> impl Iterator<Item = Self> {
        let mut depth = 0_usize;
        let mut clauses = vec![Vec::new()];
        for word in &self.0 {
            match word.as_str() {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
            if word == "," && depth == 0 {
                clauses.push(Vec::new());
            } else if let Some(last) = clauses.last_mut() {
                last.push(word.clone());
            }
        }
        clauses.into_iter().map(Self)
    }

    /// The columns that it adds to a table.
    pub(super) fn added_columns(&self) -> impl Iterator<Item = &str> {
        self.each_after(["ADD", "COLUMN"])
    }

    /// The constraints that it adds to one.
    pub(super) fn added_constraints(&self) -> impl Iterator<Item = &str> {
        self.each_after(["ADD", "CONSTRAINT"])
    }

    /// How it begins.
    pub(super) fn beginning(&self) -> String {
        let words: Vec<&str> = self.0.iter().take(8).map(String::as_str).collect();
        words.join(" ")
    }

    fn after(&self, words: &[&str]) -> Option<&str> {
        let same = |(own, word): (&String, &&str)| own.eq_ignore_ascii_case(word);
        let place = self
            .0
            .windows(words.len())
            .position(|window| window.iter().zip(words).all(same))?;
        self.0.get(place + words.len()).map(String::as_str)
    }

    fn each_after(&self, words: [&'static str; 2]) -> impl Iterator<Item = &str> {
        let windows = self.0.windows(3);
        windows.filter_map(move |window| match window {
            [first, second, name]
                if first.eq_ignore_ascii_case(words[0])
                    && second.eq_ignore_ascii_case(words[1]) =>
            {
                Some(name.as_str())
            }
            _ => None,
        })
    }
}
