use std::{ffi::OsString, fs, path::Path};

use secrecy::ExposeSecret as _;

use super::*;

mod promised_defaults;
mod secrets;

fn environment(variables: &[(&str, &str)]) -> Environment {
    let pairs = variables
        .iter()
        .map(|(name, value)| (OsString::from(name), OsString::from(value)));
    Environment::of(pairs)
}

fn load_variables(variables: &[(&str, &str)]) -> Result<Loaded, Mistakes> {
    load(&Inputs {
        file: None,
        environment: environment(variables),
    })
}

fn shown<'a>(loaded: &'a Loaded, name: &str) -> &'a EffectiveSetting {
    let mut all = loaded.effective.iter();
    all.find(|setting| setting.name == name).unwrap()
}

#[test]
fn the_defaults_are_a_configuration() {
    let loaded = load_variables(&[]).unwrap();

    assert_eq!(loaded.settings.http.port, 8080);
    assert_eq!(loaded.settings.database.pool_max, 25);
    assert!(loaded.settings.is_embedded());
    assert!(!loaded.settings.is_production());
    assert!(loaded.warnings.is_empty());
    let sources = loaded.effective.iter().map(|setting| setting.source);
    assert!(sources.into_iter().all(|source| source == Source::Default));
}

#[test]
fn a_variable_wins_over_the_file_and_the_file_over_the_default() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tallystick.toml");
    let text = "[http]\nport = 1\nkeep_alive_s = 7\ncors_origins = [\"https://a.example\", \"https://b.example\"]\n";
    fs::write(&file, text).unwrap();

    let loaded = load(&Inputs {
        file: Some(file),
        environment: environment(&[("TALLYSTICK_HTTP__PORT", "2")]),
    })
    .unwrap();

    let http = &loaded.settings.http;
    assert_eq!((http.port, http.keep_alive.as_secs()), (2, 7));
    assert_eq!(
        http.cors_origins,
        ["https://a.example", "https://b.example"]
    );
    assert_eq!(http.body_timeout.as_millis(), 10_000);
    let source = |name| shown(&loaded, name).source;
    assert_eq!(source("TALLYSTICK_HTTP__PORT"), Source::Environment);
    assert_eq!(source("TALLYSTICK_HTTP__KEEP_ALIVE_S"), Source::File);
    assert_eq!(source("TALLYSTICK_HTTP__HOST"), Source::Default);
}

#[test]
fn groups_have_groups_in_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tallystick.toml");
    fs::write(&file, "[providers.simulator]\nenabled = false\n").unwrap();

    let loaded = load(&Inputs {
        file: Some(file),
        environment: environment(&[("TALLYSTICK_PROVIDERS__SIMULATOR__CRASHES", "true")]),
    })
    .unwrap();

    let simulator = loaded.settings.providers.simulator;
    assert_eq!(
        (simulator.enabled, simulator.crashes),
        (SimulatorUse::False, true)
    );
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
    let source = |name| shown(&loaded, name).source;
    assert_eq!(
        source("TALLYSTICK_PROVIDERS__SIMULATOR__ENABLED"),
        Source::File
    );
}

#[test]
fn five_mistakes_are_reported_at_once_each_with_its_variable() {
    let mistakes = load_variables(&[
        ("TALLYSTICK_HTTP__PORT", "80800"),
        ("TALLYSTICK_DATABASE__URL", "mysql://user:hunter2@db/x"),
        ("TALLYSTICK_LOG__FORMAT", "xml"),
        ("TALLYSTICK_DATABASE__MIGRATE_ON_START", "perhaps"),
        ("TALLYSTICK_HTTP__TRUSTED_PROXIES", "the proxy"),
        ("TALLYSTICK_WALLETS__ENCRYPTION_KEY", "hunter2"),
    ])
    .unwrap_err();

    let text = mistakes.to_string();
    assert_eq!(mistakes.as_slice().len(), 6);
    for expected in [
        "TALLYSTICK_HTTP__PORT must be a whole number from 0 to 65535, not `80800`",
        "TALLYSTICK_DATABASE__URL must be an address that starts with postgres://",
        "TALLYSTICK_LOG__FORMAT must be one of json, pretty, auto, not `xml`",
        "TALLYSTICK_DATABASE__MIGRATE_ON_START must be true or false, not `perhaps`",
        "TALLYSTICK_HTTP__TRUSTED_PROXIES must be IP addresses",
        "TALLYSTICK_WALLETS__ENCRYPTION_KEY must be 32 random bytes in base64",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert!(!text.contains("hunter2"));
}

#[test]
fn settings_that_do_not_fit_each_other_are_mistakes() {
    let mistakes = load_variables(&[
        ("TALLYSTICK_ENVIRONMENT", "production"),
        ("TALLYSTICK_CLOCK__OFFSET_SECONDS", "60"),
        ("TALLYSTICK_DATABASE__POOL_MAX", "2"),
        ("TALLYSTICK_HTTP__PORT", "9090"),
        ("TALLYSTICK_GRPC__PORT", "9090"),
        ("TALLYSTICK_PAYMENTS__CALL_LIMIT_MS", "8000"),
        ("TALLYSTICK_PROVIDERS__ANSWER_TIMEOUT_MS", "6000"),
        ("TALLYSTICK_PROVIDERS__STRIPE__SECRET_KEY", "sk_test_1"),
    ])
    .unwrap_err();

    let named = |name: &str| mistakes.to_string().contains(name);
    assert_eq!(mistakes.as_slice().len(), 7);
    assert!(named("TALLYSTICK_PAYMENTS__CALL_LIMIT_MS must be more"));
    assert!(named("TALLYSTICK_DATABASE__URL must be set"));
    assert!(named("TALLYSTICK_WALLETS__ENCRYPTION_KEY must be set"));
    assert!(named("TALLYSTICK_CLOCK__OFFSET_SECONDS must be 0"));
    assert!(named("TALLYSTICK_DATABASE__POOL_MIN_IDLE"));
    assert!(named("TALLYSTICK_MANAGEMENT__PORT must differ"));
    assert!(named("TALLYSTICK_GRPC__PORT must differ"));
}

#[test]
fn an_unknown_name_is_a_warning_with_the_nearest_known_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tallystick.toml");
    fs::write(&file, "[http]\nprot = 1\n").unwrap();

    let loaded = load(&Inputs {
        file: Some(file),
        environment: environment(&[("TALLYSTICK_HTTP_PORT", "1")]),
    })
    .unwrap();

    assert_eq!(loaded.settings.http.port, 8080);
    let variable = "TALLYSTICK_HTTP_PORT is not a setting; did you mean TALLYSTICK_HTTP__PORT?";
    assert_eq!(loaded.warnings[0], variable);
    assert!(loaded.warnings[1].ends_with("did you mean `http.port`?"));
}

#[test]
fn mistakes_come_with_the_misspelt_names_that_may_have_caused_them() {
    let mistakes = load_variables(&[
        ("TALLYSTICK_ENVIRONMENT", "production"),
        ("TALLYSTICK_DATABSE__URL", "postgres://db/x"),
    ])
    .unwrap_err();

    let meant = "TALLYSTICK_DATABSE__URL is not a setting; did you mean TALLYSTICK_DATABASE__URL?";
    assert_eq!(mistakes.warnings(), [meant]);
    assert!(mistakes.to_string().ends_with(meant), "{mistakes}");
}

#[test]
fn a_secret_may_come_from_a_file_and_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("url");
    fs::write(&secret, "postgres://user:hunter2@db/x\n").unwrap();

    let loaded =
        load_variables(&[("TALLYSTICK_DATABASE__URL_FILE", secret.to_str().unwrap())]).unwrap();

    let url = loaded.settings.database.url.as_ref().unwrap();
    assert_eq!(url.expose_secret(), "postgres://user:hunter2@db/x");
    assert_eq!(shown(&loaded, "TALLYSTICK_DATABASE__URL").value, MASK);
    assert!(loaded.warnings.is_empty());
    assert!(!format!("{loaded:?}").contains("hunter2"));
}

#[test]
fn a_secret_given_twice_or_in_a_missing_file_is_a_mistake() {
    let mistakes = load_variables(&[
        ("TALLYSTICK_DATABASE__URL", "postgres://db/x"),
        ("TALLYSTICK_DATABASE__URL_FILE", "/nowhere/url"),
        ("TALLYSTICK_REDIS__URL_FILE", "/nowhere/redis"),
    ])
    .unwrap_err();

    let text = mistakes.to_string();
    assert!(
        text.contains("TALLYSTICK_DATABASE__URL_FILE are both set"),
        "{text}"
    );
    assert!(
        text.contains("TALLYSTICK_REDIS__URL_FILE: cannot read /nowhere/redis"),
        "{text}"
    );
}

#[test]
fn an_empty_variable_is_as_good_as_none() {
    let loaded = load_variables(&[("TALLYSTICK_HTTP__PORT", ""), ("TALLYSTICK_REDIS__URL", "")]);

    assert_eq!(loaded.unwrap().settings.http.port, 8080);
}

#[test]
fn a_file_that_is_missing_or_no_toml_is_a_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.toml");
    fs::write(&broken, "[http\n").unwrap();
    let load_file = |file: &Path| {
        load(&Inputs {
            file: Some(file.to_owned()),
            environment: Environment::default(),
        })
    };

    let missing = load_file(Path::new("/nowhere/tallystick.toml"));
    let broken = load_file(&broken);

    let [missing, broken] = [missing, broken].map(Result::unwrap_err);
    for (mistakes, expected) in [
        (missing, "cannot read /nowhere/tallystick.toml"),
        (broken, "broken.toml is not TOML"),
    ] {
        assert!(mistakes.to_string().contains(expected), "{mistakes}");
        assert_eq!(mistakes.as_slice().len(), 1, "{mistakes}");
    }
}

#[test]
fn the_example_in_deploy_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/.env.example");

    let committed = fs::read_to_string(path).unwrap();

    let advice = "run `cargo run -- config example > deploy/.env.example`";
    assert_eq!(committed, example(), "{advice}");
}
