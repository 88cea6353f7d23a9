//! The rules between the fields of one message, and the way from a message back to its fields.

use super::*;

impl Fields {
    /// Checks what the fields must be together, and makes the message of them.
    pub(super) fn into_message(self, channel: Channel) -> Result<DeviceMessage, Rejection> {
        let envelope =
            Envelope { id: self.id.clone(), at: self.at, buffered: self.buffered.unwrap_or(false) };
        let content = match channel {
            Channel::State => {
                Content::State(StateMessage { state: required("state", self.state)?, reason: self.reason })
            }
            Channel::Count => Content::Count(self.count()?),
            Channel::Measure => Content::Measure(MeasureMessage { values: required("values", self.values)? }),
            Channel::Alarm => Content::Alarm(AlarmMessage {
                code: required("code", self.code)?,
                active: required("active", self.active)?,
                severity: self.severity.unwrap_or(Severity::Medium),
                text: self.text.map(|text| text.0).unwrap_or_default(),
            }),
            Channel::Order => Content::Order(OrderMessage {
                order: required("order", self.order)?,
                action: device_action(required("action", self.action)?)?,
            }),
            Channel::Stock => Content::Stock(self.stock()?),
        };
        Ok(DeviceMessage { envelope, content })
    }

    fn count(&self) -> Result<CountMessage, Rejection> {
        let parts = [
            ("good", self.good),
            ("scrap", self.scrap),
            ("total_good", self.total_good),
            ("total_scrap", self.total_scrap),
        ];
        if let Some((field, _)) = parts.iter().find(|(_, part)| part.is_some_and(Quantity::is_negative)) {
            return Err(Rejection::invalid(field, "must not be negative"));
        }
        let increments = self.good.or(self.scrap).is_some();
        let total = parts[2..].iter().find(|(_, part)| part.is_some());
        match (increments, total) {
            (true, Some((field, _))) => Err(Rejection::invalid(
                field,
                "must not stand beside good or scrap: send increments or totals",
            )),
            (true, None) => Ok(CountMessage::Increment {
                good: self.good.unwrap_or_default(),
                scrap: self.scrap.unwrap_or_default(),
            }),
            (false, Some(_)) => Ok(CountMessage::Total { good: self.total_good, scrap: self.total_scrap }),
            (false, None) => {
                Err(Rejection::invalid("good", "one of good, scrap, total_good and total_scrap is required"))
            }
        }
    }

    fn stock(self) -> Result<StockMessage, Rejection> {
        let kind = required("kind", self.kind)?;
        let article = required("article", self.article)?;
        let quantity = required("quantity", self.quantity)?;
        match kind {
            MovementKind::Adjust => {}
            MovementKind::Stocktake if quantity.is_negative() => {
                return Err(Rejection::invalid("quantity", "must not be negative for stocktake"));
            }
            MovementKind::Stocktake => {}
            _ if !quantity.is_positive() => {
                return Err(Rejection::invalid("quantity", format!("must be positive for {kind}")));
            }
            _ => {}
        }
        let is_transfer = kind == MovementKind::Transfer;
        if is_transfer && self.to_location.is_none() {
            return Err(Rejection::invalid("to_location", "is required for transfer"));
        }
        if !is_transfer && self.to_location.is_some() {
            return Err(Rejection::invalid("to_location", "is for transfer only"));
        }
        if is_transfer && self.to_location == self.location {
            return Err(Rejection::invalid("to_location", "must differ from location"));
        }
        Ok(StockMessage {
            kind,
            article,
            quantity,
            unit: self.unit,
            lot: self.lot,
            location: self.location,
            to_location: self.to_location,
            order: self.order,
        })
    }
}

fn device_action(action: OrderAction) -> Result<OrderAction, Rejection> {
    match action {
        OrderAction::Start | OrderAction::Pause | OrderAction::Resume | OrderAction::Complete => Ok(action),
        OrderAction::Release | OrderAction::Cancel => {
            Err(Rejection::invalid("action", "must be one of start pause resume complete"))
        }
    }
}

impl From<&DeviceMessage> for Fields {
    fn from(message: &DeviceMessage) -> Self {
        let Envelope { id, at, buffered } = &message.envelope;
        let envelope =
            Self { id: id.clone(), at: *at, buffered: buffered.then_some(true), ..Self::default() };
        match message.content.clone() {
            Content::State(StateMessage { state, reason }) => Self { state: Some(state), reason, ..envelope },
            Content::Count(CountMessage::Increment { good, scrap }) => {
                Self { good: Some(good), scrap: Some(scrap), ..envelope }
            }
            Content::Count(CountMessage::Total { good, scrap }) => {
                Self { total_good: good, total_scrap: scrap, ..envelope }
            }
            Content::Measure(MeasureMessage { values }) => Self { values: Some(values), ..envelope },
            Content::Alarm(AlarmMessage { code, active, severity, text }) => Self {
                code: Some(code),
                active: Some(active),
                severity: Some(severity),
                text: (!text.is_empty()).then_some(AlarmText(text)),
                ..envelope
            },
            Content::Order(OrderMessage { order, action }) => {
                Self { order: Some(order), action: Some(action), ..envelope }
            }
            Content::Stock(stock) => Self {
                kind: Some(stock.kind),
                article: Some(stock.article),
                quantity: Some(stock.quantity),
                unit: stock.unit,
                lot: stock.lot,
                location: stock.location,
                to_location: stock.to_location,
                order: stock.order,
                ..envelope
            },
        }
    }
}
