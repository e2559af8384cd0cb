//! An event is the same document wherever it is told, and what webhooks alone are told is in the contract as well.

use futures_util::StreamExt as _;
use prost::Message;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{
    Client, Database, EventStream, Manner, Received, Receiver, Service, Setup, Tenant, customer,
    eventually,
};
use tonic::{Request, client::Grpc, codegen::http::uri::PathAndQuery, transport::Endpoint};
use tonic_prost::ProstCodec;

use crate::published::faults;

/// What a client asks for that wants everything from the beginning.
#[derive(Clone, PartialEq, Message)]
struct Subscribe {
    #[prost(string, repeated, tag = "1")]
    types: Vec<String>,
    #[prost(bool, tag = "7")]
    from_beginning: bool,
}

#[derive(Clone, PartialEq, Message)]
struct Told {
    #[prost(message, optional, tag = "1")]
    event: Option<Happened>,
}

/// An event, as `proto/tallystick/v1/event_service.proto` has it.
#[derive(Clone, PartialEq, Message)]
struct Happened {
    #[prost(string, tag = "1")]
    id: String,
    #[prost(string, tag = "2")]
    event_type: String,
    #[prost(string, tag = "3")]
    aggregate_type: String,
    #[prost(string, tag = "4")]
    aggregate_id: String,
    #[prost(int64, tag = "5")]
    sequence: i64,
    #[prost(message, optional, tag = "6")]
    occurred_at: Option<Instant>,
    #[prost(string, optional, tag = "7")]
    traceparent: Option<String>,
    #[prost(string, tag = "8")]
    data: String,
}

#[derive(Clone, Copy, PartialEq, Message)]
struct Instant {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

impl Happened {
    /// The same as a `CloudEvent`.
    fn as_cloud_event(&self, organization: &str) -> Value {
        let at = self.occurred_at.unwrap();
        let at = jiff::Timestamp::new(at.seconds, at.nanos).unwrap();
        let mut event = json!({
            "specversion": "1.0",
            "id": self.id,
            "source": format!("/organizations/{organization}"),
            "type": self.event_type,
            "subject": self.aggregate_id,
            "time": format!("{at:.6}"),
            "datacontenttype": "application/json",
            "dataschema": format!("/asyncapi.json#/components/schemas/{}", self.aggregate_type),
            "sequence": self.sequence,
            "data": serde_json::from_str::<Value>(&self.data).unwrap(),
        });
        if let Some(traceparent) = &self.traceparent {
            event["traceparent"] = json!(traceparent);
        }
        event
    }
}

/// The first event that a subscriber over gRPC is told of.
async fn first_over_grpc(service: &Service, key: &str) -> Happened {
    let endpoint = Endpoint::from_shared(format!("http://{}", service.grpc_address())).unwrap();
    let mut client = Grpc::new(endpoint.connect().await.unwrap());
    let mut request = Request::new(Subscribe {
        types: vec!["customer.*".to_owned()],
        from_beginning: true,
    });
    let bearer = format!("Bearer {key}").parse().unwrap();
    request.metadata_mut().insert("authorization", bearer);
    client.ready().await.unwrap();
    let path = PathAndQuery::from_static("/tallystick.v1.EventService/Subscribe");
    let codec = ProstCodec::<Subscribe, Told>::default();
    let answer = client.server_streaming(request, path, codec).await;
    let mut told = answer.unwrap().into_inner();
    loop {
        // The first message tells only where the stream begins.
        if let Some(happened) = told.next().await.unwrap().unwrap().event {
            return happened;
        }
    }
}

async fn stage() -> (Service, Tenant, Client, Receiver, String) {
    let database = Database::fresh().await;
    let service = Setup::on(&database).reaching_home().start().await;
    let tenant = Tenant::on(&database).await;
    let client = tenant.at(&service);
    let receiver = Receiver::start(Manner::Answers("204 No Content")).await;
    let webhook = json!({"url": receiver.url(), "event_types": ["customer.*"]});
    let webhook = client.create("/webhooks", &webhook).await;
    (service, tenant, client, receiver, webhook)
}

async fn received(receiver: &Receiver) -> Received {
    eventually("it is delivered", async || {
        receiver.received().into_iter().next()
    })
    .await
}

#[tokio::test]
async fn an_event_is_the_same_document_wherever_it_is_told() {
    let (service, tenant, client, receiver, _) = stage().await;
    let mut stream = EventStream::open(client.get("/events/stream?type=customer.*")).await;

    client.create("/customers", &customer()).await;

    let (_, streamed) = stream.next().await.unwrap();
    let feed = client.get("/events?type=customer.*").await.expect(200);
    let over_grpc = first_over_grpc(&service, &tenant.key).await;
    let delivered = received(&receiver).await;
    assert_eq!(streamed["type"], "customer.created");
    assert_eq!(feed["data"], json!([streamed]));
    assert_eq!(delivered.event, streamed);
    assert_eq!(over_grpc.as_cloud_event(&tenant.organization_id), streamed);
}

#[tokio::test]
async fn what_tries_a_webhook_is_what_the_contract_says() {
    let (_service, _, client, receiver, webhook) = stage().await;
    let contract = client.call(Method::GET, "/asyncapi.json").await.expect(200);

    let test = format!("/webhooks/{webhook}/test");
    let accepted = client.post(&test, &json!({})).await;
    assert!(accepted.status < 300, "{}", accepted.text());

    let sent = received(&receiver).await.event;
    assert_eq!(
        (&sent["type"], &sent["sequence"]),
        (&json!("webhook.test"), &json!(0))
    );
    assert_eq!(faults(&contract, &sent), Vec::<String>::new(), "{sent:#}");
}
