//! Texts.

use serde_json::json;

use super::{Example, refused_strings};

/// Text that no field takes, wherever it has letters and digits only or more.
const DECEITFUL: &[&str] = &[
    "a\u{0}b",
    "a\u{7}b",
    "a\u{1b}[2Jb",
    "a\u{7f}b",
    "a\u{85}b",
    "a\u{202a}b",
    "a\u{202e}b",
    "a\u{2066}b",
    "a\u{2069}b",
];

pub(super) fn texts(min: usize, max: usize) -> Vec<Example> {
    let long = |letter: &str, count: usize| letter.repeat(count);
    let mut examples = refused_strings(DECEITFUL.iter().copied(), "forbidden_character");
    examples.extend([
        Example::refused(json!(long("x", max + 1)), "too_long"),
        Example::refused(json!(long("😀", max + 1)), "too_long"),
        Example::accepted(long("x", max)),
        Example::accepted(long("😀", max)),
        // e and a combining accent are one character after normalisation: NFC.
        Example::accepted_as(long("e\u{301}", max), long("é", max)),
        Example::accepted_as(format!("  {} ", long("y", max)), long("y", max)),
        Example::accepted("'; DROP TABLE invoices; -- <b>${x}</b> %00 %s"),
        Example::accepted("שלום 你好 Ωmega 👩‍👩‍👧‍👦"),
    ]);
    if min > 0 {
        examples.extend(refused_strings(["", "   ", "\u{3000}"], "empty"));
    } else {
        examples.push(Example::accepted(""));
    }
    examples
}

pub(super) fn line_texts() -> Vec<Example> {
    refused_strings(["a\nb", "a\tb", "a\rb"], "forbidden_character")
}

pub(super) fn lines_texts() -> Vec<Example> {
    let mut examples = refused_strings(["a\rb"], "forbidden_character");
    examples.push(Example::accepted("a\n\tb"));
    examples
}

pub(super) fn emails() -> Vec<Example> {
    let local = "l".repeat(64);
    let domain = |length: usize| {
        format!(
            "{}.{}.{}.de",
            "d".repeat(62),
            "e".repeat(62),
            "f".repeat(length - 129)
        )
    };
    let mut examples = refused_strings(
        [
            "nobody",
            "nobody@",
            "@example.com",
            "a b@example.com",
            "a@localhost",
            "Ada <ada@example.com>",
            "a@b.de, c@d.de",
        ],
        "invalid_format",
    );
    examples.extend(refused_strings(["", "  "], "empty"));
    examples.extend(refused_strings(
        ["a\n@example.com", "a\u{202e}@example.com"],
        "forbidden_character",
    ));
    examples.extend([
        Example::refused(json!(format!("{local}@{}", domain(190))), "too_long"),
        Example::accepted(format!("{local}@{}", domain(189))),
        Example::accepted("ada+invoices@sub.example.co"),
    ]);
    examples
}

pub(super) fn words(known: &[&str], unknown: &[&str]) -> Vec<Example> {
    let known = known.iter().map(|word| Example::accepted(*word));
    known
        .chain(refused_strings(
            unknown.iter().copied(),
            "unsupported_value",
        ))
        .collect()
}

pub(super) fn codes(min: usize, max: usize) -> Vec<Example> {
    let mut examples = refused_strings(["a b", "ä", "a\n", "a\u{0}", "٣", "a;b"], "invalid_format");
    examples.extend([
        Example::refused(json!("9".repeat(max + 1)), "too_long"),
        Example::accepted("9".repeat(max)),
        Example::accepted("Az09-_/."),
    ]);
    examples.push(if min > 0 {
        Example::refused(json!(""), "empty")
    } else {
        Example::accepted("")
    });
    examples
}

pub(super) fn unit_codes() -> Vec<Example> {
    let mut examples = refused_strings(["", "hur", "KGMX", "K G", "Ä"], "invalid_format");
    examples.extend(["C62", "HUR", "4L"].map(Example::accepted));
    examples
}

pub(super) fn ids() -> Vec<Example> {
    let misspelt = [
        "",
        "x",
        "1",
        "01936F8A-5B1E-7C3D-9A4F-2B6C8D0E1F24",
        "01936f8a5b1e7c3d9a4f2b6c8d0e1f24",
        "{01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24}",
        "urn:uuid:01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24",
        " 01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24",
        "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f2",
        "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f2g",
        "٠1936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24",
    ];
    refused_strings(misspelt, "invalid_format")
}

pub(super) fn slugs(max: usize) -> Vec<Example> {
    let too_long = "s".repeat(max + 1);
    let misspelt = [
        "",
        "Stripe",
        "a b",
        "a-b",
        "a.b",
        "ä",
        "a\u{202e}",
        &too_long,
    ];
    refused_strings(misspelt, "invalid_format")
}
