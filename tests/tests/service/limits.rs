//! Rate limits.

use tests::{Database, Service, Setup, Stage, Tenant, at_once, eventually};

async fn limited_service() -> (Service, Tenant) {
    let database = Database::fresh().await;
    let setup = Setup::on(&database);
    let setup = setup
        .with("RATE_LIMIT__REQUESTS_PER_SECOND", 2)
        .with("RATE_LIMIT__BURST", 10)
        .with("RATE_LIMIT__BAD_KEYS_PER_SECOND", 3);
    let service = setup.start().await;
    let tenant = Tenant::on(&database).await;
    (service, tenant)
}

#[tokio::test]
async fn a_key_that_is_used_too_often_has_to_wait_and_others_have_not() {
    let (service, tenant) = limited_service().await;
    let client = tenant.at(&service);

    let answers = at_once((0..30).map(|_| client.get("/organization"))).await;

    let refused: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 429)
        .collect();
    let answered = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(answered + refused.len(), 30);
    // What comes back while the requests are sent is a little more than the burst.
    assert!(
        (10..=16).contains(&answered),
        "{answered} of 30 were answered"
    );
    for answer in refused {
        assert_eq!(answer.verdict(), (429, "rate_limited".to_owned()));
        assert_eq!(answer.header("retry-after"), "1");
        assert_eq!(answer.header("ratelimit-policy"), "\"default\";q=10;w=5");
        assert!(answer.header("ratelimit").starts_with("\"default\";r=0;t="));
    }
    let other = Tenant::on(service.database()).await.at(&service);
    other.get("/organization").await.expect(200);
    eventually("the key is welcome again", async || {
        (client.get("/organization").await.status == 200).then_some(())
    })
    .await;
}

#[tokio::test]
async fn who_guesses_keys_is_slowed_down_and_does_not_slow_down_others() {
    let (service, tenant) = limited_service().await;
    let client = tenant.at(&service);
    client.get("/organization").await.expect(200);
    let guess = |n: usize| {
        client
            .with_key(&format!("tsk_{n:032}"))
            .get("/organization")
    };

    let answers = at_once((0..50).map(guess)).await;

    let refused = answers.iter().filter(|answer| answer.status == 429).count();
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer.status, 401 | 429))
    );
    assert!(refused > 30, "only {refused} of 50 guesses were refused");
    client.get("/organization").await.expect(200);
}

/// A person who opens the page of the contract asks for a dozen files at once.
#[tokio::test]
async fn who_asks_for_what_is_open_to_all_again_and_again_has_to_wait() {
    let (service, tenant) = limited_service().await;
    let stranger = service.stranger();
    let get = |path: &'static str| stranger.call(reqwest::Method::GET, path);

    let answers = at_once((0..120).map(|_| get("/openapi.json"))).await;

    let refused: Vec<_> = answers.iter().filter(|it| it.status == 429).collect();
    assert!(refused.len() > 60, "only {} of 120 waited", refused.len());
    for answer in &refused {
        assert_eq!(answer.verdict(), (429, "rate_limited".to_owned()));
        assert_eq!(answer.header("ratelimit-policy"), "\"default\";q=6;w=2");
        assert!(answer.header("ratelimit").starts_with("\"default\";r=0;t="));
    }
    let answered = answers.iter().filter(|it| it.status == 200);
    assert!(answered.clone().count() >= 6);
    for answer in answered {
        assert!(answer.header("ratelimit").starts_with("\"default\";r="));
    }
    let healthy = at_once((0..60).map(|_| get("/health"))).await;
    assert!(healthy.iter().all(|it| it.status == 200));
    // The address has shown nothing bad: a key that is new there is heard.
    tenant.at(&service).get("/organization").await.expect(200);
}

#[tokio::test]
async fn by_default_the_page_of_the_contract_loads_at_once() {
    let database = Database::fresh().await;
    let service = Setup::on(&database)
        .with("RATE_LIMIT__BAD_KEYS_PER_SECOND", 20)
        .start()
        .await;
    let stranger = service.stranger();
    let files = [
        "/",
        "/docs",
        "/docs/",
        "/docs/swagger-ui.css",
        "/docs/index.css",
        "/docs/swagger-ui-bundle.js",
        "/docs/swagger-ui-standalone-preset.js",
        "/docs/swagger-initializer.js",
        "/docs/favicon-32x32.png",
        "/docs/favicon-16x16.png",
        "/openapi.json",
    ];

    let load = || files.map(|path| stranger.call(reqwest::Method::GET, path));
    // By three people at the same address.
    let answers = at_once([load(), load(), load()].into_iter().flatten()).await;

    assert!(answers.iter().all(|it| it.status < 400));
}

#[tokio::test]
async fn health_is_not_limited() {
    let stage = Stage::shared().await;

    let answer = stage
        .service
        .stranger()
        .call(reqwest::Method::GET, "/health")
        .await;

    assert_eq!((answer.status, answer.header("ratelimit")), (200, ""));
}

/// Each has a limit of its own, though all come through the same proxy.
#[tokio::test]
async fn strangers_behind_a_trusted_proxy_are_told_apart() {
    let database = Database::fresh().await;
    let setup = Setup::on(&database)
        .with("HTTP__TRUSTED_PROXIES", "127.0.0.0/8")
        .with("RATE_LIMIT__BAD_KEYS_PER_SECOND", 1);
    let service = setup.start().await;
    let knock = |from: &str| {
        let client = service.stranger();
        client.get("/organization").header("X-Forwarded-For", from)
    };

    let one = at_once((0..30).map(|_| knock("192.0.2.1"))).await;
    let other = knock("192.0.2.2").await;

    assert!(one.iter().any(|answer| answer.status == 429));
    assert_eq!(other.verdict(), (401, "unauthenticated".to_owned()));
}
