//! What a barcode says, as a keyboard wedge typed it: an id, bare or inside an address.
//!
//! A wedge types keys, not characters: the layout and Caps Lock of the machine that it is plugged into make of
//! them what they will. [`Code::readings`] undoes what can be undone, and where several texts may have been
//! meant it gives them all, the likeliest first; whoever knows the tickets picks the one that exists.

mod layout;

use self::layout::Layout;
use super::{OrderId, TicketId};

/// Letters of an id's kind.
const KIND: usize = 3;
/// Letters and digits after the separator.
const BODY: usize = 26;

/// What a code names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Code {
    /// One ticket.
    Ticket(TicketId),
    /// All tickets of an order.
    Order(OrderId),
    /// An id of another kind: nobody comes in by it.
    Other(String),
}

/// How much the beginning of a text looks like a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hint {
    /// No code begins like this.
    No,
    /// A code may begin like this, and so may a name.
    Maybe,
    /// Nobody's name begins like this.
    Surely,
}

impl Code {
    /// Characters of the shortest text that holds an id.
    pub const SHORTEST: usize = KIND + 1 + BODY;

    /// The ids that `text` may stand for, the likeliest first; none where it holds no id.
    #[must_use]
    pub fn readings(text: &str) -> Vec<Self> {
        let text = text.trim().replace("%5F", "_").replace("%5f", "_");
        let text = without_symbology(once(&text));
        let mut readings = Vec::new();
        for layout in Layout::ALL {
            // A layout that is undone gives the separator as the scanner meant it, with or without Shift.
            let separates = if layout == Layout::Same { separates } else { |meant| matches!(meant, '_' | '-') };
            if let Some(code) = find(&layout.undo(text), separates)
                && !readings.contains(&code)
            {
                readings.push(code);
            }
        }
        readings
    }

    /// Whether `text` may be the beginning of a code, however far it has come.
    #[must_use]
    pub fn hint(text: &str) -> Hint {
        let text = text.to_lowercase();
        let begun = |whole: &str| if whole.starts_with(&text) && !text.is_empty() { Hint::Maybe } else { Hint::No };
        let id = |kind: &str| match text.strip_prefix(kind).and_then(|rest| rest.chars().next()) {
            Some(separator) if separates(separator) => Hint::Surely,
            _ => begun(kind),
        };
        let address = if text.starts_with("http") { Hint::Surely } else { begun("http") };
        id(TicketId::PREFIX).max(id(OrderId::PREFIX)).max(address)
    }

    fn new(kind: &str, body: &str) -> Self {
        let id = format!("{kind}_{body}").to_ascii_lowercase();
        match (TicketId::parse(&id), OrderId::parse(&id)) {
            (Ok(ticket), _) => Self::Ticket(ticket),
            (_, Ok(order)) => Self::Order(order),
            _ => Self::Other(id),
        }
    }

    /// A ticket says more than its order, and both say more than anything else in an address.
    const fn rank(&self) -> u8 {
        match self {
            Self::Ticket(_) => 0,
            Self::Order(_) => 1,
            Self::Other(_) => 2,
        }
    }
}

/// Some scanners send everything twice.
fn once(text: &str) -> &str {
    match text.split_at_checked(text.len() / 2) {
        Some((first, second)) if first == second => first,
        _ => text,
    }
}

/// Some scanners say first which kind of barcode it was, as in `]Q1`.
fn without_symbology(text: &str) -> &str {
    let after = |text: &'_ str| text.char_indices().nth(2).map(|(at, _)| at);
    text.strip_prefix(']').and_then(|rest| after(rest).map(|at| &rest[at..])).unwrap_or(text)
}

/// The id in the text that says most: three letters, a separator and 26 letters or digits, with an edge on both sides.
fn find(text: &str, separates: fn(char) -> bool) -> Option<Code> {
    let words = words(text);
    let ids = words.windows(2).filter_map(|pair| {
        let (kind, body) = (pair[0], pair[1]);
        let between = &text[kind.start + kind.text.len()..body.start];
        let mut separators = between.chars();
        let is_id = kind.text.len() == KIND
            && kind.text.bytes().all(|byte| byte.is_ascii_alphabetic())
            && body.text.len() == BODY
            && separators.next().is_some_and(separates)
            && separators.next().is_none();
        is_id.then(|| Code::new(kind.text, body.text))
    });
    ids.min_by_key(Code::rank)
}

#[derive(Debug, Clone, Copy)]
struct Word<'a> {
    start: usize,
    text: &'a str,
}

/// The runs of ASCII letters and digits.
fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut begun = None;
    for (at, character) in text.char_indices().chain([(text.len(), ' ')]) {
        match (begun, character.is_ascii_alphanumeric()) {
            (None, true) => begun = Some(at),
            (Some(start), false) => {
                words.push(Word { start, text: &text[start..at] });
                begun = None;
            }
            _ => {}
        }
    }
    words
}

/// What an underscore may arrive as; never what parts the pieces of an address.
fn separates(character: char) -> bool {
    !character.is_ascii_alphanumeric() && !character.is_whitespace() && !matches!(character, '/' | '.' | ':')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const TICKET: &str = "tkt_01jq8zv5k3m9x2c7b4n6d8f0ga";

    fn ticket() -> Code {
        Code::Ticket(TicketId::parse(TICKET).unwrap())
    }

    #[rstest]
    #[case::bare(TICKET)]
    #[case::spaces_around("  tkt_01jq8zv5k3m9x2c7b4n6d8f0ga\n")]
    #[case::caps_lock("TKT_01JQ8ZV5K3M9X2C7B4N6D8F0GA")]
    #[case::caps_lock_and_shift("tKT_01jq8ZV5K3M9X2C7B4N6D8F0ga")]
    #[case::german_underscore("tkt?01jq8zv5k3m9x2c7b4n6d8f0ga")]
    #[case::shift_was_dropped("tkt-01jq8zv5k3m9x2c7b4n6d8f0ga")]
    #[case::german_without_shift("tktß01jq8zv5k3m9x2c7b4n6d8f0ga")]
    #[case::italian_without_shift("tkt'01jq8zv5k3m9x2c7b4n6d8f0ga")]
    #[case::swedish_without_shift("tkt+01jq8zv5k3m9x2c7b4n6d8f0ga")]
    #[case::path("https://tickets.example.com/t/tkt_01jq8zv5k3m9x2c7b4n6d8f0ga")]
    #[case::path_and_more("https://tickets.example.com/tkt_01jq8zv5k3m9x2c7b4n6d8f0ga/pdf?v=2#top")]
    #[case::query("https://tickets.example.com/in?id=tkt_01jq8zv5k3m9x2c7b4n6d8f0ga&sig=AbCdEfGhIjKlMnOp")]
    #[case::escaped("https://tickets.example.com/in?id=tkt%5F01jq8zv5k3m9x2c7b4n6d8f0ga")]
    #[case::its_order_beside_it("https://x.example/ord_01jq8zv5k3m9x2c7b4n6d8f0gb/tkt_01jq8zv5k3m9x2c7b4n6d8f0ga")]
    #[case::its_event_beside_it("https://x.example/evt_01jq8zv5k3m9x2c7b4n6d8f0gb?t=tkt_01jq8zv5k3m9x2c7b4n6d8f0ga")]
    #[case::german_address("httpsÖ--tickets.eyample.com-tkt?01jq8zv5k3m9x2c7b4n6d8f0ga")]
    #[case::twice("tkt_01jq8zv5k3m9x2c7b4n6d8f0gatkt_01jq8zv5k3m9x2c7b4n6d8f0ga")]
    #[case::symbology("]Q1tkt_01jq8zv5k3m9x2c7b4n6d8f0ga")]
    fn the_likeliest_reading_is_the_ticket(#[case] typed: &str) {
        assert_eq!(Code::readings(typed).first(), Some(&ticket()), "{typed}");
    }

    /// What a scanner set to a US keyboard types on the machine of another country.
    #[rstest]
    #[case::french("tkt°à&ja_wv(k\",çxécèb'n-d_fàgq")]
    #[case::french_with_caps_lock("TKT)01JA8WV5K3?9X2C7B4N6D8F0GQ")]
    #[case::belgian("tkt°à&ja!wv(k\",çxécèb'n§d!fàgq")]
    #[case::french_address("httpsM!!x:exq,ple!tkt°à&ja_wv(k\",çxécèb'n-d_fàgq")]
    #[case::german("tkt?01jq8yv5k3m9x2c7b4n6d8f0ga")]
    #[case::german_without_shift("tktß01jq8yv5k3m9x2c7b4n6d8f0ga")]
    #[case::swiss_without_shift("tkt'01jq8yv5k3m9x2c7b4n6d8f0ga")]
    #[case::german_address("httpsÖ--t.example-tkt?01jq8yv5k3m9x2c7b4n6d8f0ga")]
    fn a_foreign_layout_is_among_the_readings(#[case] typed: &str) {
        let readings = Code::readings(typed);
        assert!(readings.contains(&ticket()), "{typed}: {readings:?}");
    }

    #[test]
    fn a_code_that_arrives_as_it_was_meant_has_one_reading() {
        assert_eq!(Code::readings(TICKET), [ticket()]);
        assert_eq!(Code::readings(&TICKET.to_uppercase()), [ticket()]);
    }

    #[rstest]
    #[case("ord_01jq8zv5k3m9x2c7b4n6d8f0ga")]
    #[case("https://x.example/orders/ORD_01JQ8ZV5K3M9X2C7B4N6D8F0GA?sig=AbCdEfGh")]
    fn an_order_is_told_from_a_ticket(#[case] typed: &str) {
        let order = OrderId::parse("ord_01jq8zv5k3m9x2c7b4n6d8f0ga").unwrap();
        assert_eq!(Code::readings(typed).first(), Some(&Code::Order(order)));
    }

    #[test]
    fn another_id_is_a_code_of_nobody() {
        let readings = Code::readings("evt_01jq8abcdefg9x2c7b4n6d8f0g");
        assert_eq!(readings.first(), Some(&Code::Other("evt_01jq8abcdefg9x2c7b4n6d8f0g".into())));
    }

    #[rstest]
    #[case("")]
    #[case("lovelace")]
    #[case("anne-marie")]
    #[case("4006381333931")]
    #[case("https://tickets.example.com/t/12345")]
    #[case("tkt_01jq8zv5k3m9x2c7b4n6d8f0g")]
    #[case("tkt_01jq8zv5k3m9x2c7b4n6d8f0ga1")]
    #[case("atkt_01jq8zv5k3m9x2c7b4n6d8f0ga")]
    #[case("tkt__01jq8zv5k3m9x2c7b4n6d8f0ga")]
    #[case("https://x.example/tkt/01jq8zv5k3m9x2c7b4n6d8f0ga")]
    #[case("tkt 01jq8zv5k3m9x2c7b4n6d8f0ga")]
    #[case("tkt_01jq8zv5k3m9x2c7b4n6d8f0gä")]
    fn what_is_no_id_has_no_reading(#[case] typed: &str) {
        assert_eq!(Code::readings(typed), []);
    }

    #[rstest]
    #[case("", Hint::No)]
    #[case("t", Hint::Maybe)]
    #[case("TK", Hint::Maybe)]
    #[case("tkt", Hint::Maybe)]
    #[case("tkt_", Hint::Surely)]
    #[case("TKT?01", Hint::Surely)]
    #[case("tkt°à&", Hint::Surely)]
    #[case("tkta", Hint::No)]
    #[case("or", Hint::Maybe)]
    #[case("orla", Hint::No)]
    #[case("h", Hint::Maybe)]
    #[case("https", Hint::Surely)]
    #[case("hannah", Hint::No)]
    #[case("thomas", Hint::No)]
    fn a_beginning_hints_at_what_comes(#[case] typed: &str, #[case] hint: Hint) {
        assert_eq!(Code::hint(typed), hint);
    }
}
