//! Every operation once, with success.

use doorlist::server::{Scope, TokenClaims, mint_token};
use reqwest::Method;
use serde_json::{Value, json};

use super::support::{TICKETS, World, claims, id};

#[tokio::test]
async fn the_generated_event_is_all_there() {
    let world = World::new().await;
    let tickets = world.all_tickets("").await;
    assert_eq!(tickets.len(), TICKETS);
    let statuses = ["ACTIVE", "REDEEMED", "CANCELLED"];
    for status in statuses {
        let some = world.all_tickets(&format!("&status={status}")).await;
        assert!(!some.is_empty() && some.iter().all(|ticket| ticket["status"] == status));
    }
    let event = world.get("event.get", &format!("/events/{}", world.demo.event_id.as_str())).await["event"].clone();
    let sold: i64 = event["admissions"].as_array().unwrap().iter().map(|tier| tier["sold"].as_i64().unwrap()).sum();
    let valid = tickets.iter().filter(|ticket| ticket["status"] != "CANCELLED").count();
    assert_eq!(usize::try_from(sold).unwrap(), valid);
    world.service.shutdown().await;
}

#[tokio::test]
async fn the_same_seed_gives_the_same_evening() {
    let now = jiff::Timestamp::from_second(1_790_000_000).unwrap();
    let settings = || doorlist::server::ServiceSettings {
        clock: doorlist::server::Clock::from_fn(move || now),
        ..doorlist::server::ServiceSettings::temporary()
    };
    let (a, b) = (World::with(settings()).await, World::with(settings()).await);
    // The clock stands in the past, where the tokens have expired: the public signature opens the order.
    let order = |world: &World| {
        let (order, signature) = (world.demo.order_id.as_str(), &world.demo.order_signature);
        world.anonymous(Method::GET, &format!("/tickets?orderId={order}&orderSignature={signature}"))
    };
    let (first, second) = (a.send("ticket.list", order(&a)).await, b.send("ticket.list", order(&b)).await);
    assert_eq!(first["tickets"], second["tickets"]);
    assert!(first["tickets"].as_array().unwrap().len() > 1);
}

#[tokio::test]
async fn events_and_their_parts_are_public() {
    let world = World::new().await;
    let public = |path: String| world.anonymous(Method::GET, &path);
    let events = world.send("event.list", public("/events".to_owned())).await;
    assert_eq!(events["events"].as_array().unwrap().len(), 2);
    let event = world.demo.event_id.as_str();
    let admissions = world.send("admission.list", public(format!("/events/{event}/admissions?limit=2"))).await;
    let next = admissions["after"].as_str().unwrap();
    let rest = format!("/events/{event}/admissions?cursor={next}");
    assert_eq!(world.send("admission.list", public(rest)).await["admissions"].as_array().unwrap().len(), 4);
    let admission = id(&admissions["admissions"][0]);
    world.send("admission.get", public(format!("/events/{event}/admissions/{admission}"))).await;
    let sections = world.send("section.list", public(format!("/events/{event}/sections"))).await;
    let section = id(&sections["sections"][0]);
    world.send("section.get", public(format!("/events/{event}/sections/{section}"))).await;
}

#[tokio::test]
async fn a_token_tells_who_it_is() {
    let world = World::new().await;
    let me = world.get("user.me", "/users/me").await;
    assert_eq!(me["isAdmin"], true);
    assert_eq!(me["user"]["firstName"], "Robin");
    assert_eq!(me["members"][0]["permissions"], json!(["*"]));
}

#[tokio::test]
async fn a_token_tells_what_it_permits_in_each_team() {
    let world = World::new().await;
    let tenant = &world.demo.tenant_id;
    let me = async |scopes: &[Scope]| {
        let request = world.anonymous(Method::GET, "/users/me").bearer_auth(world.token(tenant, scopes, 60));
        world.send("user.me", request).await
    };
    let event = world.get("event.get", &format!("/events/{}", world.demo.event_id.as_str())).await["event"].clone();
    let scanning = me(&[Scope::Scanning]).await;
    let members = scanning["members"].as_array().unwrap();
    assert_eq!(members.len(), 1, "the generated events are of one team");
    assert_eq!((&members[0]["teamId"], &members[0]["tenantId"]), (&event["teamId"], &json!(tenant.as_str())));
    assert_eq!((&members[0]["userId"], &scanning["isAdmin"]), (&scanning["user"]["id"], &json!(false)));
    assert_eq!(members[0]["permissions"], json!(["performance.read", "ticket.read", "ticket.scan"]));
    let both = me(&[Scope::Order, Scope::Scanning]).await["members"][0].clone();
    assert_eq!(both["id"], members[0]["id"], "the same user in the same team");
    let nodes = ["order.*", "performance.read", "ticket.create", "ticket.read", "ticket.scan", "ticket.update"];
    assert_eq!(both["permissions"], json!(nodes));
    for scope in Scope::ALL {
        assert_ne!(me(&[scope]).await["members"][0]["permissions"], json!([]), "{scope:?}");
    }
    assert_eq!(me(&[]).await["members"][0]["permissions"], json!([]));
}

#[tokio::test]
async fn a_scan_keeps_the_name_that_its_user_had_then() {
    let world = World::new().await;
    let ticket = world.order(1).await.remove(0);
    let path = format!("/tickets/{}", id(&ticket));
    let scan = async |first_name: &str, kind: &str| {
        let claims =
            TokenClaims { first_name: first_name.to_owned(), ..claims(&world.demo.tenant_id, &[Scope::Full], 60) };
        let request = world.anonymous(Method::POST, &format!("{path}/scan")).json(&json!({"kind": kind}));
        world.send("ticket.scan", request.bearer_auth(mint_token(&world.key, &claims).unwrap())).await
    };
    scan("Kim", "CHECK_IN").await;
    scan("Kimberley", "CHECK_OUT").await;
    let last = scan("Kim", "CHECK_IN").await;
    let names = |scan: &Value| (scan["scannedById"].clone(), scan["scannedBy"]["firstName"].clone());
    let told: Vec<_> = last["ticket"]["scans"].as_array().unwrap().iter().map(names).collect();
    let user = &told[0].0;
    assert_eq!(told, ["Kim", "Kimberley", "Kim"].map(|name| (user.clone(), json!(name))));
    // One person, whatever they are called.
    let path = format!("/events/{}/performance/scanners", world.demo.event_id.as_str());
    let scanners = world.get("event.performance.scanners", &path).await;
    let own: Vec<_> = scanners["scanners"].as_array().unwrap().iter().filter(|one| one["userId"] == *user).collect();
    assert_eq!(own.len(), 1);
    assert_eq!((&own[0]["name"], &own[0]["checkIns"]), (&json!("Kim Okafor"), &json!(2)));
}

#[tokio::test]
async fn a_guest_goes_in_and_out_by_either_form() {
    let world = World::new().await;
    let ticket = world.ticket("ACTIVE").await;
    let path = format!("/tickets/{}", id(&ticket));
    let scans = ticket["scans"].as_array().unwrap().len();
    let device = json!({"kind": "CHECK_IN", "deviceId": "north"});
    let scanned = world.post("ticket.scan", &format!("{path}/scan"), device).await.body;
    assert_eq!(scanned["ticket"]["status"], "REDEEMED");
    assert_eq!(scanned["ticket"]["scans"][scans]["deviceId"], "north");
    assert_eq!(scanned["ticket"]["scans"][scans]["scannedBy"]["firstName"], "Robin");
    let out = world.put("ticket.checkOutByKey", &format!("{path}/check-out"), json!({})).await.body;
    assert_eq!((&out["targetType"], &out["tickets"][0]["status"]), (&json!("ticket"), &json!("ACTIVE")));
    let read = world.get("ticket.get", &path).await;
    assert_eq!(read["ticket"], out["tickets"][0]);
    assert_eq!(read["ticket"]["scans"].as_array().unwrap().len(), scans + 2);
    assert!(read["ticket"]["updatedAt"].as_str() > ticket["updatedAt"].as_str());
}

#[tokio::test]
async fn the_roster_pages_both_ways_and_its_index_leads_into_it() {
    let world = World::new().await;
    let event = world.demo.event_id.as_str();
    let base = format!("/tickets/attendees?eventId={event}&limit=50");
    let first = world.get("ticket.attendees.list", &base).await;
    let next = first["after"].as_str().unwrap();
    let second = world.get("ticket.attendees.list", &format!("{base}&cursor={next}")).await;
    let back = second["before"].as_str().unwrap();
    let again = world.get("ticket.attendees.list", &format!("{base}&before={back}")).await;
    assert_eq!(again["tickets"], first["tickets"]);
    let index = world.get("ticket.attendees.index", &format!("/tickets/attendees/index?eventId={event}")).await;
    let buckets = index["buckets"].as_array().unwrap();
    let counted: u64 = buckets.iter().map(|bucket| bucket["count"].as_u64().unwrap()).sum();
    assert_eq!(usize::try_from(counted).unwrap(), TICKETS);
    for bucket in buckets.iter().filter(|bucket| bucket["key"] != "#") {
        let anchor = bucket["anchor"].as_str().unwrap();
        let page = world.get("ticket.attendees.list", &format!("{base}&anchor={anchor}")).await;
        let name = page["tickets"][0]["attendee"]["firstName"].as_str().unwrap();
        let plain = |text: &str| !text.is_ascii() || text.to_uppercase().starts_with(bucket["key"].as_str().unwrap());
        assert!(plain(name), "{name} in {}", bucket["key"]);
    }
    let inside = first["tickets"].as_array().unwrap().iter().find(|row| row["status"] == "REDEEMED").unwrap();
    assert_eq!(inside["lastScan"]["kind"], "CHECK_IN");
    assert_eq!(inside["lastScan"]["scannedAt"], inside["lastCheckInAt"]);
}

/// Every bucket is one run of the roster, whatever the scripts in it: from its anchor on, as many rows as it counts.
#[tokio::test]
async fn a_bucket_of_the_roster_is_walked_by_its_anchor_and_its_count() {
    let world = World::new().await;
    let event = world.demo.event_id.as_str();
    let others = ["山田", "Ωmega", "Жанна", "नमिता", "7even", "#1", "(Ann)", "~", "علي", "김", "ʻAkea"];
    for (ticket, name) in world.all_tickets("").await.iter().step_by(7).zip(others.iter().cycle()) {
        let patch = json!({"attendee": {"firstName": name}});
        assert_eq!(world.put("ticket.update", &format!("/tickets/{}", id(ticket)), patch).await.status, 200);
    }
    let index = world.get("ticket.attendees.index", &format!("/tickets/attendees/index?eventId={event}")).await;
    let mut walked = std::collections::BTreeSet::new();
    for bucket in index["buckets"].as_array().unwrap() {
        let key = bucket["key"].as_str().unwrap();
        let count = usize::try_from(bucket["count"].as_u64().unwrap()).unwrap();
        let anchor = bucket["anchor"].as_str().unwrap();
        let path = format!("/tickets/attendees?eventId={event}&limit=100&anchor={anchor}");
        let page = world.get("ticket.attendees.list", &path).await;
        for row in page["tickets"].as_array().unwrap().iter().take(count) {
            let name = row["attendee"]["firstName"].as_str().unwrap();
            assert!(key == "#" || !others.contains(&name), "{name} in {key}");
            let has_letter = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
            assert!(!has_letter || name.to_uppercase().starts_with(key), "{name} in {key}");
            walked.insert(id(row).to_owned());
        }
    }
    assert_eq!(walked.len(), TICKETS);
}

#[tokio::test]
async fn performance_adds_up_to_the_tickets() {
    let world = World::new().await;
    let base = format!("/events/{}/performance", world.demo.event_id.as_str());
    let tickets = world.all_tickets("").await;
    let count = |status: &str| tickets.iter().filter(|ticket| ticket["status"] == status).count();
    let check_ins = tickets
        .iter()
        .flat_map(|ticket| ticket["scans"].as_array().unwrap())
        .filter(|scan| scan["kind"] == "CHECK_IN")
        .count();
    let attendance = world.get("event.performance.attendance", &format!("{base}/attendance")).await;
    assert_eq!(attendance["checkedIn"], count("REDEEMED"));
    assert_eq!(attendance["totalTickets"], TICKETS - count("CANCELLED"));
    for granularity in ["HOUR", "MINUTE"] {
        let path = format!("{base}/attendance?granularity={granularity}");
        let series = world.get("event.performance.attendance", &path).await;
        assert_eq!(series["data"].as_array().unwrap().last().unwrap()["checkedIn"], count("REDEEMED"));
    }
    turnout_adds_up(&world.get("event.performance.turnout", &format!("{base}/turnout")).await, &tickets);
    let pace = world.get("event.performance.pace", &format!("{base}/pace?granularity=MINUTE")).await;
    assert_eq!(pace["totalCheckIns"], check_ins);
    assert_eq!(pace["data"].as_array().unwrap().last().unwrap()["cumulativeCheckIns"], check_ins);
    let scanners = world.get("event.performance.scanners", &format!("{base}/scanners?limit=2")).await;
    assert_eq!(scanners["totalCheckIns"], check_ins);
    assert_eq!(scanners["scanners"].as_array().unwrap().len(), 2);
}

/// Who came and left is no no-show, in the whole and in each part.
fn turnout_adds_up(turnout: &Value, tickets: &[Value]) {
    let valid = || tickets.iter().filter(|ticket| ticket["status"] != "CANCELLED");
    let came = |ticket: &Value| ticket["scans"].as_array().unwrap().iter().any(|scan| scan["kind"] == "CHECK_IN");
    assert!(valid().any(|ticket| ticket["status"] == "ACTIVE" && came(ticket)), "somebody has left again");
    let told = |part: &Value, fits: &dyn Fn(&Value) -> bool| {
        let (used, absent): (Vec<_>, Vec<_>) = valid().filter(|ticket| fits(ticket)).partition(|ticket| came(ticket));
        assert_eq!((&part["checkedIn"], &part["noShows"]), (&json!(used.len()), &json!(absent.len())), "{part}");
        assert_eq!(part["totalTickets"], used.len() + absent.len());
    };
    told(turnout, &|_| true);
    for part in turnout["byAdmission"].as_array().unwrap() {
        told(part, &|ticket| ticket["admissionId"] == part["admissionId"]);
    }
    for part in turnout["bySection"].as_array().unwrap() {
        told(part, &|ticket| ticket["section"]["id"] == part["sectionId"]);
    }
}

#[tokio::test]
async fn a_guest_whose_ticket_was_cancelled_inside_is_in_no_longer() {
    let world = World::new().await;
    let path = format!("/events/{}/performance/attendance?granularity=MINUTE", world.demo.event_id.as_str());
    let inside = async || {
        let series = world.get("event.performance.attendance", &path).await;
        let last = |part: &Value| part["data"].as_array().unwrap().last().unwrap()["checkedIn"].as_u64().unwrap();
        let whole = last(&series);
        assert_eq!(series["byAdmission"].as_array().unwrap().iter().map(last).sum::<u64>(), whole);
        whole
    };
    let before = inside().await;
    let ticket = world.ticket("ACTIVE").await;
    let path = format!("/tickets/{}", id(&ticket));
    for (act, body, more) in [
        ("scan", json!({"kind": "CHECK_IN"}), 1),
        ("", json!({"status": "CANCELLED"}), 0),
        ("", json!({"status": "ACTIVE"}), 0),
        ("scan", json!({"kind": "CHECK_IN"}), 1),
        ("scan", json!({"kind": "CHECK_OUT"}), 0),
        ("scan", json!({"kind": "CHECK_IN"}), 1),
    ] {
        let done = match act {
            "scan" => world.post("ticket.scan", &format!("{path}/scan"), body.clone()).await,
            _ => world.put("ticket.update", &path, body.clone()).await,
        };
        assert_eq!(done.status, 200, "{}", done.body);
        assert_eq!(inside().await, before + more, "after {body}");
    }
}

#[tokio::test]
async fn a_comp_is_an_order_with_its_tickets_once() {
    let world = World::new().await;
    let event = world.demo.event_id.as_str();
    let admissions = world.get("admission.list", &format!("/events/{event}/admissions")).await;
    let input = json!({
        "eventId": event, "reason": "Lost in the post", "idempotencyKey": "comp-1",
        "items": [{"quantity": 3, "admissionId": admissions["admissions"][0]["id"]}],
        "customer": {"firstName": "Zoë", "lastName": "Quist", "email": "zoe.quist@example.com"},
    });
    let made = world.post("order.createComplimentary", "/orders/complimentary", input.clone()).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let again = world.post("order.createComplimentary", "/orders/complimentary", input).await;
    assert_eq!(again.body, made.body);
    let order = id(&made.body["order"]);
    let tickets = world.get("ticket.list", &format!("/tickets?orderId={order}")).await;
    assert_eq!(tickets["tickets"].as_array().unwrap().len(), 3);
    let resent = world.post("order.resend", &format!("/orders/{order}/resend"), json!({})).await;
    assert_eq!(resent.body["order"]["timeline"].as_array().unwrap().len(), 2);
    assert_eq!(world.get("order.get", &format!("/orders/{order}")).await, resent.body);
    let found = world.get("order.list", "/orders?query=zoe%20quist&mine=true").await;
    assert_eq!(found["orders"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn orders_are_filtered_sorted_and_paged() {
    let world = World::new().await;
    let event = world.demo.event_id.as_str();
    let filter = "filters[0][field]=TICKETS&filters[0][operator]=GTE&filters[0][values][0]=4";
    let mut path = format!("/orders?eventId={event}&sort=TOTAL&direction=asc&limit=5&{filter}");
    let mut totals = Vec::new();
    loop {
        let page = world.get("order.list", &path).await;
        totals.extend(page["orders"].as_array().unwrap().iter().map(|order| order["price"]["total"].as_i64().unwrap()));
        let Some(after) = page["after"].as_str() else { break };
        path = format!("/orders?eventId={event}&sort=TOTAL&direction=asc&limit=5&{filter}&cursor={after}");
    }
    assert!(totals.len() > 5 && totals.is_sorted(), "{totals:?}");
}
