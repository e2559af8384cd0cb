//! What Redis is asked.

use redis::{
    Cmd, FromRedisValue, Pipeline, RedisResult, ScriptInvocation, aio::MultiplexedConnection,
};

/// One round trip.
#[derive(Clone, Copy)]
pub(crate) enum Request<'a> {
    /// A command.
    Command(&'a Cmd),
    /// A script, by its hash; it is loaded first where Redis has lost it.
    Script(&'a ScriptInvocation<'a>),
    /// Several commands.
    Pipeline(&'a Pipeline),
}

impl Request<'_> {
    pub(crate) async fn ask<T: FromRedisValue>(
        self,
        connection: &mut MultiplexedConnection,
    ) -> RedisResult<T> {
        match self {
            Self::Command(command) => command.query_async(connection).await,
            Self::Script(script) => script.invoke_async(connection).await,
            Self::Pipeline(pipeline) => pipeline.query_async(connection).await,
        }
    }
}
