//! Every secret may come from a file, and none is ever shown.

use super::*;
use crate::config::{kind::Kind, table::SETTINGS};

/// 32 bytes in base64.
const KEY: &str = "aHVudGVyMmh1bnRlcjJodW50ZXIyaHVudGVyMmh1bnQ=";
/// What values that others would be incomplete without are.
const COMPANIONS: [(&str, &str); 4] = [
    ("TALLYSTICK_KAFKA__SASL_MECHANISM", "PLAIN"),
    ("TALLYSTICK_KAFKA__SASL_USERNAME", "shop"),
    ("TALLYSTICK_PROVIDERS__PAYPAL__CLIENT_ID", "shop"),
    ("TALLYSTICK_PAYMENTS__CALL_LIMIT_MS", "10000"),
];

/// What a secret of this kind may look like.
fn secret(kind: Kind) -> Option<String> {
    match kind {
        Kind::Secret { schemes } => Some(format!("{}user:hunter2@db/x", schemes[0])),
        Kind::Key => Some(KEY.to_owned()),
        Kind::Dsn => Some("https://hunter2@sentry.example/1".to_owned()),
        _ => None,
    }
}

#[test]
fn every_secret_may_come_from_a_file_and_none_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<(String, String)> = SETTINGS
        .iter()
        .filter_map(|setting| {
            let file = folder.path().join(setting.key);
            fs::write(&file, format!("{}\n", secret(setting.kind)?)).unwrap();
            let variable = format!("{}_FILE", setting.variable());
            Some((variable, file.display().to_string()))
        })
        .collect();
    let files = files
        .iter()
        .map(|(name, file)| (name.as_str(), file.as_str()));
    let variables: Vec<_> = files.chain(COMPANIONS).collect();

    let loaded = load_variables(&variables).unwrap();

    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
    let masked = loaded.effective.iter().filter(|it| it.value == MASK);
    assert_eq!(masked.count(), variables.len() - COMPANIONS.len());
    let told = format!("{loaded:?}");
    assert!(!told.contains("hunter2") && !told.contains(KEY), "{told}");
    let password = loaded.settings.kafka.sasl_password.as_ref().unwrap();
    assert_eq!(password.expose_secret(), "user:hunter2@db/x");
}

#[test]
fn what_sounds_like_a_secret_is_one() {
    let sounds_secret = |key: &str| {
        let words = [
            "password",
            "secret",
            "_key",
            "dsn",
            "database.url",
            "redis.url",
        ];
        words.iter().any(|word| key.contains(word)) || key.ends_with("_url")
    };

    for setting in SETTINGS {
        assert_eq!(
            setting.kind.is_secret(),
            sounds_secret(setting.key) && setting.key != "rate_limit.bad_keys_per_second",
            "{}",
            setting.key
        );
    }
}
