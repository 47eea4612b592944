//! Tickets from a file: what goes in comes out again, and a bad line is named.

use std::fs;
use std::path::{Path, PathBuf};

use doorlist::domain::TenantId;
use doorlist::server::{Database, ImportPlan, Imported, Scope, ServiceSettings, StartError, start};
use rstest::rstest;
use serde_json::{Value, json};

use super::support::{World, id};

/// A file of these lines.
fn file(folder: &Path, lines: &[String]) -> PathBuf {
    let file = folder.join("tickets.jsonl");
    fs::write(&file, lines.join("\n")).unwrap();
    file
}

fn plan(file: PathBuf) -> ImportPlan {
    ImportPlan { file, tenant: tenant() }
}

fn tenant() -> TenantId {
    TenantId::from_service(format!("tnt_{}", "4".repeat(26)))
}

fn lines(tickets: &[Value]) -> Vec<String> {
    tickets.iter().map(Value::to_string).collect()
}

/// A service that the file was read into, asked in the name of the file's tenant.
async fn world_of(settings: ServiceSettings, like: &World) -> (World, Option<Imported>) {
    let key = settings.signing_key.clone();
    let service = start(settings).await.unwrap();
    let imported = service.imported();
    let mut demo = like.demo.clone();
    demo.tenant_id = tenant();
    demo.tokens.full = super::support::token(&key, &tenant(), &[Scope::Full], 60);
    (World { service, demo, http: reqwest::Client::new(), key }, imported)
}

#[tokio::test]
async fn what_was_exported_comes_back_to_the_letter() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new().await;
    let scan = json!({"kind": "CHECK_IN", "deviceId": "north"});
    world.post("ticket.scan", &format!("/tickets/{}/scan", id(&world.ticket("ACTIVE").await)), scan).await;
    let tickets = world.all_tickets("").await;
    let file = file(folder.path(), &lines(&tickets));
    let settings = ServiceSettings { import: Some(plan(file)), ..ServiceSettings::temporary() };
    let (copy, imported) = world_of(settings, &world).await;
    assert_eq!(imported, Some(Imported { tickets: tickets.len(), known: 0 }));
    assert_eq!(copy.all_tickets("").await, tickets);
    // What was made up is sound, too, and adds up.
    let event = copy.demo.event_id.as_str();
    let told = copy.get("event.get", &format!("/events/{event}")).await["event"].clone();
    let valid = tickets.iter().filter(|ticket| ticket["status"] != "CANCELLED").count();
    let sold: i64 = told["admissions"].as_array().unwrap().iter().map(|tier| tier["sold"].as_i64().unwrap()).sum();
    assert_eq!(usize::try_from(sold).unwrap(), valid);
    assert!(told["admissions"].as_array().unwrap().iter().all(|tier| tier["available"] == -1));
    copy.get("event.list", "/events").await;
    copy.get("section.list", &format!("/events/{event}/sections")).await;
    let order = copy.get("order.get", &format!("/orders/{}", copy.demo.order_id.as_str())).await["order"].clone();
    let own = tickets.iter().filter(|ticket| ticket["orderId"] == order["id"]);
    assert_eq!(order["items"][0]["quantity"], own.clone().count());
    assert_eq!(order["items"][0]["id"], own.clone().next().unwrap()["orderItemId"]);
    let before = world.get("order.get", &format!("/orders/{}", world.demo.order_id.as_str())).await["order"].clone();
    assert_eq!(order["price"], before["price"]);
    assert_eq!(order["customerId"], before["customerId"]);
    let attendance = copy.get("event.performance.attendance", &format!("/events/{event}/performance/attendance")).await;
    let inside = tickets.iter().filter(|ticket| ticket["status"] == "REDEEMED").count();
    assert_eq!(attendance["checkedIn"], inside);
    // And its tickets work at the door.
    let active = copy.ticket("ACTIVE").await;
    let admitted = copy.put("ticket.checkInByKey", &format!("/tickets/{}/check-in", id(&active)), json!({})).await;
    assert_eq!(admitted.status, 200, "{}", admitted.body);
}

#[tokio::test]
async fn a_ticket_that_is_known_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new().await;
    let tickets = world.all_tickets("&status=ACTIVE").await;
    let file = file(folder.path(), &lines(&tickets[..5]));
    let database = Database::File(folder.path().join("tickets.db"));
    let settings = ServiceSettings { import: Some(plan(file.clone())), database, ..ServiceSettings::temporary() };
    let (copy, _) = world_of(settings.clone(), &world).await;
    let path = format!("/tickets/{}", id(&tickets[0]));
    let admitted = copy.put("ticket.checkInByKey", &format!("{path}/check-in"), json!({})).await.body;
    copy.service.shutdown().await;
    // The same line of the command again, after two more were sold.
    fs::write(&file, lines(&tickets[..7]).join("\n")).unwrap();
    let (copy, imported) = world_of(settings, &world).await;
    assert_eq!(imported, Some(Imported { tickets: 2, known: 5 }));
    assert_eq!(copy.get("ticket.get", &path).await["ticket"], admitted["tickets"][0]);
    let order = tickets[6]["orderId"].as_str().unwrap();
    let own = tickets[..7].iter().filter(|ticket| ticket["orderId"] == order).count();
    let order = copy.get("order.get", &format!("/orders/{order}")).await;
    assert_eq!(order["order"]["items"][0]["quantity"], own);
}

#[tokio::test]
async fn a_sparse_ticket_gets_what_it_lacks_the_same_every_time() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new().await;
    let body = "3".repeat(26);
    let mut sparse = json!({
        "id": format!("tkt_{body}"), "status": "ACTIVE", "orderId": format!("ord_{body}"),
        "eventId": world.demo.event_id.as_str(), "admissionId": format!("adm_{body}"),
        "attendee": {"firstName": "Ada", "lastName": ".", "email": "ada@example.com"},
    });
    sparse["event"] = json!({"location": {"state": "VIC", "types": ["venue"], "description": "By the quay"}});
    let lines = [String::new(), sparse.to_string(), "  ".to_owned()];
    let settings = ServiceSettings { import: Some(plan(file(folder.path(), &lines))), ..ServiceSettings::temporary() };
    let (copy, imported) = world_of(settings, &world).await;
    assert_eq!(imported, Some(Imported { tickets: 1, known: 0 }));
    let ticket = copy.get("ticket.get", &format!("/tickets/tkt_{body}")).await["ticket"].clone();
    assert_eq!(ticket["customerId"], format!("cus_{body}"));
    assert_eq!(ticket["teamId"].as_str().unwrap()[4..], world.demo.event_id.as_str()[4..]);
    assert_eq!(ticket.get("section"), None);
    let place = &ticket["event"]["location"];
    assert_eq!(
        (&place["timeZone"], &place["state"], &place["types"]),
        (&json!("UTC"), &json!("VIC"), &json!(["venue"]))
    );
    assert_eq!((&place["description"], place.get("postcode")), (&json!("By the quay"), None));
    // What was made up fits the contract everywhere that it is told.
    let event = world.demo.event_id.as_str();
    let order = copy.get("order.get", &format!("/orders/ord_{body}")).await["order"].clone();
    assert_eq!((&order["price"]["currency"], &order["items"][0]["quantity"]), (&json!("USD"), &json!(1)));
    copy.get("event.get", &format!("/events/{event}")).await;
    copy.get("event.list", "/events").await;
    copy.get("admission.list", &format!("/events/{event}/admissions")).await;
}

/// A field of the third line that the contract could not tell, and the name by which it is refused.
#[rstest]
#[case::place("/event/location/id", json!("loc_1"), "event.location.id: ")]
#[case::zone("/event/location/timeZone", json!("No where!"), "event.location.timeZone: ")]
#[case::north("/event/location/latitude", json!(999), "event.location.latitude: ")]
#[case::east("/event/location/longitude", json!(-180.5), "event.location.longitude: ")]
#[case::doors("/event/entryStartsAt", json!("2026-05-01T18:00:00.5"), "event.entryStartsAt: ")]
#[case::picture("/event/images/mobile/src", json!("no address"), "event.images.mobile.src: ")]
#[case::gift("/admission/price/base", json!(-5), "admission.price.base: ")]
#[case::fee("/admission/price/booking", json!(-1), "admission.price.booking: ")]
#[case::currency("/admission/price/currency", json!("XXX"), "admission.price.currency: ")]
#[case::section("/section", json!({"id": format!("sct_{}", "1".repeat(26)), "location": {"timeZone": "?"}}), "section.location.timeZone: ")]
#[case::before_christ("/updatedAt", json!("-000001-01-01T00:00:00Z"), "updatedAt: lies before 1970")]
#[case::far_future("/updatedAt", json!("9999-01-01T00:00:00Z"), "updatedAt: lies in the future")]
#[case::born_tomorrow("/createdAt", json!("9999-01-01T00:00:00Z"), "createdAt: lies in the future")]
#[case::scanner("/scans/0/scannedBy/email", json!(""), "scans.scannedBy.email: ")]
#[case::scanned("/scans/0/scannedAt", json!("9999-01-01T00:00:00Z"), "scans.scannedAt: lies in the future")]
#[case::customer("/customerId", json!(format!("cus_{}", "0".repeat(26))), "customerId: ord_")]
#[tokio::test]
async fn a_field_that_the_contract_could_not_tell_is_named(
    #[case] pointer: &str,
    #[case] value: Value,
    #[case] expected: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new().await;
    let mut tickets = world.all_tickets("&status=REDEEMED").await;
    tickets.truncate(2);
    // Of the second's order, so that there is something to contradict.
    tickets.push(tickets[1].clone());
    tickets[2]["id"] = json!(format!("tkt_{}", "0".repeat(26)));
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    tickets[2].pointer_mut(parent).unwrap()[name] = value;
    let import = Some(plan(file(folder.path(), &lines(&tickets))));
    let Err(refused) = start(ServiceSettings { import, ..ServiceSettings::temporary() }).await else { panic!("in") };
    assert!(refused.to_string().contains(&format!("line 3: {expected}")), "{refused}");
}

#[tokio::test]
async fn scans_come_in_oldest_first_and_an_empty_phone_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new().await;
    let ticket = world.order(1).await.swap_remove(0);
    let path = format!("/tickets/{}", id(&ticket));
    for kind in ["CHECK_IN", "CHECK_OUT", "CHECK_IN"] {
        let scanned = world.post("ticket.scan", &format!("{path}/scan"), json!({"kind": kind})).await;
        assert_eq!(scanned.status, 200);
    }
    let before = world.get("ticket.get", &path).await["ticket"].clone();
    let mut line = before.clone();
    line["scans"].as_array_mut().unwrap().reverse();
    line["attendee"]["phone"] = json!("");
    let import = Some(plan(file(folder.path(), &lines(&[line]))));
    let (copy, _) = world_of(ServiceSettings { import, ..ServiceSettings::temporary() }, &world).await;
    assert_eq!(copy.get("ticket.get", &path).await["ticket"], before);
}

/// What is wrong with the third line, and what is said of it.
#[rstest]
#[case::no_json("{\"id\": ", "line 3: EOF while parsing")]
#[case::no_ticket("{\"event\": {}}", "line 3: missing field `id`")]
#[case::wrong_id(r#"{"id": "tkt_1"}"#, "line 3: id: expected 26 of 0-9 and a-z after `tkt_`")]
#[case::wrong_kind(
    r#"{"orderId": "evt_00000000000000000000000000"}"#,
    "line 3: orderId: expected an id that starts with `ord_`"
)]
#[case::no_name(
    r#"{"attendee": {"firstName": "", "lastName": "Ng", "email": "a@example.com"}}"#,
    "line 3: attendee.firstName"
)]
#[case::no_email(r#"{"attendee": {"firstName": "A", "lastName": "Ng", "email": "a@b"}}"#, "line 3: attendee.email")]
#[case::control("\u{1b}[2J", "line 3: expected value")]
#[tokio::test]
async fn a_bad_line_is_named_and_nothing_goes_in(#[case] line: &str, #[case] expected: &str) {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new().await;
    let tickets = world.all_tickets("").await;
    let mut lines = lines(&tickets[..4]);
    // A whole ticket with these fields in place of its own, or the line as it stands.
    lines[2] = match serde_json::from_str::<Value>(line) {
        Ok(fields) if fields.get("event").is_none() => {
            let mut ticket = tickets[2].clone();
            ticket.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            ticket.to_string()
        }
        _ => line.to_owned(),
    };
    let database = Database::File(folder.path().join("tickets.db"));
    let import = Some(plan(file(folder.path(), &lines)));
    let settings = ServiceSettings { import, database, ..ServiceSettings::temporary() };
    let Err(refused @ StartError::Import { .. }) = start(settings.clone()).await else { panic!("it went in") };
    let words = refused.to_string();
    assert!(words.contains("tickets.jsonl: 1 line is no ticket, so nothing was imported:"), "{words}");
    assert!(words.contains(expected) && !words.contains('\u{1b}'), "{words}");
    let (empty, _) = world_of(ServiceSettings { import: None, ..settings }, &world).await;
    assert_eq!(empty.get("event.list", "/events").await["events"], json!([]));
}

#[tokio::test]
async fn an_order_has_tickets_of_one_event_only_and_many_bad_lines_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new().await;
    let mut tickets = world.all_tickets("").await;
    tickets.truncate(31);
    let order = tickets[0]["orderId"].clone();
    for ticket in &mut tickets[1..] {
        ticket["orderId"] = order.clone();
        ticket["eventId"] = json!(format!("evt_{}", "0".repeat(26)));
    }
    let import = Some(plan(file(folder.path(), &lines(&tickets))));
    let Err(refused) = start(ServiceSettings { import, ..ServiceSettings::temporary() }).await else { panic!("in") };
    let words = refused.to_string();
    assert!(words.contains("30 lines are no tickets"), "{words}");
    assert!(
        words.contains("line 2: orderId") && words.contains("line 21: ") && !words.contains("line 22: "),
        "{words}"
    );
    assert!(words.ends_with("and 10 more"), "{words}");
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named() {
    let import = Some(plan(PathBuf::from("no-such-file.jsonl")));
    let Err(refused) = start(ServiceSettings { import, ..ServiceSettings::temporary() }).await else { panic!("in") };
    assert!(refused.to_string().starts_with("no-such-file.jsonl: "), "{refused}");
}
