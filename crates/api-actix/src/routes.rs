//! The routes, found by path without allocating: for the 404 and 405 of the whole service, for metrics and for the log.
//!
//! actix finds the endpoint itself; but it says 404 for a method that a path does not have, and its own name for a route
//! has to be put together anew for each request.

use actix_web::http::{Method, header::HeaderValue};

/// A route, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RouteId(usize);

/// All routes, as a tree of path segments.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    routes: Vec<Route>,
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Route {
    pattern: &'static str,
    methods: Vec<Method>,
    allow: HeaderValue,
    answers_more_than_json: bool,
}

#[derive(Debug, Default)]
struct Node {
    named: Vec<(&'static str, usize)>,
    parameter: Option<usize>,
    rest: Option<usize>,
    route: Option<usize>,
}

/// A route to be added.
#[derive(Debug, Clone)]
pub(crate) struct NewRoute {
    /// Its path: `{name}` stands for one segment, a last `{name:.*}` for all that remain.
    pub(crate) pattern: &'static str,
    /// Its methods.
    pub(crate) methods: Vec<Method>,
    /// Whether it has answers that are not JSON.
    pub(crate) answers_more_than_json: bool,
}

/// What metrics and logs call a path that is no route.
const UNMATCHED: &str = "unmatched";

impl Routes {
    pub(crate) fn new(routes: impl IntoIterator<Item = NewRoute>) -> Self {
        let mut tree = Self {
            routes: Vec::new(),
            nodes: vec![Node::default()],
        };
        for route in routes {
            tree.add(route);
        }
        tree
    }

    fn add(&mut self, route: NewRoute) {
        let mut at = 0;
        for segment in segments(route.pattern) {
            let fresh = self.nodes.len();
            let node = &mut self.nodes[at];
            let next = if segment.ends_with(":.*}") {
                *node.rest.get_or_insert(fresh)
            } else if segment.starts_with('{') {
                *node.parameter.get_or_insert(fresh)
            } else if let Some((_, next)) = node.named.iter().find(|(name, _)| *name == segment) {
                *next
            } else {
                node.named.push((segment, fresh));
                fresh
            };
            if next == fresh {
                self.nodes.push(Node::default());
            }
            at = next;
        }
        self.nodes[at].route = Some(self.routes.len());
        self.routes.push(Route {
            pattern: route.pattern,
            allow: allow(&route.methods),
            methods: route.methods,
            answers_more_than_json: route.answers_more_than_json,
        });
    }

    /// The route that a path belongs to. A named segment goes before a parameter.
    pub(crate) fn find(&self, path: &str) -> Option<RouteId> {
        self.find_below(0, path.strip_prefix('/')).map(RouteId)
    }

    fn find_below(&self, at: usize, path: Option<&str>) -> Option<usize> {
        let node = self.nodes.get(at)?;
        let Some(path) = path else {
            return node.route;
        };
        let (segment, rest) = match path.split_once('/') {
            Some((segment, rest)) => (segment, Some(rest)),
            None => (path, None),
        };
        let named = node.named.iter().find(|(name, _)| *name == segment);
        named
            .and_then(|(_, next)| self.find_below(*next, rest))
            .or_else(|| {
                let next = node.parameter.filter(|_| !segment.is_empty())?;
                self.find_below(next, rest)
            })
            .or_else(|| self.nodes.get(node.rest?)?.route)
    }

    /// The pattern of a route; `unmatched` for none.
    pub(crate) fn pattern(&self, id: Option<RouteId>) -> &'static str {
        let route = id.and_then(|RouteId(index)| self.routes.get(index));
        route.map_or(UNMATCHED, |route| route.pattern)
    }

    /// All patterns, by number; the one for paths that are no route last.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = &'static str> {
        let patterns = self.routes.iter().map(|route| route.pattern);
        patterns.chain(std::iter::once(UNMATCHED))
    }

    /// The number of a route among [`Self::patterns`].
    pub(crate) fn number(&self, id: Option<RouteId>) -> usize {
        id.map_or(self.routes.len(), |RouteId(index)| index)
    }

    pub(crate) fn has_method(&self, RouteId(index): RouteId, method: &Method) -> bool {
        let wanted = if *method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        self.routes
            .get(index)
            .is_some_and(|route| route.methods.contains(wanted))
    }

    pub(crate) fn answers_more_than_json(&self, RouteId(index): RouteId) -> bool {
        self.routes
            .get(index)
            .is_some_and(|route| route.answers_more_than_json)
    }

    /// The methods of a route, as the `Allow` header lists them.
    pub(crate) fn allowed(&self, id: Option<RouteId>) -> HeaderValue {
        let route = id.and_then(|RouteId(index)| self.routes.get(index));
        route.map_or(HeaderValue::from_static(""), |route| route.allow.clone())
    }
}

fn segments(pattern: &'static str) -> impl Iterator<Item = &'static str> {
    pattern
        .strip_prefix('/')
        .into_iter()
        .flat_map(|path| path.split('/'))
}

/// Whoever answers GET answers HEAD.
fn allow(methods: &[Method]) -> HeaderValue {
    let mut names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    if methods.contains(&Method::GET) {
        names.push("HEAD");
    }
    names.sort_unstable();
    HeaderValue::from_str(&names.join(", ")).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn routes() -> Routes {
        let patterns = [
            "/",
            "/docs/{tail:.*}",
            "/api/v1/invoices",
            "/api/v1/invoices/summary",
            "/api/v1/invoices/{id}",
            "/api/v1/invoices/{id}/events",
        ];
        Routes::new(patterns.map(|pattern| NewRoute {
            pattern,
            methods: vec![Method::GET, Method::DELETE],
            answers_more_than_json: false,
        }))
    }

    #[rstest]
    #[case("/", "/")]
    #[case("/docs/", "/docs/{tail:.*}")]
    #[case("/docs/a/b", "/docs/{tail:.*}")]
    #[case("/docs", "unmatched")]
    #[case("/api/v1/invoices", "/api/v1/invoices")]
    #[case("/api/v1/invoices/", "unmatched")]
    #[case("/api/v1/invoices/summary", "/api/v1/invoices/summary")]
    #[case("/api/v1/invoices/7", "/api/v1/invoices/{id}")]
    #[case("/api/v1/invoices/7/events", "/api/v1/invoices/{id}/events")]
    #[case("/api/v1/invoices/summary/events", "/api/v1/invoices/{id}/events")]
    #[case("/api/v1/invoices/7/events/", "unmatched")]
    #[case("/api", "unmatched")]
    #[case("", "unmatched")]
    fn a_path_belongs_to_one_route(#[case] path: &str, #[case] pattern: &str) {
        let routes = routes();

        assert_eq!(routes.pattern(routes.find(path)), pattern);
    }

    #[test]
    fn whoever_answers_get_answers_head() {
        let routes = routes();
        let route = routes.find("/api/v1/invoices").unwrap();

        assert_eq!(routes.allowed(Some(route)), "DELETE, GET, HEAD");
        assert!(routes.has_method(route, &Method::HEAD));
        assert!(!routes.has_method(route, &Method::POST));
    }
}
