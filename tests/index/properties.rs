//! What holds for any guests and any typed text.

use doorlist::domain::TicketStatus;
use doorlist::index::{Answer, Filters, TicketIndex};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::Guest;

fn guest() -> impl Strategy<Value = Guest> {
    let first = prop_oneof!["[a-c]{0,4}", "Jo(hn)?", "Zo[eë]", "王|小明", "\\PC{0,6}"];
    let last = prop_oneof!["[a-c]{0,5}", "Smi(th|rnov)", "O'N(eill|iell)", "van den Berg", "\\PC{0,6}"];
    let email = prop_oneof!["[ab]{1,4}[0-9]?@(x|yy)\\.com", "\\PC{0,6}"];
    (first, last, email, proptest::option::of("\\+?[0-9 ]{0,10}"), 0..3u8, 0..6u8, 0..3u8, 0..4u8).prop_map(
        |(first, last, email, phone, status, order, tier, minute)| Guest {
            first,
            last,
            email,
            phone,
            status,
            order,
            tier,
            minute,
        },
    )
}

fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c]{1,4}( [a-c]{1,3})?",
        "(jo|john|jhon|zoe|smith|smit|smiht|oneill|o neil|johnsmith|vandenberg|王小明)( [a-z])?",
        "[0-9]{1,5}",
        "[ab]{1,3}[0-9]?(@x?)?",
        "\\PC{0,12}",
    ]
}

fn filters() -> impl Strategy<Value = Filters> {
    proptest::option::of(0..3usize)
        .prop_map(|status| Filters { status: status.map(|status| TicketStatus::ALL[status]), ..Filters::default() })
}

fn index(guests: &[(usize, Guest)]) -> TicketIndex {
    TicketIndex::build(guests.iter().map(|(number, guest)| guest.ticket(*number)))
}

fn answers(index: &mut TicketIndex, typed: &[String], filters: &Filters) -> Vec<Answer> {
    typed.iter().map(|typed| index.search(typed, filters, 5)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_upserted_index_answers_as_a_rebuilt_one(
        loaded in proptest::collection::vec(guest(), 0..30),
        changes in proptest::collection::vec((0..40usize, proptest::option::weighted(0.8, guest())), 0..60),
        typed in proptest::collection::vec(typed(), 1..8),
        filters in filters(),
    ) {
        let loaded: Vec<_> = loaded.into_iter().enumerate().collect();
        let mut changed = index(&loaded);
        for (number, change) in &changes {
            // Searching in between fills what the index remembers.
            changed.search(&typed[number % typed.len()], &filters, 5);
            match change {
                Some(guest) => { changed.upsert(guest.ticket(*number)); }
                None => { changed.remove(&Guest::default().ticket(*number).id); }
            }
        }
        let mut rebuilt = TicketIndex::build(changed.tickets().cloned().collect::<Vec<_>>());
        prop_assert_eq!(changed.counts().overall(), rebuilt.counts().overall());
        prop_assert_eq!(answers(&mut changed, &typed, &filters), answers(&mut rebuilt, &typed, &filters));
    }

    #[test]
    fn answers_do_not_depend_on_the_order_of_arrival(
        guests in proptest::collection::vec(guest(), 0..50).prop_map(|guests| guests.into_iter().enumerate().collect::<Vec<_>>()),
        typed in proptest::collection::vec(typed(), 1..8),
        seed in any::<prop::sample::Index>(),
    ) {
        let mut turned = guests.clone();
        if !turned.is_empty() {
            turned.rotate_left(seed.index(guests.len()));
            turned.reverse();
        }
        let mut grown = TicketIndex::new();
        turned.iter().for_each(|(number, guest)| { grown.upsert(guest.ticket(*number)); });
        let none = Filters::default();
        let expected = answers(&mut index(&guests), &typed, &none);
        prop_assert_eq!(answers(&mut index(&turned), &typed, &none), expected.clone());
        prop_assert_eq!(answers(&mut grown, &typed, &none), expected);
    }

    #[test]
    fn a_whole_name_is_never_outranked(
        guests in proptest::collection::vec(guest(), 1..40),
        (first, last) in ("[a-c]{1,4}", "[a-c]{1,5}"),
        status in 0..3u8,
        turned: bool,
    ) {
        let mut guests = guests;
        guests.push(Guest { status, ..Guest::named(&first, &last) });
        let guests: Vec<_> = guests.into_iter().enumerate().collect();
        let mut index = index(&guests);
        let typed = if turned { format!("{last} {first}") } else { format!("{first} {last}") };
        let hits = index.search(&typed, &Filters::default(), 5).hits;
        let best = &index.get(&hits[0].id).unwrap().attendee;
        let words = |text: String| {
            let plain: String = text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect();
            let mut words: Vec<_> = plain.to_lowercase().split_whitespace().map(str::to_owned).collect();
            words.sort_unstable();
            words
        };
        prop_assert_eq!(words(best.full_name()), words(typed));
    }

    #[test]
    fn lit_letters_lie_on_characters_and_apart(
        guests in proptest::collection::vec(guest(), 1..20),
        typed in proptest::collection::vec(typed(), 1..6),
    ) {
        let guests: Vec<_> = guests.into_iter().enumerate().collect();
        let mut index = index(&guests);
        for answer in answers(&mut index, &typed, &Filters::default()) {
            for hit in answer.hits {
                let ticket = index.get(&hit.id).unwrap();
                let attendee = &ticket.attendee;
                for (ranges, text) in [
                    (&hit.lit.first_name, attendee.first_name.as_str()),
                    (&hit.lit.last_name, attendee.last_name.as_str()),
                    (&hit.lit.email, attendee.email.as_str()),
                    (&hit.lit.phone, attendee.phone.as_deref().unwrap_or_default()),
                    (&hit.lit.order, ticket.order_id.as_str()),
                    (&hit.lit.ticket, ticket.id.as_str()),
                ] {
                    prop_assert!(ranges.iter().all(|range| !range.is_empty() && text.get(range.clone()).is_some()));
                    prop_assert!(ranges.windows(2).all(|pair| pair[0].end < pair[1].start));
                }
            }
        }
    }

    #[test]
    fn every_hit_passes_the_filters_and_comes_once(
        guests in proptest::collection::vec(guest(), 0..40),
        typed in typed(),
        filters in filters(),
    ) {
        let guests: Vec<_> = guests.into_iter().enumerate().collect();
        let mut index = index(&guests);
        let hits = index.search(&typed, &filters, 50).hits;
        for (place, hit) in hits.iter().enumerate() {
            let ticket = index.get(&hit.id).unwrap();
            prop_assert!(filters.status.is_none_or(|status| ticket.status == status));
            prop_assert!(hits[..place].iter().all(|other| other.id != hit.id));
        }
    }
}
