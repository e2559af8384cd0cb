//! A plan, ready to be sent: everything but the path and the idempotency key is laid out before the first request.

use std::{
    io::Write as _,
    sync::atomic::{AtomicUsize, Ordering},
};

use anyhow::{bail, ensure};
use uuid::Uuid;

use super::{Options, Plan};

/// Hands out requests to all connections.
#[derive(Debug)]
pub(super) struct Script {
    requests: Vec<String>,
    skip: usize,
    count_max: usize,
    taken: AtomicUsize,
    get_rest: String,
    posts: Vec<Post>,
}

/// What follows the path of a POST.
#[derive(Debug)]
struct Post {
    /// Up to where its idempotency key ends in a number.
    rest: String,
    /// After that number.
    end: String,
}

impl Script {
    /// For a run with these options.
    pub(super) fn new(plan: Plan, options: &Options) -> anyhow::Result<Self> {
        ensure!(!plan.requests.is_empty(), "the plan has no requests");
        for request in &plan.requests {
            if !request.starts_with("GET /") && !request.starts_with("POST /") {
                bail!("{request:?} is neither `GET /…` nor `POST /…`");
            }
        }
        let has_posts = plan.requests.iter().any(|it| it.starts_with("POST"));
        ensure!(
            !has_posts || !plan.bodies.is_empty(),
            "the plan has nothing to POST"
        );
        let head = format!(
            " HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n",
            options.address, plan.key
        );
        Ok(Self {
            skip: options.skip,
            count_max: options.requests.unwrap_or(usize::MAX),
            taken: AtomicUsize::new(0),
            posts: posts(&head, &plan.bodies),
            get_rest: format!("{head}\r\n"),
            requests: plan.requests,
        })
    }

    /// Puts the next request into `buffer`, unless there is none left to send.
    pub(super) fn next(&self, buffer: &mut Vec<u8>) -> bool {
        let taken = self.taken.fetch_add(1, Ordering::Relaxed);
        let position = self.skip + taken;
        let request = cycled(&self.requests, position).filter(|_| taken < self.count_max);
        let Some(request) = request else {
            return false;
        };
        let post = cycled(&self.posts, position).filter(|_| request.starts_with("POST"));
        buffer.clear();
        buffer.extend_from_slice(request.as_bytes());
        if let Some(post) = post {
            buffer.extend_from_slice(post.rest.as_bytes());
            // Writing to memory cannot fail.
            let _ = write!(buffer, "{taken}");
            buffer.extend_from_slice(post.end.as_bytes());
        } else {
            buffer.extend_from_slice(self.get_rest.as_bytes());
        }
        true
    }

    /// How many requests were handed out.
    pub(super) fn used(&self) -> usize {
        self.taken.load(Ordering::Relaxed).min(self.count_max)
    }
}

/// All under keys that begin alike.
fn posts(head: &str, bodies: &[String]) -> Vec<Post> {
    let unique = unique();
    let post = |body: &String| Post {
        rest: format!(
            "{head}Content-Type: application/json\r\nContent-Length: {}\r\nIdempotency-Key: {unique}-",
            body.len()
        ),
        end: format!("\r\n\r\n{body}"),
    };
    bodies.iter().map(post).collect()
}

fn cycled<T>(items: &[T], position: usize) -> Option<&T> {
    items.get(position.checked_rem(items.len())?)
}

#[expect(
    clippy::disallowed_methods,
    reason = "idempotency keys must not repeat those of an earlier run"
)]
fn unique() -> Uuid {
    Uuid::now_v7()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn script(requests: &[&str], skip: usize, count: usize) -> Script {
        let plan = Plan {
            key: "tsk_0".to_owned(),
            bodies: vec!["{}".to_owned(), "[1]".to_owned()],
            requests: requests.iter().copied().map(str::to_owned).collect(),
        };
        let options = Options {
            address: ([127, 0, 0, 1], 80).into(),
            plan: PathBuf::new(),
            skip,
            connections: 1,
            warm_up: 0.0,
            seconds: 1.0,
            requests: Some(count),
            server_pid: None,
            database_pid: None,
        };
        Script::new(plan, &options).unwrap()
    }

    fn all_of(script: &Script) -> Vec<String> {
        let mut buffer = Vec::new();
        let mut sent = Vec::new();
        while script.next(&mut buffer) {
            sent.push(String::from_utf8(buffer.clone()).unwrap());
        }
        sent
    }

    #[test]
    fn requests_begin_where_asked_and_go_round() {
        let script = script(&["GET /a", "GET /b"], 1, 3);

        let sent = all_of(&script);

        let first = "GET /b HTTP/1.1\r\nHost: 127.0.0.1:80\r\nAuthorization: Bearer tsk_0\r\n\r\n";
        assert_eq!(sent[0], first);
        assert!(sent[1].starts_with("GET /a ") && sent[2].starts_with("GET /b "));
        assert_eq!(sent.len(), 3);
    }

    #[test]
    fn every_post_has_a_key_of_its_own_and_the_next_body() {
        let script = script(&["POST /a"], 0, 2);

        let sent = all_of(&script);

        assert!(sent[0].contains("Content-Length: 2\r\nIdempotency-Key: "));
        assert!(sent[0].ends_with("-0\r\n\r\n{}"));
        assert!(sent[1].contains("Content-Length: 3\r\nIdempotency-Key: "));
        assert!(sent[1].ends_with("-1\r\n\r\n[1]"));
    }
}
