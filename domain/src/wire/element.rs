//! One message of a device as JSON: its fields, read strictly in one pass, and their rules.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess};

use super::json::Text;
use super::topic::Channel;
use crate::ids::{
    AlarmCode, ArticleCode, LocationCode, LotCode, MessageId, MetricName, OrderCode, ReasonCode, UnitCode,
};
use crate::message::{
    AlarmMessage, Content, CountMessage, DeviceMessage, MeasureMessage, MeasureValue, OrderMessage,
    StateMessage, StockMessage,
};
use crate::receipt::Envelope;
use crate::vocabulary::{MachineState, MovementKind, OrderAction, Severity};
use crate::{Code, Quantity, Rejection, Timestamp};

/// The most values of one `measure` message.
pub const MAX_MEASURES: usize = 256;
/// The longest text of a measured value, in characters.
pub const MAX_MEASURE_TEXT_CHARS: usize = 256;
/// The longest text of an alarm, in characters.
pub const MAX_ALARM_TEXT_CHARS: usize = 500;

/// How much of a field's name an error repeats, in characters.
const MAX_NAME_CHARS: usize = 64;
const MEASURE_RULE: &str =
    "must be a number within the range of a double, true, false, or text of at most 256 characters";

const ENVELOPE_FIELDS: [&str; 3] = ["id", "at", "buffered"];

/// The fields that a channel has beside those of the envelope.
fn fields_of(channel: Channel) -> &'static [&'static str] {
    match channel {
        Channel::State => &["state", "reason"],
        Channel::Count => &["good", "scrap", "total_good", "total_scrap"],
        Channel::Measure => &["values"],
        Channel::Alarm => &["code", "active", "severity", "text"],
        Channel::Order => &["order", "action"],
        Channel::Stock => &["kind", "article", "quantity", "unit", "lot", "location", "to_location", "order"],
    }
}

/// The fields of every channel together; which of them a message may have, its channel decides.
#[derive(Default, Serialize)]
struct Fields {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<MessageId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    buffered: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<MachineState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<ReasonCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    good: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scrap: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_good: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_scrap: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<BTreeMap<MetricName, MeasureValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<AlarmCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<Severity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<AlarmText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<MovementKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    article: Option<ArticleCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<UnitCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lot: Option<LotCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<LocationCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_location: Option<LocationCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<OrderCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<OrderAction>,
}

#[derive(Serialize)]
#[serde(transparent)]
struct AlarmText(String);

impl FromStr for AlarmText {
    type Err = Rejection;
    fn from_str(text: &str) -> Result<Self, Rejection> {
        if text.chars().count() > MAX_ALARM_TEXT_CHARS {
            return Err(Rejection::invalid(
                "text",
                format!("must be at most {MAX_ALARM_TEXT_CHARS} characters"),
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Reads one message of a channel. `has_topic` allows the field `topic`, which the caller has read already.
pub(super) fn read(channel: Channel, has_topic: bool, text: &str) -> Result<DeviceMessage, Rejection> {
    let mut fault = None;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let fields = Reader { channel, has_topic, fault: &mut fault }
        .deserialize(&mut deserializer)
        .and_then(|fields| deserializer.end().map(|()| fields));
    match fields {
        Ok(fields) => fields.into_message(channel),
        Err(error) if error.is_data() || fault.is_some() => {
            Err(fault
                .unwrap_or_else(|| Rejection::new(Code::InvalidField, None, "a message must be an object")))
        }
        Err(error) => Err(Rejection::new(Code::InvalidJson, None, error.to_string())),
    }
}

/// Writes a message as a device would; the inverse of reading it.
pub fn encode(message: &DeviceMessage) -> String {
    // Serialising fails on a map with keys that are not text, or a failing writer: there is neither.
    serde_json::to_string(&Fields::from(message)).unwrap_or_default()
}

struct Reader<'f> {
    channel: Channel,
    has_topic: bool,
    /// The rejection behind an error, because the parser's own error cannot carry one.
    fault: &'f mut Option<Rejection>,
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Fields;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Fields, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> de::Visitor<'de> for Reader<'_> {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Fields::default();
        let mut topics = 0;
        let own = fields_of(self.channel);
        while let Some(Text(name)) = map.next_key()? {
            let mut field = Field { map: &mut map, name: &name, fault: self.fault };
            if self.has_topic && name == "topic" {
                topics += 1;
                field.ignore(topics > 1)?;
                continue;
            }
            if !own.contains(&&*name) && !ENVELOPE_FIELDS.contains(&&*name) {
                return Err(field.unknown(own));
            }
            match &*name {
                "id" => field.text(&mut fields.id)?,
                "at" => field.value(&mut fields.at, rule_of::<Timestamp>)?,
                "buffered" => field.value(&mut fields.buffered, flag_rule)?,
                "state" => field.text(&mut fields.state)?,
                "reason" => field.text(&mut fields.reason)?,
                "good" => field.value(&mut fields.good, rule_of::<Quantity>)?,
                "scrap" => field.value(&mut fields.scrap, rule_of::<Quantity>)?,
                "total_good" => field.value(&mut fields.total_good, rule_of::<Quantity>)?,
                "total_scrap" => field.value(&mut fields.total_scrap, rule_of::<Quantity>)?,
                "values" => field.measures(&mut fields.values)?,
                "code" => field.text(&mut fields.code)?,
                "active" => field.value(&mut fields.active, flag_rule)?,
                "severity" => field.text(&mut fields.severity)?,
                "text" => field.text(&mut fields.text)?,
                "kind" => field.text(&mut fields.kind)?,
                "article" => field.text(&mut fields.article)?,
                "quantity" => field.value(&mut fields.quantity, rule_of::<Quantity>)?,
                "unit" => field.text(&mut fields.unit)?,
                "lot" => field.text(&mut fields.lot)?,
                "location" => field.text(&mut fields.location)?,
                "to_location" => field.text(&mut fields.to_location)?,
                "order" => field.text(&mut fields.order)?,
                "action" => field.text(&mut fields.action)?,
                _ => return Err(field.unknown(own)),
            }
        }
        Ok(fields)
    }
}

/// The rule of a type, as its own errors state it: no rule allows the empty text.
fn rule_of<T: FromStr<Err = Rejection>>() -> String {
    T::from_str("").err().map_or_else(|| "must be text".to_owned(), |rejection| rejection.detail)
}

fn flag_rule() -> String {
    "must be true or false".to_owned()
}

fn shorten(name: &str) -> String {
    name.chars().take(MAX_NAME_CHARS).collect()
}

/// The field that is being read: it names itself in the rejection when its value is wrong.
struct Field<'a, A> {
    map: &'a mut A,
    name: &'a str,
    fault: &'a mut Option<Rejection>,
}

impl<'de, A: MapAccess<'de>> Field<'_, A> {
    fn refuse(&mut self, code: Code, detail: impl Into<String>) -> A::Error {
        let name = shorten(self.name);
        self.fault.get_or_insert_with(|| Rejection::new(code, Some(&name), detail));
        A::Error::custom("refused")
    }

    fn unknown(&mut self, own: &[&str]) -> A::Error {
        let known: Vec<&str> = ENVELOPE_FIELDS.iter().chain(own).copied().collect();
        self.refuse(
            Code::UnknownField,
            format!("is not a field of this message; it has {}", known.join(", ")),
        )
    }

    fn once(&mut self, repeated: bool) -> Result<(), A::Error> {
        if repeated { Err(self.refuse(Code::InvalidField, "appears twice")) } else { Ok(()) }
    }

    fn ignore(&mut self, repeated: bool) -> Result<(), A::Error> {
        self.once(repeated)?;
        self.map.next_value::<de::IgnoredAny>().map(|_| ())
    }

    fn text<T: FromStr<Err = Rejection>>(&mut self, slot: &mut Option<T>) -> Result<(), A::Error> {
        self.once(slot.is_some())?;
        let Text(text) = match self.map.next_value() {
            Ok(text) => text,
            Err(_) => return Err(self.refuse(Code::InvalidField, rule_of::<T>())),
        };
        *slot = Some(T::from_str(&text).map_err(|rejection| self.refuse(rejection.code, rejection.detail))?);
        Ok(())
    }

    fn value<T: DeserializeOwned>(
        &mut self,
        slot: &mut Option<T>,
        rule: fn() -> String,
    ) -> Result<(), A::Error> {
        self.once(slot.is_some())?;
        *slot = Some(self.map.next_value().map_err(|_| self.refuse(Code::InvalidField, rule()))?);
        Ok(())
    }

    fn measures(&mut self, slot: &mut Option<BTreeMap<MetricName, MeasureValue>>) -> Result<(), A::Error> {
        self.once(slot.is_some())?;
        let values = self.map.next_value_seed(Measures { fault: self.fault });
        *slot = Some(
            values.map_err(|_| self.refuse(Code::InvalidField, "must be an object of 1 to 256 values"))?,
        );
        Ok(())
    }
}

struct Measures<'f> {
    fault: &'f mut Option<Rejection>,
}

impl<'de> DeserializeSeed<'de> for Measures<'_> {
    type Value = BTreeMap<MetricName, MeasureValue>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> de::Visitor<'de> for Measures<'_> {
    type Value = BTreeMap<MetricName, MeasureValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = BTreeMap::new();
        let mut refuse = |name: &str, detail: &str| {
            *self.fault = Some(Rejection::invalid(&format!("values.{}", shorten(name)), detail));
            A::Error::custom("refused")
        };
        while let Some(Text(text)) = map.next_key()? {
            let name = MetricName::parse(&text).map_err(|rejection| refuse(&text, &rejection.detail))?;
            let value = map.next_value_seed(Measure).map_err(|_| refuse(&text, MEASURE_RULE))?;
            if values.insert(name, value).is_some() {
                return Err(refuse(&text, "appears twice"));
            }
            if values.len() > MAX_MEASURES {
                return Err(A::Error::custom("too many values"));
            }
        }
        if values.is_empty() { Err(A::Error::custom("no values")) } else { Ok(values) }
    }
}

struct Measure;

impl<'de> DeserializeSeed<'de> for Measure {
    type Value = MeasureValue;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<MeasureValue, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl de::Visitor<'_> for Measure {
    type Value = MeasureValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MEASURE_RULE)
    }
    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<MeasureValue, E> {
        Ok(MeasureValue::Flag(flag))
    }
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<MeasureValue, E> {
        Ok(MeasureValue::Number(number as f64))
    }
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<MeasureValue, E> {
        Ok(MeasureValue::Number(number as f64))
    }
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<MeasureValue, E> {
        if number.is_finite() { Ok(MeasureValue::Number(number)) } else { Err(E::custom(MEASURE_RULE)) }
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<MeasureValue, E> {
        if text.chars().count() > MAX_MEASURE_TEXT_CHARS {
            return Err(E::custom(MEASURE_RULE));
        }
        Ok(MeasureValue::Text(text.to_owned()))
    }
}

fn required<T>(field: &str, value: Option<T>) -> Result<T, Rejection> {
    value.ok_or_else(|| Rejection::invalid(field, "is required"))
}

#[path = "element_rules.rs"]
mod rules;
