//! Following events as they happen.

use serde_json::Value;

use crate::client::Call;

/// What a stream of events says, as far as it was read. Dropping it ends it.
#[derive(Debug)]
pub struct EventStream {
    response: reqwest::Response,
    text: String,
}

impl EventStream {
    /// Opens one.
    pub async fn open(call: Call) -> Self {
        let response = call.open().await.expect("the service answers");
        assert_eq!(response.status().as_u16(), 200);
        Self {
            response,
            text: String::new(),
        }
    }

    /// The id and the data of the next event; `None` when the stream ends.
    pub async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let line = |name: &str| block.lines().find_map(|it| it.strip_prefix(name));
                let event = line("id: ").zip(line("data: ")).map(|(id, data)| {
                    (
                        id.to_owned(),
                        serde_json::from_str(data).expect("an event is JSON"),
                    )
                });
                self.text = String::from(rest);
                if event.is_some() {
                    return event;
                }
                continue;
            }
            let piece = self.response.chunk().await.ok()??;
            self.text.push_str(&String::from_utf8_lossy(&piece));
        }
    }
}
