//! Every list that leads to tickets, kept in step with them.

mod load;

use super::blocks::Blocks;
use super::keys;
use super::lexicon::{Lexicon, WordId};
use super::normalize::Words;
use super::postings::Postings;
use super::slots::{MAX_WORDS, Slot, Slots};
use super::sound;
use crate::domain::{Attendee, Ticket, TicketStatus, digits};

/// The lists: words, addresses, numbers, ids, and the order in which tickets are listed.
#[derive(Debug, Default)]
pub(super) struct Shelves {
    /// The words of names.
    pub names: Lexicon,
    /// The words by their sound; see [`sound::key`].
    pub sounds: Blocks<u32>,
    /// The sound of each word, or 0.
    pub sound_of: Vec<u32>,
    /// Who has the word in the first name.
    pub first: Vec<Postings>,
    /// Who has the word in the last name.
    pub last: Vec<Postings>,
    /// The domains of email addresses.
    pub domains: Lexicon,
    /// Who has an address there.
    pub by_domain: Vec<Postings>,
    /// Local parts of email addresses.
    pub emails: Blocks<u64>,
    /// The same, last letter first.
    pub emails_reversed: Blocks<u64>,
    /// National phone numbers.
    pub phones: Blocks<u32>,
    /// Phone numbers as written, last digit first.
    pub phones_reversed: Blocks<u32>,
    /// Ticket ids, last character first.
    pub tickets: Blocks<u32>,
    /// Order ids, last character first.
    pub orders: Blocks<u32>,
    /// Everyone in a status, by name.
    pub by_status: [Blocks<u64>; TicketStatus::ALL.len()],
    words: Words,
}

/// The two sides of an email address; all of it is the local part where there is no `@`.
pub(super) fn email_sides(email: &str) -> (&str, &str) {
    email.rsplit_once('@').unwrap_or((email, ""))
}

/// The keys of an email's local part, both ways; `None` for one without letters.
pub(super) fn email_keys(email: &str) -> Option<(u64, u64)> {
    let letters = keys::local_letters(email_sides(email).0);
    letters.clone().next()?;
    Some((*keys::emails(letters.clone()).start(), *keys::emails(letters.rev()).start()))
}

/// The keys of a phone number, both ways; `None` for one without digits.
pub(super) fn phone_keys(attendee: &Attendee) -> Option<(u32, u32)> {
    let phone = attendee.phone.as_ref()?;
    let all: Vec<u8> = digits(phone).collect();
    let national = keys::national(phone);
    (!all.is_empty())
        .then(|| (*keys::phones(national.bytes()).start(), *keys::phones(all.iter().rev().copied()).start()))
}

pub(super) fn id_key(id: &str) -> u32 {
    *keys::ids(id).start()
}

impl Shelves {
    /// Lists the ticket that was just put into `slot`.
    pub(super) fn add(&mut self, slots: &mut Slots, slot: Slot) {
        let ticket = slots.ticket(slot);
        let by_id = |other: Slot| slots.id_order(other, slot);
        self.tickets.insert(id_key(ticket.id.as_str()), slot, by_id);
        self.orders.insert(id_key(ticket.order_id.as_str()), slot, by_id);
        self.add_email(slots, slot);
        self.add_phone(slots, slot);
        self.read_name(slots, slot);
        self.add_name(slots, slot);
    }

    /// Unlists the ticket that is about to be taken out of `slot`.
    pub(super) fn remove(&mut self, slots: &mut Slots, slot: Slot) {
        let ticket = slots.ticket(slot);
        let by_id = |other: Slot| slots.id_order(other, slot);
        self.tickets.remove(id_key(ticket.id.as_str()), slot, by_id);
        self.orders.remove(id_key(ticket.order_id.as_str()), slot, by_id);
        self.remove_email(slots, slot, &ticket.attendee);
        self.remove_phone(slots, slot, &ticket.attendee);
        self.remove_name(slots, slot);
    }

    /// How many tickets carry a word.
    pub(super) fn carriers(&self, word: WordId) -> usize {
        self.first[word as usize].len() + self.last[word as usize].len()
    }

    /// Puts a newer state into `slot` and moves what changed; gives back the older.
    pub(super) fn replace(&mut self, slots: &mut Slots, slot: Slot, ticket: Ticket) -> Option<Ticket> {
        let known = slots.ticket(slot);
        let (old, new) = (&known.attendee, &ticket.attendee);
        let renamed = old.first_name != new.first_name || old.last_name != new.last_name;
        let (mailed, called) = (old.email != new.email, old.phone != new.phone);
        let (status, moved) = (known.status != ticket.status, known.order_id != ticket.order_id);
        // Lists are left by what they were entered with: before the ticket changes.
        if moved {
            self.orders.remove(id_key(known.order_id.as_str()), slot, |other| slots.id_order(other, slot));
        }
        if called {
            self.remove_phone(slots, slot, old);
        }
        if renamed {
            self.remove_name(slots, slot);
        } else if status {
            self.remove_status(slots, slot);
        }
        if mailed {
            self.remove_email(slots, slot, old);
            if !renamed {
                self.remove_domain(slots, slot);
            }
        }
        let known = slots.replace(slot, ticket);
        if moved {
            let order = id_key(slots.ticket(slot).order_id.as_str());
            self.orders.insert(order, slot, |other| slots.id_order(other, slot));
        }
        if called {
            self.add_phone(slots, slot);
        }
        if mailed {
            self.add_email(slots, slot);
            if !renamed {
                self.add_domain(slots, slot);
            }
        }
        if renamed {
            self.read_name(slots, slot);
            self.add_name(slots, slot);
        } else if status {
            self.add_status(slots, slot);
        }
        known
    }

    /// Reads a ticket's name into words and tells them to its face.
    fn read_name(&mut self, slots: &mut Slots, slot: Slot) {
        let (ids, first) = self.words_of(&slots.ticket(slot).attendee, Self::word);
        slots.set_name(slot, keys::name(self.words.iter()), &ids[..self.words.len()], first);
    }

    /// The words of a name, as `number` numbers them, and how many are the first name's.
    fn words_of(
        &mut self,
        attendee: &Attendee,
        number: impl Fn(&mut Self, &str) -> WordId,
    ) -> ([WordId; 2 * MAX_WORDS], usize) {
        let mut words = std::mem::take(&mut self.words);
        words.read(&attendee.first_name, MAX_WORDS);
        let first = words.len();
        words.read_more(&attendee.last_name, first + MAX_WORDS);
        let mut ids = [0; 2 * MAX_WORDS];
        ids.iter_mut().zip(words.iter()).for_each(|(id, word)| *id = number(self, word));
        self.words = words;
        (ids, first)
    }

    /// The number of a word; a new one gets its lists.
    fn word(&mut self, word: &str) -> WordId {
        let (id, new) = self.names.intern(word);
        if new {
            self.first.push(Postings::default());
            self.last.push(Postings::default());
            let sound = sound::key(word).unwrap_or(0);
            self.sound_of.push(sound);
            if sound != 0 {
                self.sounds.insert(sound, id, |other| other.cmp(&id));
            }
        }
        id
    }

    /// Enters a ticket into every list that is in the order of names.
    fn add_name(&mut self, slots: &Slots, slot: Slot) {
        let Self { names, first, last, .. } = self;
        let words = slots.words(slot);
        for (place, word) in distinct(words.all, words.first) {
            let list = if place < words.first { &mut first[word as usize] } else { &mut last[word as usize] };
            list.insert(slot, |other| slots.face(other).name, |other| slots.order(names, other, slot));
        }
        self.add_domain(slots, slot);
        self.add_status(slots, slot);
    }

    fn remove_name(&mut self, slots: &Slots, slot: Slot) {
        let Self { names, first, last, .. } = self;
        let words = slots.words(slot);
        for (place, word) in distinct(words.all, words.first) {
            let list = if place < words.first { &mut first[word as usize] } else { &mut last[word as usize] };
            list.remove(slot, |other| slots.face(other).name, |other| slots.order(names, other, slot));
        }
        self.remove_domain(slots, slot);
        self.remove_status(slots, slot);
    }

    fn add_status(&mut self, slots: &Slots, slot: Slot) {
        let face = slots.face(slot);
        self.by_status[usize::from(face.status)].insert(face.name, slot, |other| slots.order(&self.names, other, slot));
    }

    fn remove_status(&mut self, slots: &Slots, slot: Slot) {
        let face = slots.face(slot);
        self.by_status[usize::from(face.status)].remove(face.name, slot, |other| slots.order(&self.names, other, slot));
    }

    fn add_domain(&mut self, slots: &Slots, slot: Slot) {
        let list = &mut self.by_domain[slots.face(slot).domain as usize];
        list.insert(slot, |other| slots.face(other).name, |other| slots.order(&self.names, other, slot));
    }

    fn remove_domain(&mut self, slots: &Slots, slot: Slot) {
        let list = &mut self.by_domain[slots.face(slot).domain as usize];
        list.remove(slot, |other| slots.face(other).name, |other| slots.order(&self.names, other, slot));
    }

    /// Enters a ticket into the lists of addresses and tells its face the domain.
    fn add_email(&mut self, slots: &mut Slots, slot: Slot) {
        let email = &slots.ticket(slot).attendee.email;
        if let Some((forward, reversed)) = email_keys(email) {
            self.emails.insert(forward, slot, |other| slots.id_order(other, slot));
            self.emails_reversed.insert(reversed, slot, |other| slots.id_order(other, slot));
        }
        let (domain, new) = with_domain(email, |domain| self.domains.intern(domain));
        if new {
            self.by_domain.push(Postings::default());
        }
        slots.set_domain(slot, domain);
    }

    fn remove_email(&mut self, slots: &Slots, slot: Slot, attendee: &Attendee) {
        if let Some((forward, reversed)) = email_keys(&attendee.email) {
            self.emails.remove(forward, slot, |other| slots.id_order(other, slot));
            self.emails_reversed.remove(reversed, slot, |other| slots.id_order(other, slot));
        }
    }

    fn add_phone(&mut self, slots: &Slots, slot: Slot) {
        if let Some((forward, reversed)) = phone_keys(&slots.ticket(slot).attendee) {
            self.phones.insert(forward, slot, |other| slots.id_order(other, slot));
            self.phones_reversed.insert(reversed, slot, |other| slots.id_order(other, slot));
        }
    }

    fn remove_phone(&mut self, slots: &Slots, slot: Slot, attendee: &Attendee) {
        if let Some((forward, reversed)) = phone_keys(attendee) {
            self.phones.remove(forward, slot, |other| slots.id_order(other, slot));
            self.phones_reversed.remove(reversed, slot, |other| slots.id_order(other, slot));
        }
    }
}

/// Hands on the domain of an address, in lower case and of a length that a lexicon takes.
fn with_domain<T>(email: &str, take: impl FnOnce(&str) -> T) -> T {
    let domain = email_sides(email).1;
    if u8::try_from(domain.len()).is_ok() && domain.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return take(domain);
    }
    let mut domain = domain.to_lowercase();
    while domain.len() > usize::from(u8::MAX) {
        domain.pop();
    }
    take(&domain)
}

/// The words of a name with their places, each once in the first name and once in the last.
fn distinct(words: &[WordId], first: usize) -> impl Iterator<Item = (usize, WordId)> {
    words.iter().copied().enumerate().filter(move |(place, word)| {
        let start = if *place < first { 0 } else { first };
        !words[start..*place].contains(word)
    })
}
