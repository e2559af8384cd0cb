//! `deploy/.env.example`: every variable with its meaning and default.

use std::fmt::Write as _;

use super::table::SETTINGS;

const HEADER: &str = "\
# Every setting of Tallystick, with its default. Made by `tallystick config example`; do not edit.
# Values also come from a TOML file (`--config` or TALLYSTICK_CONFIG), where TALLYSTICK_HTTP__PORT is `port` in `[http]`;
# a variable wins over the file. Those with a …_FILE twin can be read from a file, for example a mounted secret.
";

/// The text of the file.
pub(crate) fn example() -> String {
    let mut text = HEADER.to_owned();
    for setting in SETTINGS {
        let twin = setting
            .file_variable()
            .map(|name| format!(" Or {name}."))
            .unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n# {}{twin}\n#{}={}\n",
            setting.meaning,
            setting.variable(),
            setting.default
        );
    }
    text
}
