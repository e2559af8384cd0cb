//! One connection that is kept alive, one request at a time.

use std::{io, net::SocketAddr};

use bytes::BytesMut;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Most answers fit in without growing.
const BUFFER_BYTES: usize = 32 * 1024;
const HEADERS_MAX: usize = 48;

/// A connection to a server.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    received: BytesMut,
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    /// The status code.
    pub(crate) status: u16,
    /// The body, whole.
    pub(crate) body: &'a [u8],
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            received: BytesMut::with_capacity(BUFFER_BYTES),
        })
    }

    /// Sends a request, and waits for all of its answer. Understands only bodies with a `Content-Length`, as a server
    /// sends that is asked for no compression.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.received.clear();
        self.stream.write_all(request).await?;
        let head = loop {
            self.receive().await?;
            if let Some(head) = Head::parse(&self.received)? {
                break head;
            }
        };
        let end = head.length + head.body_length;
        while self.received.len() < end {
            self.receive().await?;
        }
        let body = self.received.get(head.length..end).unwrap_or_default();
        Ok(Answer {
            status: head.status,
            body,
        })
    }

    async fn receive(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.received).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    length: usize,
    body_length: usize,
}

impl Head {
    /// Reads the head of an answer, if all of it is there.
    fn parse(received: &[u8]) -> io::Result<Option<Self>> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
        let mut response = httparse::Response::new(&mut headers);
        let parsed = response.parse(received).map_err(invalid)?;
        let httparse::Status::Complete(length) = parsed else {
            return Ok(None);
        };
        let status = response.code.unwrap_or_default();
        let body_length = match body_length(response.headers)? {
            Some(length) => length,
            None if status == 204 || status == 304 => 0,
            None => return Err(invalid("the answer has no Content-Length")),
        };
        Ok(Some(Self {
            status,
            length,
            body_length,
        }))
    }
}

fn body_length(headers: &[httparse::Header<'_>]) -> io::Result<Option<usize>> {
    let named = headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let Some(header) = named else {
        return Ok(None);
    };
    let text = std::str::from_utf8(header.value).map_err(invalid)?;
    text.trim().parse().map(Some).map_err(invalid)
}

fn invalid(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_complete() {
        let received = b"HTTP/1.1 201 Created\r\ncontent-length: 5\r\nx: y\r\n\r\nhello";
        let end_of_head = received.len() - 5;

        let partial = Head::parse(&received[..end_of_head - 1]).unwrap();
        let whole = Head::parse(received).unwrap();

        assert_eq!(partial, None);
        let expected = Head {
            status: 201,
            length: end_of_head,
            body_length: 5,
        };
        assert_eq!(whole, Some(expected));
    }

    #[test]
    fn an_answer_without_content_has_no_length() {
        let head = Head::parse(b"HTTP/1.1 304 Not Modified\r\n\r\n").unwrap();

        assert_eq!(head.unwrap().body_length, 0);
    }

    #[test]
    fn an_answer_of_unknown_length_is_refused() {
        let parsed = Head::parse(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");

        assert!(parsed.is_err());
    }
}
