//! The files of the project, and what they have in common.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

/// The folder of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A file of the project, named from the top.
pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A YAML file of the project, with anchors and merge keys resolved.
pub(crate) fn yaml(path: &str) -> Value {
    serde_saphyr::from_str(&text(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files below a folder whose names end like this.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The variables that the server knows: those of the example, which a test of the server compares with its settings.
pub(crate) fn known_variables() -> BTreeSet<String> {
    let example = text("deploy/.env.example");
    let mut known: BTreeSet<String> = variables_in(&example).collect();
    // Set while the image is built.
    known.insert("TALLYSTICK_COMMIT".to_owned());
    known
}

/// The names of our variables in a text.
pub(crate) fn variables_in(text: &str) -> impl Iterator<Item = String> {
    let is_part =
        |character: char| character.is_ascii_uppercase() || matches!(character, '_' | '0'..='9');
    let words = text.split(move |character| !is_part(character));
    let ours =
        words.filter(|word| word.starts_with("TALLYSTICK_") && word.len() > "TALLYSTICK_".len());
    ours.map(str::to_owned)
}
