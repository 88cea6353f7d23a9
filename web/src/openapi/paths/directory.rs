//! Sites, lines and machines.

use crate::authorize::Action;
use crate::openapi::operation::{Operation, delete, get, patch, post, put};
use crate::openapi::schema::List;
use crate::openapi::schema::calendar::{Calendar, NewCalendar, Shift};
use crate::openapi::schema::directory::{
    Line, LinePatch, Machine, MachinePatch, NewLine, NewMachine, NewSite, Site, SitePatch,
};
use crate::openapi::schema::words::Slug;

const SITES: &str = "/api/v1/sites";
const SITE: &str = "/api/v1/sites/{site}";
const CALENDAR: &str = "/api/v1/sites/{site}/calendar";
const LINES: &str = "/api/v1/sites/{site}/lines";
const LINE: &str = "/api/v1/sites/{site}/lines/{line}";
const MACHINES: &str = "/api/v1/sites/{site}/lines/{line}/machines";
const MACHINE: &str = "/api/v1/sites/{site}/lines/{line}/machines/{machine}";

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        get(SITES, "list_sites", "The sites that the caller sees.").paged().gives::<List<Site>>(200),
        post(SITES, "create_site", "Adds a site.")
            .may(Action::SiteWrite)
            .takes::<NewSite>()
            .creates::<Site>(),
        get(SITE, "get_site", "A site.").object::<Site>(),
        patch(SITE, "change_site", "Changes a site.")
            .may(Action::SiteWrite)
            .guarded()
            .takes::<SitePatch>()
            .object::<Site>(),
        delete(SITE, "remove_site", "Removes a site without lines.")
            .may(Action::SiteWrite)
            .guarded()
            .gives_nothing(204),
        get(CALENDAR, "get_calendar", "When a site works; every shift of every day until it has said so.")
            .object::<Calendar>(),
        put(CALENDAR, "set_calendar", "Says when a site works.")
            .may(Action::CalendarWrite)
            .guarded()
            .takes::<NewCalendar>()
            .object::<Calendar>(),
        get("/api/v1/sites/{site}/shifts", "list_shifts", "The shifts of a span, in instants.")
            .about("A week from now without `from` and `to`; at most 62 days. `line`: with its own planned stops.")
            .filters::<Slug>(&["line"])
            .span()
            .gives::<List<Shift>>(200),
        get(LINES, "list_lines", "The lines of a site.").paged().gives::<List<Line>>(200),
        post(LINES, "create_line", "Adds a line.")
            .may(Action::LineWrite)
            .takes::<NewLine>()
            .creates::<Line>(),
        get(LINE, "get_line", "A line.").object::<Line>(),
        patch(LINE, "change_line", "Changes a line.")
            .may(Action::LineWrite)
            .guarded()
            .takes::<LinePatch>()
            .object::<Line>(),
        delete(LINE, "remove_line", "Removes a line without open orders.")
            .may(Action::LineWrite)
            .guarded()
            .gives_nothing(204),
        get(MACHINES, "list_machines", "The machines of a line.").paged().gives::<List<Machine>>(200),
        post(MACHINES, "create_machine", "Adds a machine; one machine of a line is its output.")
            .may(Action::LineWrite)
            .takes::<NewMachine>()
            .creates::<Machine>(),
        get(MACHINE, "get_machine", "A machine.").object::<Machine>(),
        patch(MACHINE, "change_machine", "Changes a machine.")
            .may(Action::LineWrite)
            .guarded()
            .takes::<MachinePatch>()
            .object::<Machine>(),
        delete(MACHINE, "remove_machine", "Removes a machine.")
            .may(Action::LineWrite)
            .guarded()
            .gives_nothing(204),
    ]
}
