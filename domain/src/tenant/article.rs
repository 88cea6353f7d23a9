//! Articles: what is made or stocked, in which unit, at what price, and how little of it is too little.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::{self, ArticleCode, UnitCode};
use crate::patch::{clearable, set};
use crate::wire::merge_patch;
use crate::{Quantity, Rejection};

const MAX_DESIGNATION_CHARS: usize = 255;
const MAX_CATEGORY_CHARS: usize = 100;
const MAX_METADATA_BYTES: usize = 16 * 1024;
/// The first price that decimal(12,2) cannot hold.
const PRICE_END_UNITS: i64 = 10_000_000_000;

/// What is made or stocked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Its code, unique in the tenant.
    pub code: ArticleCode,
    /// What it is called.
    pub designation: String,
    /// What it is counted in.
    pub unit: UnitCode,
    /// A grouping of the tenant's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Price of a unit, with two decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Quantity>,
    /// The stock of a site below which it needs to be ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Quantity>,
    /// Whether its stock may fall below zero.
    pub allow_negative: bool,
    /// An object of the tenant's own data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Value>,
    /// Counts changes, from 1.
    pub version: u64,
}

/// An article to be created.
#[derive(Clone, Debug, PartialEq)]
pub struct NewArticle {
    /// Its code.
    pub code: ArticleCode,
    /// What it is called, at most 255 characters.
    pub designation: String,
    /// What it is counted in.
    pub unit: UnitCode,
    /// A grouping, at most 100 characters.
    pub category: Option<String>,
    /// Price of a unit: 0 or more, at most two decimals.
    pub price: Option<Quantity>,
    /// 0 or more.
    pub minimum: Option<Quantity>,
    /// Whether its stock may fall below zero.
    pub allow_negative: bool,
    /// A JSON object of at most 16 KiB.
    pub metadata: Option<Value>,
}

/// A change of an article; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArticlePatch {
    /// Another designation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub designation: Option<String>,
    /// Another unit, only while the article has no movements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitCode>,
    /// Another category, or none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "clearable")]
    pub category: Option<Option<String>>,
    /// Another price, or none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "clearable")]
    pub price: Option<Option<Quantity>>,
    /// Another minimum, or none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "clearable")]
    pub minimum: Option<Option<Quantity>>,
    /// Whether stock may fall below zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_negative: Option<bool>,
    /// A merge patch of the metadata, or none at all.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "clearable")]
    pub metadata: Option<Option<Value>>,
}

impl NewArticle {
    pub(super) fn into_article(self) -> Result<Article, Rejection> {
        let article = Article {
            code: self.code,
            designation: self.designation,
            unit: self.unit,
            category: self.category,
            price: self.price,
            minimum: self.minimum,
            allow_negative: self.allow_negative,
            metadata: self.metadata,
            version: 1,
        };
        article.check()?;
        Ok(article)
    }
}

impl Article {
    fn check(&self) -> Result<(), Rejection> {
        ids::name("designation", &self.designation, MAX_DESIGNATION_CHARS)?;
        if let Some(category) = &self.category {
            ids::name("category", category, MAX_CATEGORY_CHARS)?;
        }
        if let Some(price) = self.price
            && (price.is_negative()
                || price >= Quantity::from_units(PRICE_END_UNITS)
                || price.thousandths() % 10 != 0)
        {
            return Err(Rejection::invalid("price", "must be 0 to 9999999999.99 with at most 2 decimals"));
        }
        if self.minimum.is_some_and(Quantity::is_negative) {
            return Err(Rejection::invalid("minimum", "must be 0 or more"));
        }
        match &self.metadata {
            Some(metadata) if !metadata.is_object() => {
                Err(Rejection::invalid("metadata", "must be an object"))
            }
            Some(metadata) if metadata.to_string().len() > MAX_METADATA_BYTES => {
                Err(Rejection::invalid("metadata", "must be at most 16384 bytes"))
            }
            _ => Ok(()),
        }
    }

    /// The article with the patch made, or nothing if that changes nothing.
    pub(super) fn patched(&self, patch: &ArticlePatch) -> Result<Option<Self>, Rejection> {
        let mut article = self.clone();
        set(&mut article.designation, patch.designation.as_ref());
        set(&mut article.unit, patch.unit.as_ref());
        set(&mut article.category, patch.category.as_ref());
        set(&mut article.price, patch.price.as_ref());
        set(&mut article.minimum, patch.minimum.as_ref());
        set(&mut article.allow_negative, patch.allow_negative.as_ref());
        match &patch.metadata {
            None => {}
            Some(None) => article.metadata = None,
            Some(Some(change)) => merge_patch::apply(article.metadata.get_or_insert(Value::Null), change),
        }
        if article == *self {
            return Ok(None);
        }
        article.check()?;
        article.version += 1;
        Ok(Some(article))
    }
}
