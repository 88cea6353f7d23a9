//! The OpenAPI document: what every route takes and answers, from which clients' types are generated.
//!
//! `paths/` has an entry for every line of `routes/mod.rs`, `schema/` the shapes of JSON. Tests refuse a route that is
//! not in the document, an operation that no route serves, and an answer that is not as the document says.

mod operation;
mod paths;
mod schema;
mod shared;

use std::collections::{BTreeMap, BTreeSet};

use utoipa::openapi::path::{PathItem, Paths, PathsBuilder};
use utoipa::openapi::schema::{ComponentsBuilder, Schema, SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, RefOr};

use operation::{Operation, Schemas, collect};
use schema::live::{AlertsData, ClientFrame, LineData, ServerFrame, SiteData};

const ABOUT: &str = "Bodies are JSON and read strictly: an unknown field, or one that is given twice, is refused. \
In a request `null` is the same as leaving an optional field out; in a merge patch it clears what can be absent. \
What is absent in an answer is left out. Every refusal is `application/problem+json`. \
The schemas `ClientFrame` and `ServerFrame` are the text frames of `GET /api/v1/live` (sub-protocol `topsteel.v1`); \
`SiteData`, `LineData` and `AlertsData` are the data of its topics.";

/// Tags in the order of the document, with their operations.
fn tagged() -> [(&'static str, &'static str, Vec<Operation>); 6] {
    [
        ("session", "Logins, users, credentials of devices, the audit trail", paths::session::operations()),
        ("directory", "Sites, lines and machines", paths::directory::operations()),
        ("line", "What a line does and did", paths::line::operations()),
        ("planning", "Articles, orders and stock", paths::planning::operations()),
        ("operation", "Alerts, dead letters and quarantine", paths::operation::operations()),
        ("hub", "Messages of devices, the live socket, health", paths::hub::operations()),
    ]
}

/// The document of this version.
pub fn document() -> OpenApi {
    let mut paths: BTreeMap<&'static str, PathItem> = BTreeMap::new();
    let (mut taken, mut given, mut tags) = (Schemas::new(), Schemas::new(), Vec::new());
    for (tag, description, operations) in tagged() {
        tags.push(TagBuilder::new().name(tag).description(Some(description)).build());
        for operation in operations {
            let path = operation.path;
            let (method, operation, asked, answered) = operation.finish(tag);
            taken.extend(asked);
            given.extend(answered);
            let item = PathItem::new(method, operation);
            match paths.entry(path) {
                std::collections::btree_map::Entry::Vacant(place) => drop(place.insert(item)),
                std::collections::btree_map::Entry::Occupied(mut known) => {
                    known.get_mut().merge_operations(item)
                }
            }
        }
    }
    collect::<ClientFrame>(&mut taken);
    collect::<ServerFrame>(&mut given);
    collect::<SiteData>(&mut given);
    collect::<LineData>(&mut given);
    collect::<AlertsData>(&mut given);
    let paths = paths.into_iter().fold(PathsBuilder::new(), |all, (path, item)| all.path(path, item));
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("TopSteel Hub")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(ABOUT))
                .license(Some(
                    LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
                ))
                .build(),
        )
        .paths::<Paths>(paths.build())
        .components(Some(components(taken, given).build()))
        .tags(Some(tags))
        .build()
}

/// The document as it is handed out.
pub fn document_json() -> String {
    // Maps with text keys and texts: nothing in it can fail to serialise.
    document().to_pretty_json().unwrap_or_default()
}

fn components(taken: Schemas, mut given: Schemas) -> ComponentsBuilder {
    let mut components = shared::all(ComponentsBuilder::new(), &mut given);
    let answered: BTreeSet<String> = given.iter().map(|(name, _)| name.clone()).collect();
    let schemas: BTreeMap<String, RefOr<Schema>> = taken.into_iter().chain(given).collect();
    for (name, mut schema) in schemas {
        if answered.contains(&name)
            && let RefOr::T(schema) = &mut schema
        {
            leave_out_null(schema);
        }
        components = components.schema(name, schema);
    }
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("The `access_token` of `POST /api/v1/auth/login`."));
    let basic = HttpBuilder::new()
        .scheme(HttpAuthScheme::Basic)
        .description(Some("User name and token of a device's credential."));
    components
        .security_scheme("bearer", SecurityScheme::Http(bearer.build()))
        .security_scheme("basic", SecurityScheme::Http(basic.build()))
}

/// An answer leaves out what is absent: a property that is not required is not null either.
fn leave_out_null(schema: &mut Schema) {
    match schema {
        Schema::Object(object) => {
            let required = object.required.clone();
            for (_, property) in object.properties.iter_mut().filter(|(name, _)| !required.contains(name)) {
                without_null(property);
            }
        }
        Schema::OneOf(one_of) => {
            for item in &mut one_of.items {
                if let RefOr::T(item) = item {
                    leave_out_null(item);
                }
            }
        }
        _ => {}
    }
}

fn without_null(property: &mut RefOr<Schema>) {
    let only = match property {
        RefOr::T(Schema::Object(object)) => {
            drop_null(&mut object.schema_type);
            None
        }
        RefOr::T(Schema::Array(array)) => {
            drop_null(&mut array.schema_type);
            None
        }
        RefOr::T(Schema::OneOf(one_of)) => {
            one_of.items.retain(|item| !is_null(item));
            if one_of.items.len() == 1 { one_of.items.pop() } else { None }
        }
        _ => None,
    };
    if let Some(only) = only {
        *property = only;
    }
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null))
}

fn drop_null(schema_type: &mut SchemaType) {
    if let SchemaType::Array(types) = schema_type {
        types.retain(|kind| *kind != Type::Null);
        if let [only] = types.as_slice() {
            *schema_type = SchemaType::Type(only.clone());
        }
    }
}

#[cfg(test)]
mod tests;
