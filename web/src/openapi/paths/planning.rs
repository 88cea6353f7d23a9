//! Articles, orders and stock.

use crate::authorize::Action;
use crate::openapi::operation::{Operation, delete, get, patch, post};
use crate::openapi::schema::List;
use crate::openapi::schema::planning::{
    Article, ArticlePatch, Movement, Movements, NewArticle, NewMovement, NewMovements, NewOrder, Order,
    OrderPatch, StockLevel,
};
use crate::openapi::schema::words::{ArticleCode, FreeCode, MovementKind, OrderState, Slug};

const ARTICLES: &str = "/api/v1/articles";
const ARTICLE: &str = "/api/v1/articles/{code}";
const ORDERS: &str = "/api/v1/orders";
const ORDER: &str = "/api/v1/orders/{code}";
const MOVEMENTS: &str = "/api/v1/stock/movements";

pub(crate) fn operations() -> Vec<Operation> {
    let mut operations = articles();
    operations.extend(orders());
    operations.extend(stock());
    operations
}

fn articles() -> Vec<Operation> {
    vec![
        get(ARTICLES, "list_articles", "Articles; `search` looks at code and designation.")
            .words(&["search", "category"])
            .paged()
            .gives::<List<Article>>(200),
        post(ARTICLES, "create_article", "Adds an article.")
            .may(Action::ArticleWrite)
            .takes::<NewArticle>()
            .creates::<Article>(),
        get(ARTICLE, "get_article", "An article.").named::<ArticleCode>("code").object::<Article>(),
        patch(ARTICLE, "change_article", "Changes an article.")
            .named::<ArticleCode>("code")
            .may(Action::ArticleWrite)
            .guarded()
            .takes::<ArticlePatch>()
            .object::<Article>(),
        delete(ARTICLE, "remove_article", "Removes an article without movements.")
            .named::<ArticleCode>("code")
            .may(Action::ArticleWrite)
            .guarded()
            .gives_nothing(204),
    ]
}

fn orders() -> Vec<Operation> {
    vec![
        get(ORDERS, "list_orders", "Orders by code.")
            .filters::<Slug>(&["site", "line"])
            .filters::<OrderState>(&["state"])
            .filters::<ArticleCode>(&["article"])
            .paged()
            .gives::<List<Order>>(200),
        post(ORDERS, "create_order", "Plans an order.")
            .may(Action::OrderPlan)
            .takes::<NewOrder>()
            .creates::<Order>(),
        get(ORDER, "get_order", "An order.").named::<FreeCode>("code").object::<Order>(),
        patch(ORDER, "change_order", "Changes an order that is not closed.")
            .named::<FreeCode>("code")
            .may(Action::OrderPlan)
            .guarded()
            .takes::<OrderPatch>()
            .object::<Order>(),
        post("/api/v1/orders/{code}/{action}", "step_order", "Takes an order to its next state.")
            .about("`release` and `cancel` are for who plans orders: planner, supervisor, admin.")
            .named::<FreeCode>("code")
            .may(Action::OrderExecute)
            .guarded()
            .object::<Order>(),
    ]
}

fn stock() -> Vec<Operation> {
    vec![
        get("/api/v1/stock/levels", "stock_levels", "What is in stock where.")
            .filters::<Slug>(&["site"])
            .filters::<ArticleCode>(&["article"])
            .filters::<FreeCode>(&["lot", "location"])
            .flag("below_minimum")
            .paged()
            .gives::<List<StockLevel>>(200),
        get(MOVEMENTS, "list_movements", "Movements, newest recorded first.")
            .filters::<Slug>(&["site"])
            .filters::<ArticleCode>(&["article"])
            .filters::<FreeCode>(&["lot", "location", "order"])
            .filters::<MovementKind>(&["kind"])
            .paged()
            .gives::<List<Movement>>(200),
        post(MOVEMENTS, "book_movement", "Books a movement.")
            .may(Action::StockWrite)
            .takes::<NewMovement>()
            .creates::<Movement>(),
        post(
            "/api/v1/stock/movements:batch",
            "book_movements",
            "Books 1 to 1,000 movements of a site, or none.",
        )
        .about("A refusal names `movements[i].field`.")
        .may(Action::StockWrite)
        .takes::<NewMovements>()
        .gives::<Movements>(201),
    ]
}
