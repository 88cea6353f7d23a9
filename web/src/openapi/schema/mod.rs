//! The shapes of JSON as the document tells them; nothing of this runs when a request is answered.
//!
//! They stand apart from the views of `routes/`, because half of what is answered is made of types of the domain,
//! which knows no OpenAPI. What keeps the two together is `web/tests/api/contract.rs`: it holds every answer and
//! every accepted body of every test of the API to these schemas, and refuses fields that are not in them.
#![expect(dead_code, reason = "the types stand for schemas and are never made")]

pub(super) mod calendar;
pub(super) mod directory;
pub(super) mod identity;
pub(super) mod ingest;
pub(super) mod kpi;
pub(super) mod live;
pub(super) mod operation;
pub(super) mod planning;
pub(super) mod service;
pub(super) mod words;

use std::borrow::Cow;
use std::marker::PhantomData;

use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

/// A page of a list.
pub(super) struct List<T>(PhantomData<T>);

impl<T> PartialSchema for List<T>
where
    T: ToSchema,
{
    fn schema() -> RefOr<Schema> {
        let cursor = ObjectBuilder::new()
            .schema_type(
                [Type::String, Type::Null].into_iter().collect::<utoipa::openapi::schema::SchemaType>(),
            )
            .description(Some("Where the next page begins; null on the last one."));
        let total = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .description(Some("With `total=true`: of all pages."));
        ObjectBuilder::new()
            .property("items", Ref::from_schema_name(T::name()).to_array_builder())
            .required("items")
            .property("next_cursor", cursor)
            .required("next_cursor")
            .property("total", total)
            .into()
    }
}

impl<T: ToSchema> ToSchema for List<T> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("{}List", T::name()))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}
