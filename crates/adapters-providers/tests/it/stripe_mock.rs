//! Stripe's own stand-in for its API: it knows every field that Stripe takes, and refuses all others.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// Where `cargo xtask test` puts it.
const PROGRAM: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../.cache/stripe-mock/stripe-mock"
);
/// Ends it when its own input ends: also when the test is killed.
const KEEPER: &str = r#""$0" "$@" 2>&1 </dev/null & read _; kill -9 $! 2>/dev/null; wait"#;
const SAYS_WHERE: &str = "Listening for HTTP at address: ";

/// Ends when it is dropped.
pub(crate) struct StripeMock {
    keeper: Child,
    pub(crate) url: String,
}

impl StripeMock {
    /// Starts it. None where it could not be built.
    pub(crate) fn start() -> Option<Self> {
        if !Path::new(PROGRAM).is_file() {
            return None;
        }
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, PROGRAM])
            .args(["-http-addr", "127.0.0.1:0", "-https-addr", "127.0.0.1:0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(keeper.stdout.take().unwrap());
        let mut lines = output.lines().map_while(Result::ok);
        let address = lines.find_map(|line| line.strip_prefix(SAYS_WHERE).map(str::to_owned));
        // What else it says is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self {
            keeper,
            url: format!("http://{}", address.unwrap()),
        })
    }
}

impl Drop for StripeMock {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        self.keeper.wait().expect("the keeper ends");
    }
}
