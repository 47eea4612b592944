//! The table of operations: each is served and described from one and the same handler.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, on};

use crate::server::Core;
use crate::server::answer::Answer;
use crate::server::auth::Guard;
use crate::server::fault::Fault;
use crate::server::input::{Input, Shape};
use crate::server::openapi::{Document, Operation};

/// The routes so far, and what is told of them.
pub(super) struct Table {
    router: Router<Arc<Core>>,
    document: Document,
}

/// A method of the table: what an operation takes, who may use it and what it answers are read from its
/// handler's signature, so that the description cannot say anything else.
macro_rules! method {
    ($name:ident, $method:ident) => {
        pub fn $name<H, R, G, I, A, M>(self, id: &'static str, path: &'static str, handler: H) -> Self
        where
            H: Fn(State<Arc<Core>>, G, Input<I>) -> R + Handler<(M, State<Arc<Core>>, G, Input<I>), Arc<Core>>,
            R: Future<Output = Result<A, Fault>>,
            G: Guard,
            I: Shape,
            A: Answer,
            M: 'static,
            G: 'static,
            I: 'static,
        {
            let method = Method::$method.as_str().to_ascii_lowercase();
            let operation = Operation { id, method, path, fields: I::FIELDS, access: G::ACCESS };
            let Self { router, mut document } = self;
            document.add::<A::Body>(&operation);
            Self { router: router.route(path, on(MethodFilter::$method, handler)), document }
        }
    };
}

impl Table {
    pub fn new() -> Self {
        Self { router: Router::new(), document: Document::new() }
    }

    method!(get, GET);
    method!(post, POST);
    method!(put, PUT);

    /// The routes, and the document as it is sent.
    pub fn finish(self) -> (Router<Arc<Core>>, Bytes) {
        (self.router, self.document.finish().to_string().into())
    }
}
