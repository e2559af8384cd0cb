//! What must not be in the dependency tree at all, read from Cargo.lock: cheap enough for every run.

/// Package, version prefix (empty: any), reason.
const BANNED: &[(&str, &str, &str)] = &[
    ("aws-lc-sys", "", "rustls runs on ring; aws-lc needs cmake"),
    ("native-tls", "", "TLS is rustls with ring"),
    ("openssl-sys", "", "TLS is rustls with ring"),
    ("h2", "0.3.", "RUSTSEC-2026-0258"),
];

/// A banned package, and the only one that may bring it: by a feature that nobody has unless he asks for it.
const ON_REQUEST: &[(&str, &str)] = &[("openssl-sys", "rdkafka-sys")];

/// Every banned package in `lockfile`, the text of a Cargo.lock.
pub(super) fn violations(lockfile: &str) -> Vec<String> {
    packages(lockfile)
        .filter(|(name, _)| !is_on_request(lockfile, name))
        .filter_map(|(name, version)| violation(name, version))
        .collect()
}

fn is_on_request(lockfile: &str, name: &str) -> bool {
    let Some((_, bringer)) = ON_REQUEST.iter().find(|(banned, _)| *banned == name) else {
        return false;
    };
    let line = format!("\n \"{name}\",\n");
    let mut bringers = lockfile
        .split("[[package]]")
        .filter(|section| section.contains(&line))
        .peekable();
    bringers.peek().is_some() && bringers.all(|it| value_of(it, "name") == Some(bringer))
}

fn violation(name: &str, version: &str) -> Option<String> {
    let (_, _, reason) = BANNED
        .iter()
        .find(|(banned, prefix, _)| name == *banned && version.starts_with(prefix))?;
    Some(format!(
        "Cargo.lock: {name} {version}: {reason} (who brings it: cargo tree --invert {name}@{version})"
    ))
}

fn packages(lockfile: &str) -> impl Iterator<Item = (&str, &str)> {
    let sections = lockfile.split("[[package]]").skip(1);
    sections.filter_map(|section| Some((value_of(section, "name")?, value_of(section, "version")?)))
}

fn value_of<'a>(section: &'a str, key: &str) -> Option<&'a str> {
    let value = section
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""))?;
    value.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banned_packages_are_named_with_their_reason() {
        let lockfile = "version = 4\n\n[[package]]\nname = \"h2\"\nversion = \"0.3.27\"\n\n[[package]]\nname = \"h2\"\n\
            version = \"0.4.20\"\n\n[[package]]\nname = \"openssl-sys\"\nversion = \"0.9.1\"\ndependencies = [\n \"cc\",\n]\n";

        let found = violations(lockfile);

        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("Cargo.lock: h2 0.3.27: RUSTSEC-2026-0258"));
        assert!(found[1].starts_with("Cargo.lock: openssl-sys 0.9.1:"));
    }

    #[test]
    fn a_banned_package_may_be_brought_by_the_one_that_was_asked_to_and_by_no_other() {
        let openssl = "[[package]]\nname = \"openssl-sys\"\nversion = \"0.9.1\"\n\n";
        let bringer = |name| {
            format!(
                "[[package]]\nname = \"{name}\"\nversion = \"4.0.0\"\ndependencies = [\n \"libc\",\n \"openssl-sys\",\n]\n"
            )
        };

        let on_request = format!("{openssl}{}", bringer("rdkafka-sys"));
        let otherwise = format!("{on_request}{}", bringer("native-tls-2"));

        assert_eq!(violations(&on_request), Vec::<String>::new());
        assert_eq!(violations(&otherwise).len(), 1);
    }
}
