//! Which of several guests that fit comes first.

use doorlist::index::{Filters, TicketIndex};
use proptest::prelude::*;
use rstest::rstest;

use super::{Guest, found};

fn index(names: &[(&str, &str)]) -> TicketIndex {
    TicketIndex::build(names.iter().enumerate().map(|(number, (first, last))| Guest::named(first, last).ticket(number)))
}

#[rstest]
#[case::as_typed("james donald", &["James Donald", "Donald James"])]
#[case::turned("donald james", &["Donald James", "James Donald"])]
#[case::begun("jam don", &["James Donald", "Donald James"])]
fn words_in_the_order_typed_come_first(#[case] typed: &str, #[case] expected: &[&str]) {
    assert_eq!(found(&mut index(&[("Donald", "James"), ("James", "Donald")]), typed), expected);
}

#[test]
fn a_letter_typed_first_is_the_initial_of_a_first_name() {
    let mut index = index(&[("Huy", "Lam"), ("Larry", "Huylla")]);
    assert_eq!(found(&mut index, "l huy"), ["Larry Huylla", "Huy Lam"]);
    assert_eq!(found(&mut index, "huy l"), ["Huy Lam", "Larry Huylla"]);
}

#[rstest]
#[case::an_initial("a nel", &["Alex Nelson"])]
#[case::an_elided_word("o neill", &["Siobhan O'Neill"])]
#[case::a_particle("mac donald", &["Flora MacDonald"])]
fn a_letter_is_joined_with_the_next_word_only_where_an_apostrophe_may_stand(
    #[case] typed: &str,
    #[case] expected: &[&str],
) {
    let mut index = index(&[("Anel", "Baca"), ("Alex", "Nelson"), ("Siobhan", "O'Neill"), ("Flora", "MacDonald")]);
    assert_eq!(found(&mut index, typed), expected);
}

#[test]
fn mistakes_add_up_over_the_words() {
    // One in each word is as bad as two in one, and comes after what only sounds alike.
    let mut index = index(&[("Adb", "Knighx"), ("Ada", "Nite")]);
    assert_eq!(found(&mut index, "ada knight"), ["Ada Nite", "Adb Knighx"]);
}

#[test]
fn names_with_words_left_over_come_after() {
    let mut index = index(&[("Anna Bea", "Gray"), ("Anna", "Gray")]);
    assert_eq!(found(&mut index, "gray ann"), ["Anna Gray", "Anna Bea Gray"]);
}

#[test]
fn rows_kept_for_last_names_go_to_those_that_start_with_what_was_typed() {
    // Enough exact words, some of them in last names: still they leave room for a Venturi.
    let names: Vec<_> = (0..12).map(|number| format!("Ab{number}")).collect();
    let mut names: Vec<_> = names.iter().map(|first| (first.as_str(), "van de Ven")).collect();
    names.extend([("Carla", "Venturi"), ("Dora", "Vento")]);
    let hits = found(&mut index(&names), "ven");
    assert_eq!(hits.len(), 10);
    assert!(hits.contains(&"Carla Venturi".to_owned()) && hits.contains(&"Dora Vento".to_owned()), "{hits:?}");
}

#[test]
fn common_words_meet_however_many_tickets_carry_each() {
    // Thousands carry each word, three carry all, and stand at the end of the lists.
    let common =
        (0..26_000).map(|number| if number % 2 == 0 { ("Yvonne Maria", "Adams") } else { ("Bea Maria", "Whitaker") });
    let names: Vec<_> = common.chain([("Yvonne Maria", "Whitaker"); 3]).collect();
    let mut index = index(&names);
    for typed in ["maria yvonne whitaker", "whitak maria yvon", "maria yvone whitaker", "maria yvonne whitkaer"] {
        assert_eq!(found(&mut index, typed)[..3], ["Yvonne Maria Whitaker"; 3], "{typed}");
    }
}

#[test]
fn a_name_and_the_domain_of_an_address_meet() {
    let guest =
        |first: &str, last: &str, domain: &str| Guest { email: format!("x@{domain}"), ..Guest::named(first, last) };
    let same_name = (0..12_000).map(|_| guest("Bea", "Gray", "web.example"));
    let same_domain = (0..3_000).map(|_| guest("Cy", "Brown", "orange.example"));
    let guests = same_name.chain(same_domain).chain([guest("Zoe", "Gray", "orange.example")]);
    let tickets = guests.enumerate().map(|(number, guest)| guest.ticket(number));
    assert_eq!(found(&mut TicketIndex::build(tickets), "gray orange"), ["Zoe Gray"]);
}

/// More guests than one search looks at, all with a name that one guest shares.
fn crowd(first: &str, last: &str, email: impl Fn(usize) -> String) -> Vec<Guest> {
    (0..9_000).map(|number| Guest { email: email(number), ..Guest::named(first, last) }).collect()
}

fn indexed(guests: Vec<Guest>) -> TicketIndex {
    TicketIndex::build(guests.into_iter().enumerate().map(|(number, guest)| guest.ticket(number)))
}

#[rstest]
#[case::wrong_last_name("christopherpetersgn")]
#[case::wrong_first_name("chrisopherpeterson")]
#[case::swapped_in_between("christophepreterson")]
#[case::wrong_apart("christopher petersgn")]
fn one_of_many_namesakes_is_found_by_a_mistaken_name_run_together(#[case] typed: &str) {
    let mut guests = crowd("Christopher", "Adams", |_| String::new());
    guests.extend(crowd("Anna", "Peterson", |_| String::new()));
    guests.push(Guest::named("Christopher", "Peterson"));
    assert_eq!(found(&mut indexed(guests), typed)[0], "Christopher Peterson");
}

#[rstest]
#[case::in_the_end("haya64g6@a.example")]
#[case::in_the_start("hxya646@a.example")]
#[case::in_the_middle("hay6a46@a.example")]
fn a_mistake_in_an_address_that_begins_and_ends_as_thousands_do_is_found(#[case] typed: &str) {
    // Namesakes with the same beginning, and others with the same end; the one meant is at the typed domain.
    let mut guests = crowd("Bo", "Gray", |number| format!("haya{number}@b.example"));
    guests.extend(crowd("Cy", "Gray", |number| format!("x{number}a646@b.example")));
    guests.push(Guest { email: "haya646@a.example".into(), ..Guest::named("Ada", "Lovelace") });
    assert_eq!(found(&mut indexed(guests), typed)[0], "Ada Lovelace");
}

#[test]
fn a_page_of_changes_is_known_before_and_after_the_next_search() {
    let order = doorlist::domain::OrderId::from_service("ord_01jq8zv5k3m9x2c7b4n6d8h005");
    let guest = |order, minute, last: &str| Guest { order, minute, ..Guest::named("Ada", last) };
    let mut index = TicketIndex::build((0..300).map(|number| guest(1, 0, "Byron").ticket(number)));
    // More than wait for the next search, and one of them twice.
    for number in 0..290 {
        index.upsert(guest(5, 1, "Lovelace").ticket(number));
    }
    index.upsert(guest(6, 2, "King").ticket(289));
    index.upsert(guest(5, 1, "Noel").ticket(400));
    assert_eq!((index.len(), index.order_tickets(&order).len()), (301, 290));
    let mut count = |typed: &str| index.search(typed, &Filters::default(), 400).hits.len();
    assert_eq!((count("lovelace"), count("byron"), count("ada king"), count("ada noel")), (289, 10, 1, 1));
    assert_eq!(index.order_tickets(&order).len(), 290);
}

#[test]
fn a_word_that_went_and_came_back_is_found() {
    let at = |minute, last: &str| Guest { minute, ..Guest::named("Ada", last) }.ticket(1);
    let mut index = TicketIndex::build([at(0, "Lovelace")]);
    index.upsert(at(1, "Byron"));
    assert_eq!(found(&mut index, "lovelase"), Vec::<String>::new());
    index.upsert(at(2, "Lovelace"));
    assert_eq!(found(&mut index, "lovelase"), ["Ada Lovelace"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn of_a_name_and_its_reverse_the_one_typed_comes_first(one in "[a-d]{3,7}", other in "[e-h]{3,7}", turned: bool) {
        let mut index = index(&[(&one, &other), (&other, &one)]);
        let (first, last) = if turned { (&other, &one) } else { (&one, &other) };
        prop_assert_eq!(&found(&mut index, &format!("{first} {last}"))[0], &format!("{first} {last}"));
    }

    #[test]
    fn one_mistake_comes_before_one_in_each_word(first in "[a-d]{5,8}", last in "[e-h]{5,8}") {
        // A letter of no other name in the place of one, in the last name or in both names.
        let (x, y) = (format!("x{}", &first[1..]), format!("y{}", &last[1..]));
        let mut index = index(&[(&x, &y), (&first, &y)]);
        let hits = found(&mut index, &format!("{first} {last}"));
        prop_assert_eq!(hits, [format!("{first} {y}"), format!("{x} {y}")]);
    }

    #[test]
    fn more_rows_begin_as_fewer_do(
        names in proptest::collection::vec(("[a-c]{1,3}", "[a-c]{1,3}"), 0..60),
        typed in "[a-c]{1,3} [a-c]{1,3}",
    ) {
        let names: Vec<_> = names.iter().map(|(first, last)| (first.as_str(), last.as_str())).collect();
        let mut index = index(&names);
        let mut ids = |limit| -> Vec<_> {
            index.search(&typed, &Filters::default(), limit).hits.into_iter().map(|hit| hit.id).collect()
        };
        let (few, many) = (ids(1), ids(40));
        prop_assert_eq!(few.first(), many.first());
    }
}

#[test]
fn a_domain_that_is_a_number_meets_a_name() {
    let mut guests = crowd("Li", "Wang", |number| format!("li{number}@web.example"));
    guests.push(Guest { email: "min@163.example".into(), ..Guest::named("Min", "Wang") });
    assert_eq!(found(&mut indexed(guests), "wang 163")[0], "Min Wang");
}

#[test]
fn a_long_local_part_is_found_where_thousands_begin_alike() {
    let mut guests = crowd("Bo", "Gray", |number| format!("christopher.petersen{number}@b.example"));
    guests.push(Guest { email: "christopher.petersenzoe@b.example".into(), ..Guest::named("Ada", "Lovelace") });
    assert_eq!(found(&mut indexed(guests), "christopher.petersenzoe")[0], "Ada Lovelace");
}
