//! One operation of the document in a line or two: what all have in common is said here once.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::Method;
use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{self, HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::openapi::{
    ContentBuilder, KnownFormat, Ref, RefOr, Required, Schema, SchemaFormat, SecurityRequirement,
};

use super::schema::words::{InstantInput, OrderAction, Slug};
use super::shared::{IDEMPOTENCY_KEY, IF_MATCH, TENANT, refusal_name};
use crate::authorize::Action;
use crate::extract::MAX_PAGE_ITEMS;

const JSON: &str = "application/json";
const MERGE_PATCH: &str = "application/merge-patch+json";
const BEARER: &str = "bearer";
const BASIC: &str = "basic";

/// Named schemas, as they are collected.
pub(super) type Schemas = Vec<(String, RefOr<Schema>)>;

/// Who may call.
#[derive(Clone, Copy)]
enum Access {
    Anybody,
    Users(Action),
    UsersAndDevices(Action),
}

/// An operation in the making.
pub(super) struct Operation {
    pub(super) method: Method,
    pub(super) path: &'static str,
    id: &'static str,
    summary: &'static str,
    description: Option<&'static str>,
    access: Access,
    parameters: Vec<path::Parameter>,
    in_path: BTreeMap<&'static str, RefOr<Schema>>,
    body: Option<RequestBodyBuilder>,
    answers: BTreeMap<u16, ResponseBuilder>,
    refusals: BTreeSet<u16>,
    headers: BTreeSet<&'static str>,
    /// What bodies of requests are made of.
    pub(super) taken: Schemas,
    /// What answers are made of.
    pub(super) given: Schemas,
}

pub(super) fn get(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Method::GET, path, id, summary)
}

pub(super) fn post(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Method::POST, path, id, summary).writing()
}

pub(super) fn put(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Method::PUT, path, id, summary).writing()
}

pub(super) fn patch(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Method::PATCH, path, id, summary).writing()
}

pub(super) fn delete(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new(Method::DELETE, path, id, summary).writing()
}

/// A named schema and what it refers to.
pub(super) fn collect<T: ToSchema>(into: &mut Schemas) -> Ref {
    into.push((T::name().into_owned(), T::schema()));
    T::schemas(into);
    Ref::from_schema_name(T::name())
}

pub(super) fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn whole_number(minimum: u32, maximum: u32, default: u32) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(minimum))
        .maximum(Some(maximum))
        .default(Some(json!(default)))
        .build()
}

impl Operation {
    fn new(method: Method, path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Self {
            method,
            path,
            id,
            summary,
            description: None,
            access: Access::Users(Action::Read),
            parameters: Vec::new(),
            in_path: BTreeMap::new(),
            body: None,
            answers: BTreeMap::new(),
            refusals: BTreeSet::new(),
            headers: BTreeSet::new(),
            taken: Schemas::new(),
            given: Schemas::new(),
        }
    }

    fn writing(self) -> Self {
        self.refuses(&[409]).header(IDEMPOTENCY_KEY)
    }

    /// More than the summary says.
    pub(super) fn about(mut self, description: &'static str) -> Self {
        self.description = Some(description);
        self
    }

    /// No login needed; there is nobody whose `Idempotency-Key` could be remembered.
    pub(super) fn open(mut self) -> Self {
        self.access = Access::Anybody;
        self.unkeyed()
    }

    /// Without `Idempotency-Key`.
    pub(super) fn unkeyed(mut self) -> Self {
        self.headers.remove(IDEMPOTENCY_KEY);
        self.refusals.remove(&409);
        self
    }

    /// Who may do it, by the one table of `authorize.rs`; reading if not said.
    pub(super) fn may(mut self, action: Action) -> Self {
        self.access = Access::Users(action);
        self
    }

    /// The same, and devices with HTTP Basic.
    pub(super) fn may_and_devices(mut self, action: Action) -> Self {
        self.access = Access::UsersAndDevices(action);
        self
    }

    /// A parameter of the path that is no slug.
    pub(super) fn named<T: ToSchema>(mut self, parameter: &'static str) -> Self {
        let schema = collect::<T>(&mut self.taken);
        self.in_path.insert(parameter, schema.into());
        self
    }

    fn parameter(mut self, name: &str, place: ParameterIn, required: bool, schema: RefOr<Schema>) -> Self {
        let required = if required { Required::True } else { Required::False };
        let parameter =
            ParameterBuilder::new().name(name).parameter_in(place).required(required).schema(Some(schema));
        self.parameters.push(parameter.build());
        self
    }

    fn header(mut self, name: &'static str) -> Self {
        self.headers.insert(name);
        self
    }

    /// Query parameters of one type.
    pub(super) fn filters<T: ToSchema>(mut self, names: &[&str]) -> Self {
        let schema = collect::<T>(&mut self.taken);
        for name in names {
            self = self.parameter(name, ParameterIn::Query, false, schema.clone().into());
        }
        self
    }

    /// A query parameter that must be there.
    pub(super) fn asks<T: ToSchema>(mut self, name: &str) -> Self {
        let schema = collect::<T>(&mut self.taken);
        self.parameter(name, ParameterIn::Query, true, schema.into())
    }

    /// Free text in the query.
    pub(super) fn words(mut self, names: &[&str]) -> Self {
        for name in names {
            self = self.parameter(name, ParameterIn::Query, false, text().max_length(Some(200)).into());
        }
        self
    }

    /// `true` or `false` in the query.
    pub(super) fn flag(self, name: &str) -> Self {
        let flag = ObjectBuilder::new().schema_type(Type::Boolean);
        self.parameter(name, ParameterIn::Query, false, flag.into())
    }

    /// A whole number in the query.
    pub(super) fn number(self, name: &str, minimum: u32, maximum: u32, default: u32) -> Self {
        self.parameter(name, ParameterIn::Query, false, whole_number(minimum, maximum, default).into())
    }

    /// `from` and `to` in the query.
    pub(super) fn span(self) -> Self {
        self.filters::<InstantInput>(&["from", "to"])
    }

    /// `limit`, `cursor` and `total` in the query.
    pub(super) fn paged(self) -> Self {
        self.number("limit", 1, MAX_PAGE_ITEMS, 50)
            .parameter("cursor", ParameterIn::Query, false, text().max_length(Some(1024)).into())
            .flag("total")
    }

    /// A JSON body; of a PATCH a merge patch.
    pub(super) fn takes<T: ToSchema>(self) -> Self {
        let types: &[&str] = if self.method == Method::PATCH { &[JSON, MERGE_PATCH] } else { &[JSON] };
        self.takes_as::<T>(types)
    }

    /// A body of one of these media types.
    pub(super) fn takes_as<T: ToSchema>(mut self, media_types: &[&str]) -> Self {
        let schema = collect::<T>(&mut self.taken);
        for media_type in media_types {
            let content = ContentBuilder::new().schema(Some(schema.clone())).build();
            self.body = Some(
                self.body.unwrap_or_default().required(Some(Required::True)).content(*media_type, content),
            );
        }
        self.refuses(&[400, 408, 413, 415])
    }

    /// An answer with a JSON body.
    pub(super) fn gives<T: ToSchema>(self, status: u16) -> Self {
        self.gives_as::<T>(status, JSON)
    }

    /// An answer of a media type.
    pub(super) fn gives_as<T: ToSchema>(mut self, status: u16, media_type: &str) -> Self {
        let schema = collect::<T>(&mut self.given);
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let answer = self.answers.remove(&status).unwrap_or_else(|| described(status));
        self.answers.insert(status, answer.content(media_type, content));
        self
    }

    /// An answer with a JSON object that is described elsewhere.
    pub(super) fn gives_any(mut self, status: u16) -> Self {
        let content = ContentBuilder::new().schema(Some(ObjectBuilder::new())).build();
        self.answers.insert(status, described(status).content(JSON, content));
        self
    }

    /// An answer that is text.
    pub(super) fn gives_text(mut self, status: u16, media_type: &str) -> Self {
        let content = ContentBuilder::new().schema(Some(text())).build();
        self.answers.insert(status, described(status).content(media_type, content));
        self
    }

    /// An answer without a body.
    pub(super) fn gives_nothing(mut self, status: u16) -> Self {
        self.answers.insert(status, described(status));
        self
    }

    /// An object that changes: 200 with its entity tag.
    pub(super) fn object<T: ToSchema>(self) -> Self {
        self.gives::<T>(200).answer_header(200, "ETag", "The version of the object.")
    }

    /// A new object: 201 with its place.
    pub(super) fn creates<T: ToSchema>(self) -> Self {
        self.gives::<T>(201).answer_header(201, "Location", "Where it is.")
    }

    /// `If-Match` is honoured.
    pub(super) fn guarded(self) -> Self {
        self.header(IF_MATCH).refuses(&[412])
    }

    fn answer_header(mut self, status: u16, name: &str, description: &str) -> Self {
        if let Some(answer) = self.answers.remove(&status) {
            let header = HeaderBuilder::new().schema(Some(text())).description(Some(description)).build();
            self.answers.insert(status, answer.header(name, header));
        }
        self
    }

    /// Answers with problem details, beside those that follow from what the operation takes.
    pub(super) fn refuses(mut self, statuses: &[u16]) -> Self {
        self.refusals.extend(statuses);
        self
    }

    /// What follows from the rest: parameters of the path, refusals, who may call.
    pub(super) fn finish(mut self, tag: &str) -> (HttpMethod, path::Operation, Schemas, Schemas) {
        let names: Vec<&'static str> = segments(self.path).collect();
        for name in &names {
            let schema = self.in_path.remove(name).unwrap_or_else(|| path_word(name, &mut self.taken));
            self = self.parameter(name, ParameterIn::Path, true, schema);
        }
        if !names.is_empty() {
            self = self.refuses(&[404]);
        }
        let is_checked = self.path.starts_with("/api/");
        if is_checked && !matches!(self.access, Access::Anybody) {
            self = self.refuses(&[401, 403]).header(TENANT);
        }
        if is_checked {
            self = self.refuses(&[422, 500, 503]);
        }
        let method = match self.method {
            Method::GET => HttpMethod::Get,
            Method::POST => HttpMethod::Post,
            Method::PUT => HttpMethod::Put,
            Method::PATCH => HttpMethod::Patch,
            _ => HttpMethod::Delete,
        };
        let mut operation = OperationBuilder::new()
            .tag(tag)
            .operation_id(Some(self.id))
            .summary(Some(self.summary))
            .description(description(self.description, self.access))
            .request_body(self.body.map(RequestBodyBuilder::build));
        for parameter in self.parameters {
            operation = operation.parameter(parameter);
        }
        for name in self.headers {
            operation = operation.parameter_ref(Ref::new(format!("#/components/parameters/{name}")));
        }
        for status in &self.refusals {
            operation =
                operation.response(status.to_string(), Ref::from_response_name(refusal_name(*status)));
        }
        for (status, answer) in self.answers {
            operation = operation.response(status.to_string(), answer.build());
        }
        for scheme in schemes(self.access) {
            operation = operation.security(SecurityRequirement::new(*scheme, [] as [&str; 0]));
        }
        (method, operation.build(), self.taken, self.given)
    }
}

/// The names in a path template.
fn segments(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

fn path_word(name: &str, schemas: &mut Schemas) -> RefOr<Schema> {
    match name {
        "id" => text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))).into(),
        "username" => text().into(),
        "action" => collect::<OrderAction>(schemas).into(),
        _ => collect::<Slug>(schemas).into(),
    }
}

fn described(status: u16) -> ResponseBuilder {
    let reason = actix_web::http::StatusCode::from_u16(status).ok().and_then(|code| code.canonical_reason());
    Response::builder().description(reason.unwrap_or("Answer"))
}

fn schemes(access: Access) -> &'static [&'static str] {
    match access {
        Access::Anybody => &[],
        Access::Users(_) => &[BEARER],
        Access::UsersAndDevices(_) => &[BEARER, BASIC],
    }
}

/// The description, and the roles that the table of rights names.
fn description(text: Option<&str>, access: Access) -> Option<String> {
    let rights = match access {
        Access::Anybody => None,
        Access::Users(action) => Some(rights(action)),
        Access::UsersAndDevices(action) => Some(format!("{} Devices too.", rights(action))),
    };
    let parts: Vec<String> = text.map(str::to_owned).into_iter().chain(rights).collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

fn rights(action: Action) -> String {
    let roles: Vec<String> =
        action.roles().iter().filter_map(|role| Some(json!(role).as_str()?.to_owned())).collect();
    let whole = if action.is_tenant_wide() { " Not for users limited to sites." } else { "" };
    format!("Roles: {}.{whole}", roles.join(", "))
}
