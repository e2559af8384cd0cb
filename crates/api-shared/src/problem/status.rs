//! Classes of refusals.

/// The class that a kind of refusal belongs to, by the names and numbers of HTTP (RFC 9110, 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The request itself is wrong.
    BadRequest,
    /// Nobody known asks.
    Unauthorized,
    /// Who asks may not.
    Forbidden,
    /// What it is about is not there.
    NotFound,
    /// What it is about cannot be asked that.
    MethodNotAllowed,
    /// There is no form of answer that the client takes.
    NotAcceptable,
    /// The request took too long to arrive.
    RequestTimeout,
    /// It does not go with how things are.
    Conflict,
    /// Things are not as the request supposes.
    PreconditionFailed,
    /// There is too much of it.
    PayloadTooLarge,
    /// It is written in nothing that is read here.
    UnsupportedMediaType,
    /// The rules forbid it.
    UnprocessableEntity,
    /// It is one too many.
    TooManyRequests,
    /// The service is to blame.
    InternalServerError,
    /// The service cannot answer right now.
    ServiceUnavailable,
}

impl Status {
    /// Its number.
    pub const fn as_u16(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::NotAcceptable => 406,
            Self::RequestTimeout => 408,
            Self::Conflict => 409,
            Self::PreconditionFailed => 412,
            Self::PayloadTooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::UnprocessableEntity => 422,
            Self::TooManyRequests => 429,
            Self::InternalServerError => 500,
            Self::ServiceUnavailable => 503,
        }
    }

    /// Whether the service is to blame rather than the request.
    pub const fn is_server_error(self) -> bool {
        self.as_u16() >= 500
    }
}
