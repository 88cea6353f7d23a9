//! A table of routes that remembers what it holds, so that the OpenAPI document can be held against it.
//!
//! It offers what `actix_web::web` offers for such a table, and only that.

use actix_web::dev::Handler;
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Responder};

/// A method and the path it is answered at, as `(GET, /sites/{site})`.
pub(crate) type Listed = (Method, String);

/// The table, on its way into the application.
pub(crate) struct Routes<'c> {
    config: &'c mut ServiceConfig,
    listed: Vec<Listed>,
}

impl<'c> Routes<'c> {
    /// An empty table that fills this configuration.
    pub(super) fn of(config: &'c mut ServiceConfig) -> Self {
        Self { config, listed: Vec::new() }
    }

    /// Adds a part of the table.
    pub(super) fn configure(&mut self, part: impl FnOnce(&mut Self)) -> &mut Self {
        part(self);
        self
    }

    /// Adds a path with its methods.
    pub(super) fn service(&mut self, resource: Resource) -> &mut Self {
        let Resource { path, methods, inner } = resource;
        self.listed.extend(methods.into_iter().map(|method| (method, without_patterns(&path))));
        self.config.service(inner);
        self
    }

    /// What the table holds.
    pub(super) fn into_list(self) -> Vec<Listed> {
        self.listed
    }
}

/// A path and its methods.
pub(super) struct Resource {
    path: String,
    methods: Vec<Method>,
    inner: actix_web::Resource,
}

/// A path without methods.
pub(super) fn resource(path: &str) -> Resource {
    Resource { path: path.to_owned(), methods: Vec::new(), inner: web::resource(path) }
}

impl Resource {
    /// Adds a method.
    pub(super) fn route(mut self, Route { method, inner }: Route) -> Self {
        self.methods.push(method);
        self.inner = self.inner.route(inner);
        self
    }

    /// Adds data that only this path needs.
    pub(super) fn app_data<T: 'static>(mut self, data: T) -> Self {
        self.inner = self.inner.app_data(data);
        self
    }
}

/// A method and its handler.
pub(super) struct Route {
    method: Method,
    inner: actix_web::Route,
}

impl Route {
    /// Answers with this handler.
    pub(super) fn to<F, Args>(mut self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.inner = self.inner.to(handler);
        self
    }
}

pub(super) fn get() -> Route {
    Route { method: Method::GET, inner: web::get() }
}

pub(super) fn post() -> Route {
    Route { method: Method::POST, inner: web::post() }
}

pub(super) fn put() -> Route {
    Route { method: Method::PUT, inner: web::put() }
}

pub(super) fn patch() -> Route {
    Route { method: Method::PATCH, inner: web::patch() }
}

pub(super) fn delete() -> Route {
    Route { method: Method::DELETE, inner: web::delete() }
}

/// `{action:start|pause}` is `{action}` for who reads the path.
fn without_patterns(path: &str) -> String {
    let mut shown = String::new();
    let mut in_pattern = false;
    for c in path.chars() {
        in_pattern = match c {
            ':' => shown.contains('{') && shown.rfind('{') > shown.rfind('}'),
            '}' => false,
            _ => in_pattern,
        };
        if !in_pattern {
            shown.push(c);
        }
    }
    shown
}
