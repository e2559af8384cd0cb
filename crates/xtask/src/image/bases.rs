//! The images that the Dockerfile begins with.

use std::fs;

use anyhow::Context as _;

use super::{DOCKERFILE, podman, stand_ins};
use crate::process;

/// Makes sure that they are there: pulled, or where no registry is reached, made here under the same names.
pub(super) fn provide(may_install: bool) -> anyhow::Result<()> {
    let dockerfile = fs::read_to_string(process::root().join(DOCKERFILE))?;
    for image in named_in(&dockerfile) {
        if is_pulled(&image) {
            continue;
        }
        println!("No registry gives {image} here");
        if is_there(&image) {
            println!("One of an earlier time is taken");
        } else {
            stand_ins::make(&image, may_install)
                .with_context(|| format!("nothing can stand in for {image}"))?;
        }
    }
    Ok(())
}

/// Those that are no stages of the Dockerfile itself, with its arguments filled in. What is made of nothing needs none.
fn named_in(dockerfile: &str) -> Vec<String> {
    let lines = || dockerfile.lines().map(str::trim);
    let arguments: Vec<(&str, &str)> = lines()
        .filter_map(|line| line.strip_prefix("ARG ")?.split_once('='))
        .collect();
    let froms = || lines().filter_map(|line| line.strip_prefix("FROM "));
    let stages: Vec<&str> = froms()
        .filter_map(|from| from.split_once(" AS "))
        .map(|(_, name)| name)
        .collect();
    let images = froms().map(|from| from.split(' ').next().unwrap_or(from));
    let filled_in = |image: &str| {
        arguments
            .iter()
            .fold(image.to_owned(), |image, (name, value)| {
                image.replace(&format!("${{{name}}}"), value)
            })
    };
    images
        .filter(|image| *image != "scratch" && !stages.contains(image))
        .map(filled_in)
        .collect()
}

fn is_pulled(image: &str) -> bool {
    process::output_of(podman().args(["pull", "--quiet", image])).is_some()
}

fn is_there(image: &str) -> bool {
    process::output_of(podman().args(["image", "exists", image])).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_are_what_is_no_stage() {
        let dockerfile = "ARG RELEASE=1.95.0\nFROM rust:${RELEASE}-slim AS build\nRUN true\n\
                          FROM build AS more\nFROM scratch AS none\nFROM example.com/base:tag\nCOPY --from=more /a /a\n";

        let bases = named_in(dockerfile);

        assert_eq!(bases, ["rust:1.95.0-slim", "example.com/base:tag"]);
    }

    #[test]
    fn there_is_a_stand_in_for_each_base() {
        let dockerfile = fs::read_to_string(process::root().join(DOCKERFILE)).unwrap();

        let bases = named_in(&dockerfile);

        assert_eq!(bases.len(), 2);
        for base in bases {
            assert!(stand_ins::is_known(&base), "{base}");
        }
    }
}
