//! The page that holds the last full run.

use std::fs;

use anyhow::Context as _;

const PAGE: &str = "docs/benchmarks.md";
const BEGIN: &str = "<!-- figures: written by `cargo xtask bench --write-docs` -->\n";
const END: &str = "<!-- end of figures -->";

/// Puts `figures` into the page.
pub(super) fn write(figures: &str) -> anyhow::Result<()> {
    let page = fs::read_to_string(PAGE).with_context(|| format!("cannot read {PAGE}"))?;
    let written = with_figures(&page, figures);
    let written = written.with_context(|| format!("{PAGE} has no place for figures"))?;
    fs::write(PAGE, written).with_context(|| format!("cannot write {PAGE}"))
}

fn with_figures(page: &str, figures: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!(
        "{before}{BEGIN}{}\n{END}{after}",
        figures.trim_end()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_figures_replace_the_old_ones() {
        let page = format!("# Title\n{BEGIN}old\n{END}\nmore\n");

        let written = with_figures(&page, "new\n");

        assert_eq!(written, Some(format!("# Title\n{BEGIN}new\n{END}\nmore\n")));
    }

    #[test]
    fn a_page_without_a_place_is_left_alone() {
        assert_eq!(with_figures("# Title\n", "new"), None);
    }
}
