//! What operators type, by class, each with the tickets that would be a right answer.

use std::collections::{HashMap, HashSet};

use doorlist::domain::{Ticket, TicketId, digits};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Query;
use super::nearness::{Name, mistakes};
use super::slips::{delete, insert, substitute, swap};

const TRIES: usize = 60;

/// `each` queries of every class.
pub fn queries(tickets: &[Ticket], each: usize, seed: u64) -> Vec<Query> {
    let known = Known::new(tickets);
    let mut maker = Maker { rng: ChaCha8Rng::seed_from_u64(seed), tickets, known };
    let mut queries = Vec::new();
    for (class, make) in CLASSES {
        let mut count = 0;
        for _ in 0..each * TRIES {
            if count == each {
                break;
            }
            let ticket = &tickets[maker.rng.random_range(0..tickets.len())];
            if let Some((query, targets)) = make(&mut maker, ticket) {
                queries.push(Query { class: (*class).to_owned(), query, targets });
                count += 1;
            }
        }
    }
    queries
}

type Made = Option<(String, Vec<TicketId>)>;
type Make = fn(&mut Maker, &Ticket) -> Made;

const CLASSES: &[(&str, Make)] = &[
    ("full_name", |m, t| m.names(t, format!("{} {}", first(t), last(t)))),
    ("reversed", |m, t| m.names(t, format!("{} {}", last(t), first(t)))),
    ("last_prefix", |m, t| {
        let prefix = start(&plain(last(t)), 3 + m.rng.random_range(0..3));
        (prefix.chars().count() >= 3).then_some(())?;
        let targets = m.with(|_, last| last.starts_with(&prefix));
        Some((prefix, targets))
    }),
    ("parts_of_both", |m, t| {
        let (a, b) = (start(&plain(first(t)), 3), start(&plain(last(t)), 4));
        m.parts(&a, &b, format!("{a} {b}"))
    }),
    ("initial_last", |m, t| {
        let (a, b) = (start(&plain(first(t)), 1), plain(last(t)));
        m.parts(&a, &b, format!("{a} {b}"))
    }),
    ("first_last_initial", |m, t| {
        let (a, b) = (plain(first(t)), start(&plain(last(t)), 1));
        m.parts(&a, &b, format!("{a} {b}"))
    }),
    ("no_accents", |m, t| {
        // The vowel signs of Indic scripts are no accents: nobody leaves them out.
        let typed = format!("{} {}", unaccented(first(t)), unaccented(last(t)));
        let indic = typed.chars().any(|c| ('\u{900}'..'\u{e00}').contains(&c));
        (!indic && typed != format!("{} {}", first(t), last(t))).then_some(())?;
        m.names(t, typed)
    }),
    ("no_punctuation", |m, t| {
        let whole = format!("{} {}", first(t), last(t));
        whole.contains(['\'', '-']).then_some(())?;
        let with = *["", " "].choose(&mut m.rng)?;
        let typed =
            if with.is_empty() { whole.replace('\'', "").replace('-', " ") } else { whole.replace(['\'', '-'], " ") };
        m.names(t, typed.to_lowercase())
    }),
    ("oe_for_umlaut", |m, t| {
        let whole = format!("{} {}", first(t), last(t)).to_lowercase();
        whole.contains(['ö', 'ü', 'ä', 'ø']).then_some(())?;
        m.names(t, whole.replace(['ö', 'ø'], "oe").replace('ü', "ue").replace('ä', "ae"))
    }),
    ("run_together", |m, t| {
        let reversed = m.rng.random_bool(0.25);
        let (a, b) = (squeezed(first(t)), squeezed(last(t)));
        (a.is_ascii() && a.len() > 2 && b.len() > 2).then_some(())?;
        m.names(t, if reversed { format!("{b}{a}") } else { format!("{a}{b}") })
    }),
    ("cjk", |m, t| {
        let whole = format!("{}{}", last(t), first(t));
        (!whole.is_ascii() && whole.chars().all(|c| c >= '\u{3000}')).then_some(())?;
        m.names(t, whole)
    }),
    ("typo_substitution", |m, t| m.typo(t, &[substitute])),
    ("typo_swap", |m, t| m.typo(t, &[swap])),
    ("typo_insertion", |m, t| m.typo(t, &[insert])),
    ("typo_deletion", |m, t| m.typo(t, &[delete])),
    ("typo_two", |m, t| {
        let any = [substitute, swap, insert, delete];
        let two = [*any.choose(&mut m.rng)?, *any.choose(&mut m.rng)?];
        m.typo(t, &two)
    }),
    ("typo_partial", |m, t| {
        let (a, b) = (plain(first(t)), plain(last(t)));
        let part = start(&b, 5);
        (b.is_ascii() && a.is_ascii() && part.len() == 5 && b.len() > 6 && !part.contains(' ')).then_some(())?;
        let wrong = substitute(&mut m.rng, &part);
        m.clear_of(&wrong).then_some(())?;
        // Everyone of that first name whose last name starts so, but for one letter, was meant just as well.
        let one_off = |last: &str| {
            let start: Vec<char> = last.chars().take(5).collect();
            start.len() == 5 && start.iter().zip(wrong.chars()).filter(|(a, b)| **a != *b).count() <= 1
        };
        let targets = m.with(|first, last| (first == a || first.split(' ').any(|word| word == a)) && one_off(last));
        Some((format!("{a} {wrong}"), targets))
    }),
    ("typo_run_together", |m, t| {
        let (a, b) = (squeezed(first(t)), squeezed(last(t)));
        (a.is_ascii() && b.is_ascii() && a.len() > 3 && b.len() > 4).then_some(())?;
        let kind = *[substitute, swap, insert, delete].choose(&mut m.rng)?;
        let typed = kind(&mut m.rng, &format!("{a}{b}"));
        m.as_near(&m.known.squeezed, typed, &format!("{a}{b}"))
    }),
    ("sound_alike", |m, t| {
        let whole = plain(&format!("{} {}", first(t), last(t)));
        let swaps = [
            ("ph", "f"),
            ("th", "t"),
            ("ck", "k"),
            ("ei", "ie"),
            ("sch", "sh"),
            ("y", "i"),
            ("ll", "l"),
            ("tt", "t"),
            ("ca", "ka"),
            ("co", "ko"),
            ("cr", "kr"),
            ("ee", "ea"),
            ("ks", "x"),
            ("z", "s"),
        ];
        let fitting: Vec<_> = swaps.iter().filter(|swap| whole.contains(swap.0)).collect();
        let swap = fitting.choose(&mut m.rng)?;
        whole.is_ascii().then_some(())?;
        let typed = whole.replace(swap.0, swap.1);
        m.clear_of(&typed).then_some(())?;
        m.as_near(&m.known.distinct, typed, &whole)
    }),
    ("nickname", |m, t| {
        let pairs = [
            ("william", "bill"),
            ("robert", "bob"),
            ("elizabeth", "liz"),
            ("katherine", "kate"),
            ("margaret", "peggy"),
            ("richard", "dick"),
            ("james", "jim"),
            ("michael", "mike"),
            ("thomas", "tom"),
            ("josé", "pepe"),
            ("francisco", "paco"),
            ("giuseppe", "beppe"),
            ("katarzyna", "kasia"),
            ("aleksandr", "sasha"),
            ("дмитрий", "дима"),
            ("georgios", "giorgos"),
            ("stephen", "steve"),
            ("wolfgang", "wolf"),
            ("guadalupe", "lupe"),
            ("edward", "ted"),
        ];
        let lower = first(t).to_lowercase();
        let nick = pairs.iter().find(|pair| pair.0 == lower)?.1;
        let family = plain(last(t));
        let typed = format!("{nick} {family}");
        m.clear_of(&typed).then_some(())?;
        // Whose first name starts like the nickname was meant just as well.
        let targets = m.with(|first, last| last == family && (first == plain(&lower) || first.starts_with(nick)));
        Some((typed, targets))
    }),
    ("abbreviation", |m, t| {
        let (a, b) = (plain(first(t)), plain(last(t)));
        (a.is_ascii() && a.len() > 5 && b.is_ascii()).then_some(())?;
        // Without its vowels, but for the first letter of each word.
        let short: String = a
            .chars()
            .zip(std::iter::once(' ').chain(a.chars()))
            .filter(|(c, before)| *before == ' ' || !"aeiou".contains(*c))
            .map(|(c, _)| c)
            .collect();
        (short.len() >= 3 && short != a).then_some(())?;
        m.names(t, format!("{short} {b}"))
    }),
    ("email", |m, t| m.email(t, t.attendee.email.to_string())),
    ("email_local", |m, t| {
        let local = t.attendee.email.split('@').next()?.to_owned();
        let targets = m.known.locals.get(&local)?.clone();
        Some((local, targets))
    }),
    ("email_domain_name", |m, t| {
        let domain = t.attendee.email.split('@').nth(1)?;
        let (a, b) = (plain(last(t)), domain.split('.').next()?);
        let at = format!("@{b}.");
        let named = m.tickets.iter().zip(&m.known.plain).filter(|(_, (_, last))| *last == a);
        let targets = named.filter(|(t, _)| t.attendee.email.contains(&at)).map(|(t, _)| t.id.clone()).collect();
        Some((format!("{a} {b}"), targets))
    }),
    ("email_typo", |m, t| {
        let (local, domain) = t.attendee.email.split_once('@')?;
        let kind = *[substitute, swap, insert, delete].choose(&mut m.rng)?;
        let wrong = kind(&mut m.rng, local);
        (!m.known.locals.contains_key(&wrong)).then_some(())?;
        m.email(t, format!("{wrong}@{domain}"))
    }),
    ("phone_any_format", |m, t| {
        let raw = t.attendee.phone.as_ref()?;
        let all: String = digits(raw).map(char::from).collect();
        let typed = match m.rng.random_range(0..3) {
            0 => all.clone(),
            1 => all.as_bytes().chunks(3).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" "),
            _ => {
                let rest = raw
                    .strip_prefix("+61 ")
                    .or_else(|| raw.strip_prefix("+49 "))
                    .or_else(|| raw.strip_prefix("0033 "))?;
                format!("0{}", rest.replace(' ', "-"))
            }
        };
        Some((typed, m.known.phones.get(&end(&all, 9))?.clone()))
    }),
    ("phone_last4_name", |m, t| {
        let all: String = digits(t.attendee.phone.as_ref()?).map(char::from).collect();
        let (name, last4) = (plain(last(t)), end(&all, 4));
        let targets = m.known.last4.get(&last4)?.iter().filter(|place| plain(last(&m.tickets[**place])) == name);
        let targets = targets.map(|place| m.tickets[*place].id.clone()).collect();
        Some((format!("{name} {last4}"), targets))
    }),
    ("phone_last6", |m, t| {
        let all: String = digits(t.attendee.phone.as_ref()?).map(char::from).collect();
        let last6 = end(&all, 6);
        let places = m.known.last4.get(&end(&all, 4))?.iter();
        let ends = |place: &&usize| {
            m.tickets[**place]
                .attendee
                .phone
                .as_ref()
                .is_some_and(|phone| digits(phone).map(char::from).collect::<String>().ends_with(&last6))
        };
        let targets = places.filter(ends).map(|place| m.tickets[*place].id.clone()).collect();
        Some((last6.clone(), targets))
    }),
    ("phone_wrong_digit", |m, t| {
        let all: String = digits(t.attendee.phone.as_ref()?).map(char::from).collect();
        let place = m.rng.random_range(all.len() - 8..all.len());
        let other = m.rng.random_range(0..10u8);
        let mut wrong = all.clone().into_bytes();
        wrong[place] = b'0' + other;
        let wrong = String::from_utf8(wrong).ok()?;
        (wrong != all && !m.known.phones.contains_key(&end(&wrong, 9))).then_some(())?;
        Some((wrong, m.known.phones.get(&end(&all, 9))?.clone()))
    }),
    ("ticket_id", |_, t| Some((t.id.as_str().to_owned(), vec![t.id.clone()]))),
    ("order_id", |m, t| Some((t.order_id.as_str().to_owned(), m.known.orders.get(t.order_id.as_str())?.clone()))),
    ("ticket_last6", |m, t| m.known.ids(&end(t.id.as_str(), 6))),
    ("order_last6", |m, t| m.known.ids(&end(t.order_id.as_str(), 6))),
    ("id_look_alikes", |_, t| {
        let wrong = t.id.as_str()[4..].replace('0', "o").replace('1', "l").to_uppercase();
        Some((wrong, vec![t.id.clone()]))
    }),
    ("id_in_url", |_, t| Some((format!("https://tickets.example/t/{}?src=mail", t.id.as_str()), vec![t.id.clone()]))),
];

struct Maker<'a> {
    rng: ChaCha8Rng,
    tickets: &'a [Ticket],
    known: Known,
}

impl Maker<'_> {
    /// Everyone of the same name is a right answer.
    fn names(&self, ticket: &Ticket, typed: String) -> Made {
        (typed.trim().chars().count() > 1).then_some(())?;
        Some((typed, self.known.names.get(&name(ticket))?.clone()))
    }

    fn parts(&self, a: &str, b: &str, typed: String) -> Made {
        (!a.is_empty() && !b.is_empty()).then_some(())?;
        let fits = |first: &str, last: &str| {
            first.split(' ').any(|word| word.starts_with(a)) && last.split(' ').any(|word| word.starts_with(b))
                || last.starts_with(b) && first.starts_with(a)
        };
        Some((typed, self.with(fits)))
    }

    /// Everyone whose first and last name fit.
    fn with(&self, fits: impl Fn(&str, &str) -> bool) -> Vec<TicketId> {
        let named = self.tickets.iter().zip(&self.known.plain);
        named.filter(|(_, (first, last))| fits(first, last)).map(|(ticket, _)| ticket.id.clone()).collect()
    }

    fn typo(&mut self, ticket: &Ticket, kinds: &[fn(&mut ChaCha8Rng, &str) -> String]) -> Made {
        let whole = name(ticket);
        let mut typed = whole.clone();
        (typed.is_ascii() && typed.len() > 8).then_some(())?;
        for kind in kinds {
            typed = kind(&mut self.rng, &typed);
        }
        self.clear_of(&typed).then_some(())?;
        self.as_near(&self.known.distinct, typed, &whole)
    }

    /// Everyone whose name is as near to what was typed as the one it was made of is a right answer.
    fn as_near(&self, names: &[(Name, String)], typed: String, whole: &str) -> Made {
        let most = mistakes(&typed, whole);
        (most > 0).then_some(())?;
        let near = names.iter().filter(|(name, _)| name.is_within(&typed, most));
        let targets = near.flat_map(|(_, name)| &self.known.names[name]).cloned().collect();
        Some((typed, targets))
    }

    /// Whether nobody has exactly this name: else that one is the better answer.
    fn clear_of(&self, typed: &str) -> bool {
        !self.known.typed.contains(typed)
    }

    fn email(&self, ticket: &Ticket, typed: String) -> Made {
        Some((typed, self.known.emails.get(&*ticket.attendee.email)?.clone()))
    }
}

#[derive(Default)]
struct Known {
    plain: Vec<(String, String)>,
    names: HashMap<String, Vec<TicketId>>,
    /// Every name once, with its key in `names`; and run together.
    distinct: Vec<(Name, String)>,
    squeezed: Vec<(Name, String)>,
    typed: HashSet<String>,
    emails: HashMap<String, Vec<TicketId>>,
    locals: HashMap<String, Vec<TicketId>>,
    phones: HashMap<String, Vec<TicketId>>,
    last4: HashMap<String, Vec<usize>>,
    orders: HashMap<String, Vec<TicketId>>,
    ends: HashMap<String, Vec<TicketId>>,
}

impl Known {
    fn new(tickets: &[Ticket]) -> Self {
        let mut known = Self::default();
        for (place, ticket) in tickets.iter().enumerate() {
            let id = || ticket.id.clone();
            known.plain.push((plain(first(ticket)), plain(last(ticket))));
            known.names.entry(name(ticket)).or_default().push(id());
            known.typed.insert(plain(&format!("{} {}", first(ticket), last(ticket))));
            known.typed.insert(plain(last(ticket)));
            known.emails.entry(ticket.attendee.email.to_string()).or_default().push(id());
            let local = ticket.attendee.email.split('@').next().unwrap_or("").to_owned();
            known.locals.entry(local).or_default().push(id());
            known.orders.entry(ticket.order_id.as_str().to_owned()).or_default().push(id());
            for text in [ticket.id.as_str(), ticket.order_id.as_str()] {
                known.ends.entry(end(text, 6)).or_default().push(id());
            }
            if let Some(phone) = &ticket.attendee.phone {
                let all: String = digits(phone).map(char::from).collect();
                known.phones.entry(end(&all, 9)).or_default().push(id());
                known.last4.entry(end(&all, 4)).or_default().push(place);
            }
        }
        let mut names: Vec<_> = known.names.keys().cloned().collect();
        names.sort_unstable();
        known.squeezed = names.iter().map(|name| (Name::new(name.replace(' ', "")), name.clone())).collect();
        known.distinct = names.into_iter().map(|name| (Name::new(name.clone()), name)).collect();
        known
    }

    fn ids(&self, end: &str) -> Made {
        Some((end.to_owned(), self.ends.get(end)?.clone()))
    }
}

fn first(ticket: &Ticket) -> &str {
    &ticket.attendee.first_name
}

fn last(ticket: &Ticket) -> &str {
    &ticket.attendee.last_name
}

fn name(ticket: &Ticket) -> String {
    plain(&format!("{} {}", first(ticket), last(ticket)))
}

fn unaccented(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .collect::<String>()
        .replace('ł', "l")
        .replace('Ł', "L")
        .replace('ø', "o")
        .replace('Ø', "O")
}

/// Lower case, no accents, no punctuation.
fn plain(text: &str) -> String {
    let latin = text.is_ascii() || text.chars().any(|c| c.is_ascii_alphabetic());
    let text = if latin { unaccented(text) } else { text.to_owned() };
    let text = text
        .to_lowercase()
        .replace('ß', "ss")
        .replace('đ', "d")
        .replace('æ', "ae")
        .replace('þ', "th")
        .replace('ð', "d")
        .replace('ı', "i");
    text.replace(['\'', '’', '.'], "").replace('-', " ")
}

fn squeezed(text: &str) -> String {
    plain(text).replace(' ', "")
}

fn start(text: &str, letters: usize) -> String {
    text.chars().take(letters).collect::<String>().trim().to_owned()
}

fn end(text: &str, letters: usize) -> String {
    text.chars().skip(text.chars().count().saturating_sub(letters)).collect()
}
