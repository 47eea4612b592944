//! What operators type, one line a kind.

use doorlist::domain::{AdmissionId, OrderId, TicketStatus};
use doorlist::index::{Filters, Matched, TicketIndex, Upsert};
use rstest::rstest;

use super::{Guest, found, ticket_id};

fn house() -> TicketIndex {
    let guests = [
        ("Jane", "Smith", "jane.smith87@gmail.com", Some("+61 (0)412-345 678")),
        ("John", "Smith", "johnny@example.org", Some("(555) 010-4821")),
        ("Siobhán", "O'Neill", "s.oneill@mail.example", None),
        ("Mary-Kate", "Müller", "mk@example.de", None),
        ("William", "Brown", "wb@example.com", None),
        ("Stephen", "Clarke", "steve@example.com", None),
        ("小明", "王", "wang@example.cn", None),
        ("민준", "김", "kim@example.kr", None),
        ("Фёдор", "Достоевский", "fd@example.ru", None),
        ("Karl-Heinz", "van den Berg", "khb@example.nl", None),
        ("Jonathan", "Whitaker", "jw@example.com", None),
        ("Aleksandra", "Wiśniewska", "ola@example.pl", None),
        ("Guest of", "Anna Smith", "anna@example.com", None),
    ];
    TicketIndex::build(guests.into_iter().enumerate().map(|(number, (first, last, email, phone))| {
        let email = email.to_owned();
        let order = u8::try_from(number).unwrap();
        Guest { email, phone: phone.map(Into::into), order, ..Guest::named(first, last) }.ticket(number)
    }))
}

#[rstest]
#[case::full_name("jane smith", "Jane Smith")]
#[case::reversed("smith jane", "Jane Smith")]
#[case::parts("ja smi", "Jane Smith")]
#[case::initial("w brown", "William Brown")]
#[case::last_initial("stephen c", "Stephen Clarke")]
#[case::no_accent("siobhan", "Siobhán O'Neill")]
#[case::apostrophe("oneill", "Siobhán O'Neill")]
#[case::apart("o neill", "Siobhán O'Neill")]
#[case::hyphen("mary kate", "Mary-Kate Müller")]
#[case::umlaut("mueller", "Mary-Kate Müller")]
#[case::umlaut_dropped("muller", "Mary-Kate Müller")]
#[case::run_together("janesmith", "Jane Smith")]
#[case::run_together_reversed("smithjane", "Jane Smith")]
#[case::run_together_long("karlheinzvandenberg", "Karl-Heinz van den Berg")]
#[case::run_together_typo("karlhienzvandenberg", "Karl-Heinz van den Berg")]
#[case::run_together_wrong_at_the_end("janesmtih", "Jane Smith")]
#[case::run_together_wrong_at_the_start("jnaesmith", "Jane Smith")]
#[case::run_together_swapped_in_between("janseMith", "Jane Smith")]
#[case::run_together_four("guestofannasmith", "Guest of Anna Smith")]
#[case::cjk("王小明", "小明 王")]
#[case::hangul("김민준", "민준 김")]
#[case::cyrillic("федор", "Фёдор Достоевский")]
#[case::substitution("stephen clarle", "Stephen Clarke")]
#[case::swap("stpehen clarke", "Stephen Clarke")]
#[case::insertion("whittaker", "Jonathan Whitaker")]
#[case::deletion("jonathan whitker", "Jonathan Whitaker")]
#[case::two_typos("whutakar", "Jonathan Whitaker")]
#[case::typo_in_part("jonathan whota", "Jonathan Whitaker")]
#[case::sound_alike("steven clark", "Stephen Clarke")]
#[case::nickname("bill brown", "William Brown")]
#[case::nickname_pl("ola wisniewska", "Aleksandra Wiśniewska")]
#[case::abbreviation("jnthn whitaker", "Jonathan Whitaker")]
#[case::email("jane.smith87@gmail.com", "Jane Smith")]
#[case::email_local("jane.smith87", "Jane Smith")]
#[case::email_typo("jane.smtih87@gmail.com", "Jane Smith")]
#[case::email_typo_in_the_middle("jane.sm1th87@gmail.com", "Jane Smith")]
#[case::email_domain("smith gmail", "Jane Smith")]
#[case::phone_national("0412 345 678", "Jane Smith")]
#[case::phone_international("+61412345678", "Jane Smith")]
#[case::phone_plain("61412345678", "Jane Smith")]
#[case::phone_last_4("4821", "John Smith")]
#[case::phone_last_6("345678", "Jane Smith")]
#[case::phone_wrong_digit("0412 345 679", "Jane Smith")]
#[case::name_and_phone("smith 4821", "John Smith")]
#[case::ticket_id("tkt_01jq8zv5k3m9x2c7b4n6d00004", "William Brown")]
#[case::look_alikes("TKT_OIJQ8ZV5K3M9X2C7B4N6DOOOO4", "William Brown")]
#[case::ticket_end("d00004", "William Brown")]
#[case::order_end("d8h004", "William Brown")]
#[case::id_in_url("https://x.example/t/tkt_01jq8zv5k3m9x2c7b4n6d00004?a=1", "William Brown")]
fn the_guest_is_first(#[case] typed: &str, #[case] expected: &str) {
    assert_eq!(found(&mut house(), typed).first().map(String::as_str), Some(expected), "{typed:?}");
}

#[test]
fn ranks_go_exact_begun_near_and_within_a_rank_by_status_then_name() {
    let mut index = TicketIndex::build(
        [("Ann", "Marlin", 0), ("Cy", "Martin", 1), ("Bo", "Martin", 0), ("Al", "Martin", 2), ("Di", "Martinez", 0)]
            .into_iter()
            .enumerate()
            .map(|(number, (first, last, status))| Guest { status, ..Guest::named(first, last) }.ticket(number)),
    );
    assert_eq!(found(&mut index, "martin"), ["Bo Martin", "Cy Martin", "Al Martin", "Di Martinez", "Ann Marlin"]);
    assert_eq!(found(&mut index, ""), ["Ann Marlin", "Bo Martin", "Di Martinez", "Cy Martin", "Al Martin"]);
}

#[test]
fn a_single_word_keeps_room_for_last_names() {
    let firsts = (0..30).map(|number| Guest::named("Martin", &format!("Aa{number:02}")));
    let lasts = (0..6).map(|number| Guest::named(&format!("Zz{number}"), "Martins"));
    let tickets = firsts.chain(lasts).enumerate().map(|(number, guest)| guest.ticket(number));
    let hits = found(&mut TicketIndex::build(tickets), "martin");
    assert_eq!(hits.iter().filter(|name| name.ends_with("Martins")).count(), 4, "{hits:?}");
    assert!(hits[0].starts_with("Martin "));
}

#[test]
fn filters_are_part_of_the_search() {
    let tickets = (0..3_000u16).map(|number| {
        let rare = u8::from(number % 1_000 == 999);
        let order = u8::try_from(number % 200).unwrap();
        Guest { tier: rare, order, status: rare, ..Guest::named("Sam", "Gray") }.ticket(usize::from(number))
    });
    let mut index = TicketIndex::build(tickets);
    let rare = AdmissionId::from_service("adm_01jq8zv5k3m9x2c7b4n6d8f0g1");
    let by_tier = Filters { admissions: vec![rare], ..Filters::default() };
    for typed in ["", "s", "gray sam", "grey"] {
        let answer = index.search(typed, &by_tier, 10);
        assert_eq!(answer.matched, Matched::Exactly(3), "{typed:?}");
        assert_eq!(answer.hits.len(), 3, "{typed:?}");
    }
    let redeemed = Filters { status: Some(TicketStatus::Redeemed), ..Filters::default() };
    assert_eq!(index.search("gray", &redeemed, 10).hits.len(), 3);
    let order = OrderId::from_service("ord_01jq8zv5k3m9x2c7b4n6d8h007");
    assert_eq!(index.order_tickets(&order).len(), 15);
    let by_order = Filters { order: Some(order), ..Filters::default() };
    assert_eq!(index.search("sam", &by_order, 50).hits.len(), 15);
}

#[test]
fn a_newer_state_replaces_and_a_stale_one_does_not() {
    let mut index = TicketIndex::new();
    let at = |minute, status, last: &str| Guest { status, minute, ..Guest::named("Ada", last) }.ticket(1);
    assert_eq!(index.upsert(at(1, 0, "Byron")), Upsert::Inserted);
    assert_eq!(index.upsert(at(1, 0, "Byron")), Upsert::Unchanged);
    assert_eq!(index.upsert(at(2, 1, "Lovelace")), Upsert::Replaced);
    assert_eq!(index.upsert(at(1, 0, "Byron")), Upsert::Stale);
    assert_eq!(found(&mut index, "byron"), Vec::<String>::new());
    assert_eq!(found(&mut index, "lovelace"), ["Ada Lovelace"]);
    assert_eq!((index.counts().overall().active, index.counts().overall().redeemed), (0, 1));
    let id = doorlist::domain::TicketId::from_service(ticket_id(1));
    assert!(index.remove(&id).is_some() && index.is_empty());
    assert_eq!(index.counts().by_admission(), []);
    assert_eq!(found(&mut index, "lovelace"), Vec::<String>::new());
}

#[test]
fn letters_light_up_in_the_shown_text() {
    let mut index = house();
    let mut lit = |typed: &str| index.search(typed, &Filters::default(), 1).hits.remove(0).lit;
    let name = lit("siob oneill");
    assert_eq!((name.first_name, name.last_name), (vec![0..4], vec![0..1, 2..7]));
    assert_eq!(lit("muller").last_name, [0..7]);
    assert_eq!(lit("王小").first_name, [0..3]);
    assert_eq!(lit("0412345678").phone, [5..6, 7..10, 11..14, 15..18].to_vec());
    assert_eq!(lit("jane.smith87").email, [0..4, 5..12].to_vec());
}

#[rstest]
#[case::long("a".repeat(10_000))]
#[case::one_letter("a".repeat(1_000_000))]
#[case::spaces(" ".repeat(10_000))]
#[case::words("a b ".repeat(5_000))]
#[case::digits("1 ".repeat(5_000))]
#[case::marks("e\u{301}".repeat(10_000))]
fn whatever_is_pasted_is_answered(#[case] pasted: String) {
    let mut index = house();
    assert!(index.search(&pasted, &Filters::default(), 10).hits.len() <= 12);
}
