//! The table of routes: one module a resource.

mod alerts;
mod articles;
mod audit;
mod auth;
mod calendar;
mod dead_letters;
mod devices;
mod directory;
mod documents;
mod history;
mod ingest;
mod kpi;
mod line_events;
mod lines;
mod orders;
mod quarantine;
mod reply;
mod rules;
mod samples;
mod service;
mod stock;
mod stops;
mod table;
mod timeline;
mod users;

use crate::live;
pub(crate) use ingest::IngestTimeout;

use actix_web::web::{PayloadConfig, ServiceConfig};
use table::{self as web, Listed, Routes, delete, get, patch, post, put};

/// Everything under `/api/v1`, and a list of it.
pub(crate) fn api(config: &mut ServiceConfig, ingest_body_bytes: usize) -> Vec<Listed> {
    let mut routes = Routes::of(config);
    routes
        .configure(session_routes)
        .configure(directory_routes)
        .configure(planning_routes)
        .configure(operation_routes)
        .service(web::resource("/live").route(get().to(live::open)))
        .service(
            web::resource("/ingest")
                .app_data(PayloadConfig::new(ingest_body_bytes))
                .route(post().to(ingest::ingest)),
        )
        .service(web::resource("/openapi.json").route(get().to(documents::openapi)));
    routes.into_list()
}

/// Health and figures, at the root, and a list of them; the pages of the documentation are not on it.
pub(crate) fn service(config: &mut ServiceConfig) -> Vec<Listed> {
    config
        .route("/docs", actix_web::web::get().to(documents::to_docs))
        .route("/docs/{file:.*}", actix_web::web::get().to(documents::docs));
    let mut routes = Routes::of(config);
    routes
        .service(web::resource("/health/live").route(get().to(service::live)))
        .service(web::resource("/health/ready").route(get().to(service::ready)))
        .service(web::resource("/metrics").route(get().to(service::metrics)));
    routes.into_list()
}

fn session_routes(config: &mut Routes<'_>) {
    config
        .service(web::resource("/auth/login").route(post().to(auth::login)))
        .service(web::resource("/auth/refresh").route(post().to(auth::refresh)))
        .service(web::resource("/auth/logout").route(post().to(auth::logout)))
        .service(web::resource("/auth/me").route(get().to(auth::me)))
        .service(web::resource("/auth/sessions").route(get().to(auth::sessions)))
        .service(web::resource("/auth/sessions/{id}").route(delete().to(auth::end_session)))
        .service(web::resource("/users").route(get().to(users::list)).route(post().to(users::create)))
        .service(web::resource("/audit").route(get().to(audit::list)))
        .service(web::resource("/devices").route(get().to(devices::list)).route(post().to(devices::create)))
        .service(web::resource("/devices/{username}/rotate").route(post().to(devices::rotate)))
        .service(web::resource("/devices/{username}").route(delete().to(devices::revoke)));
}

fn directory_routes(config: &mut Routes<'_>) {
    config
        .service(
            web::resource("/sites").route(get().to(directory::sites)).route(post().to(directory::add_site)),
        )
        .service(
            web::resource("/sites/{site}")
                .route(get().to(directory::site))
                .route(patch().to(directory::patch_site))
                .route(delete().to(directory::remove_site)),
        )
        .service(
            web::resource("/sites/{site}/calendar")
                .route(get().to(calendar::get))
                .route(put().to(calendar::put)),
        )
        .service(web::resource("/sites/{site}/shifts").route(get().to(calendar::shifts)))
        .service(
            web::resource("/sites/{site}/lines")
                .route(get().to(directory::lines))
                .route(post().to(directory::add_line)),
        )
        .service(
            web::resource("/sites/{site}/lines/{line}")
                .route(get().to(directory::line))
                .route(patch().to(directory::patch_line))
                .route(delete().to(directory::remove_line)),
        )
        .service(
            web::resource("/sites/{site}/lines/{line}/machines")
                .route(get().to(directory::machines))
                .route(post().to(directory::add_machine)),
        )
        .service(
            web::resource("/sites/{site}/lines/{line}/machines/{machine}")
                .route(get().to(directory::machine))
                .route(patch().to(directory::patch_machine))
                .route(delete().to(directory::remove_machine)),
        )
        .service(web::resource("/sites/{site}/lines/{line}/state").route(get().to(lines::state)))
        .service(web::resource("/sites/{site}/lines/{line}/stops").route(get().to(stops::list)))
        .service(
            web::resource("/sites/{site}/lines/{line}/stops/{id}")
                .route(get().to(stops::get))
                .route(patch().to(stops::change)),
        )
        .service(web::resource("/sites/{site}/lines/{line}/events").route(get().to(line_events::list)))
        .service(web::resource("/sites/{site}/lines/{line}/samples").route(get().to(samples::samples)))
        .service(web::resource("/sites/{site}/lines/{line}/timeline").route(get().to(timeline::timeline)))
        .service(web::resource("/kpi/oee").route(get().to(kpi::oee)))
        .service(web::resource("/kpi/losses").route(get().to(kpi::losses)));
}

fn planning_routes(config: &mut Routes<'_>) {
    config
        .service(
            web::resource("/articles").route(get().to(articles::list)).route(post().to(articles::create)),
        )
        .service(
            web::resource("/articles/{code}")
                .route(get().to(articles::get))
                .route(patch().to(articles::change))
                .route(delete().to(articles::remove)),
        )
        .service(web::resource("/orders").route(get().to(orders::list)).route(post().to(orders::create)))
        .service(
            web::resource("/orders/{code}").route(get().to(orders::get)).route(patch().to(orders::change)),
        )
        .service(
            web::resource("/orders/{code}/{action:release|start|pause|resume|complete|cancel}")
                .route(post().to(orders::step)),
        )
        .service(web::resource("/stock/levels").route(get().to(stock::levels)))
        .service(
            web::resource("/stock/movements")
                .route(get().to(stock::movements))
                .route(post().to(stock::move_one)),
        )
        .service(web::resource("/stock/movements:batch").route(post().to(stock::move_all)));
}

fn operation_routes(config: &mut Routes<'_>) {
    config
        .service(web::resource("/alert-rules").route(get().to(rules::list)).route(post().to(rules::create)))
        .service(
            web::resource("/alert-rules/{code}")
                .route(get().to(rules::get))
                .route(delete().to(rules::remove)),
        )
        .service(web::resource("/alerts").route(get().to(alerts::list)))
        .service(web::resource("/alerts/{id}").route(get().to(alerts::get)))
        .service(web::resource("/alerts/{id}/ack").route(post().to(alerts::ack)))
        .service(web::resource("/dead-letters").route(get().to(dead_letters::list)))
        .service(
            web::resource("/dead-letters/{id}")
                .route(get().to(dead_letters::get))
                .route(delete().to(dead_letters::discard)),
        )
        .service(web::resource("/dead-letters/{id}/retry").route(post().to(dead_letters::retry)))
        .service(web::resource("/dead-letters/{id}/discard").route(post().to(dead_letters::discard)))
        .service(web::resource("/quarantine").route(get().to(quarantine::list)))
        .service(web::resource("/quarantine/{site}/{line}/release").route(post().to(quarantine::release)));
}
