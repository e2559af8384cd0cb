//! `cargo xtask tidy`: the limits and names of the house style, as far as a machine can see them.

mod exceptions;
mod forbidden;
mod limits;
mod names;

use std::fs;

use anyhow::{Context, ensure};

use crate::{migrations, process, sources};

/// Where the exceptions to the limits stand, from the workspace's folder.
const EXCEPTIONS: &str = "tidy-exceptions.txt";

/// Checks every source file and reports everything that is wrong at once.
pub(crate) fn execute() -> anyhow::Result<()> {
    let root = process::root();
    let sources = sources::load(&root)?;
    let exceptions = match fs::read_to_string(root.join(EXCEPTIONS)) {
        Ok(text) => exceptions::parse(&text)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error).context(EXCEPTIONS),
    };

    let excesses: Vec<_> = sources.iter().flat_map(limits::excesses).collect();
    let mut wrong = exceptions::violations(&excesses, &exceptions);
    wrong.extend(sources.iter().flat_map(names::violations));
    wrong.extend(sources.iter().flat_map(forbidden::violations));
    wrong.extend(migrations::violations(&root.join("migrations"))?);

    for violation in &wrong {
        eprintln!("{violation}");
    }
    ensure!(wrong.is_empty(), "{} things are not tidy", wrong.len());
    println!(
        "tidy: {} files, {} exceptions",
        sources.len(),
        exceptions.len()
    );
    Ok(())
}
