//! What `Cargo.lock` says.

use std::collections::BTreeMap;
#[cfg(test)]
use std::collections::BTreeSet;

/// A package of it.
#[derive(Debug, Default)]
pub(super) struct Locked {
    /// SHA-256 of what the registry has; none for our own.
    pub(super) checksum: Option<String>,
    /// As they are written there: a name, and a version where there are several.
    #[cfg(test)]
    needs: Vec<String>,
}

/// All packages, by name and version.
pub(super) struct Lockfile(BTreeMap<(String, String), Locked>);

impl Lockfile {
    /// Reads the text of one.
    pub(super) fn parse(text: &str) -> Self {
        let sections = text.split("[[package]]").skip(1);
        Self(sections.filter_map(package).collect())
    }

    /// A package.
    pub(super) fn find(&self, name: &str, version: &str) -> Option<&Locked> {
        self.0.get(&(name.to_owned(), version.to_owned()))
    }

    /// Everything that a package needs for anything: to be built, to be tested, on whatever system.
    #[cfg(test)]
    pub(super) fn needed_by(&self, name: &str) -> BTreeSet<(String, String)> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![name.to_owned()];
        while let Some(need) = waiting.pop() {
            let (name, version) = need.split_once(' ').unwrap_or((&need, ""));
            let fits = |key: &&(String, String)| key.0 == name && key.1.starts_with(version);
            for key in self.0.keys().filter(fits) {
                if found.insert(key.clone()) {
                    waiting.extend(self.0[key].needs.iter().cloned());
                }
            }
        }
        found
    }
}

fn package(section: &str) -> Option<((String, String), Locked)> {
    let value = |key: &str| {
        let mut lines = section.lines();
        let line = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""));
        Some(line?.strip_suffix('"')?.to_owned())
    };
    let locked = Locked {
        checksum: value("checksum"),
        #[cfg(test)]
        needs: needs(section),
    };
    Some(((value("name")?, value("version")?), locked))
}

#[cfg(test)]
fn needs(section: &str) -> Vec<String> {
    let Some((_, after)) = section.split_once("dependencies = [") else {
        return Vec::new();
    };
    let quoted = after.split(']').next().unwrap_or_default().split('"');
    quoted.skip(1).step_by(2).map(str::to_owned).collect()
}
