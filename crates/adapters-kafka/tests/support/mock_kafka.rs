//! What librdkafka has for tests where there is no Kafka: one broker in memory, on a thread of its own.

use std::{
    sync::mpsc::{Sender, channel},
    thread::{self, JoinHandle},
};

use app::ports::AggregateKind;
use rdkafka::mocking::MockCluster;

const BROKER: i32 = 1;

/// Ends when it is dropped.
pub(crate) struct MockKafka {
    address: String,
    orders: Option<Sender<(bool, Sender<()>)>>,
    thread: Option<JoinHandle<()>>,
}

impl MockKafka {
    pub(crate) fn start() -> Self {
        let (orders, ordered) = channel::<(bool, Sender<()>)>();
        let (tell, told) = channel();
        let thread = thread::spawn(move || {
            let cluster = MockCluster::new(1).unwrap();
            // It does not let clients make any.
            for kind in AggregateKind::ALL {
                let topic = format!("tallystick.{}", kind.code());
                cluster.create_topic(&topic, 4, 1).unwrap();
            }
            tell.send(cluster.bootstrap_servers()).unwrap();
            for (is_up, done) in ordered {
                let turned = if is_up {
                    cluster.broker_up(BROKER)
                } else {
                    cluster.broker_down(BROKER)
                };
                turned.unwrap();
                done.send(()).unwrap();
            }
        });
        Self {
            address: told.recv().unwrap(),
            orders: Some(orders),
            thread: Some(thread),
        }
    }

    pub(crate) fn address(&self) -> String {
        self.address.clone()
    }

    /// Lets the broker be there, or not.
    pub(crate) fn be(&self, is_up: bool) {
        let (done, is_done) = channel();
        let orders = self.orders.as_ref().unwrap();
        orders.send((is_up, done)).unwrap();
        is_done.recv().unwrap();
    }
}

impl Drop for MockKafka {
    fn drop(&mut self) {
        drop(self.orders.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}
