//! The words that bodies are made of: codes, instants, quantities, and the closed vocabularies of the domain.

use std::borrow::Cow;

use domain::{calendar, vocabulary};
use serde_json::{Value, json};
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

use crate::authorize::EVERYBODY;

/// A type that stands for a schema and is never made.
macro_rules! word {
    ($name:ident, $description:literal, $schema:expr) => {
        #[doc = $description]
        pub(crate) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let describe: fn(Option<&'static str>) -> RefOr<Schema> = $schema;
                describe(Some($description))
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    };
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn short_text(description: Option<&'static str>, max_chars: usize, example: &str) -> RefOr<Schema> {
    text().description(description).min_length(Some(1)).max_length(Some(max_chars)).examples([example]).into()
}

fn instant_text() -> ObjectBuilder {
    text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
}

const DECIMAL: &str = r"^-?\d+(\.\d{1,3})?$";

word!(Slug, "The code of a tenant, site, line, machine or alert rule.", |description| {
    text()
        .description(description)
        .pattern(Some("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"))
        .examples(["saw-1"])
        .into()
});
word!(ArticleCode, "The code of an article: no control characters.", |description| short_text(
    description,
    50,
    "BAR-40-S235"
));
word!(UnitCode, "The unit of an article.", |description| short_text(description, 16, "pcs"));
word!(
    FreeCode,
    "The code of an order, a lot, a location or a reason: no control characters.",
    |description| { short_text(description, 64, "PO-2026-0117") }
);
word!(MetricName, "What a machine measures.", |description| {
    text().description(description).pattern(Some("^[a-z][a-z0-9_]{0,63}$")).examples(["spindle_temp"]).into()
});
word!(Instant, "RFC 3339 in UTC with three decimals.", |description| {
    instant_text().description(description).examples(["2026-11-22T13:00:00.123Z"]).into()
});
word!(InstantInput, "RFC 3339 with a zone, or milliseconds since 1970.", |description| {
    OneOfBuilder::new()
        .description(description)
        .item(instant_text())
        .item(ObjectBuilder::new().schema_type(Type::Integer))
        .into()
});
word!(
    Quantity,
    "A decimal number with at most 3 decimals, as text so that no digit is lost.",
    |description| { text().description(description).pattern(Some(DECIMAL)).examples(["1250.5"]).into() }
);
word!(
    QuantityInput,
    "A decimal number or the same as text: at most 3 decimals, within ±10¹².",
    |description| {
        OneOfBuilder::new()
            .description(description)
            .item(ObjectBuilder::new().schema_type(Type::Number))
            .item(text().pattern(Some(DECIMAL)))
            .into()
    }
);
word!(Ratio, "A ratio with at most 4 decimals: 1 is 100 %.", |description| {
    ObjectBuilder::new()
        .schema_type(Type::Number)
        .description(description)
        .minimum(Some(0.0))
        .examples([0.8125])
        .into()
});
word!(TimeZone, "An IANA time zone.", |description| {
    text().description(description).examples(["Europe/Vienna"]).into()
});

word!(LocalTime, "A time of day on the clock of the site.", |description| {
    text()
        .description(description)
        .pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9]$"))
        .examples(["06:00"])
        .into()
});
word!(LocalDate, "A day on the clock of the site.", |description| {
    let date = Some(SchemaFormat::KnownFormat(KnownFormat::Date));
    text().description(description).format(date).examples(["2026-12-25"]).into()
});

fn one_of<V: Into<Value>>(
    description: Option<&'static str>,
    values: impl Iterator<Item = V>,
) -> RefOr<Schema> {
    text().description(description).enum_values(Some(values)).into()
}

macro_rules! vocabulary {
    ($name:ident, $description:literal) => {
        word!($name, $description, |description| one_of(
            description,
            vocabulary::$name::ALL.iter().map(|value| value.as_str())
        ));
    };
}

vocabulary!(MachineState, "What a machine does; `offline`: nobody knows.");
vocabulary!(Severity, "How urgent an alert is (ISA-18.2 priority).");
vocabulary!(MovementKind, "What kind of change of stock a movement is.");
vocabulary!(OrderState, "Where an order stands.");
vocabulary!(OrderAction, "What is done to an order.");
vocabulary!(AlertState, "The life of an alert (ISA-18.2).");
vocabulary!(AndonColor, "What the light of a line shows.");
vocabulary!(KpiBucket, "How long one figure is.");
word!(Weekday, "A day of the week.", |description| one_of(
    description,
    calendar::Weekday::ALL.iter().map(|day| json!(day))
));
word!(RoleName, "What a user may do in a tenant.", |description| one_of(
    description,
    EVERYBODY.iter().map(|role| json!(role))
));
