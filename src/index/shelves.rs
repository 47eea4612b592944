//! Every list that leads to tickets, kept in step with them.

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
    pub by_domain: Blocks<u32>,
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
        let by_slot = |other: Slot| other.cmp(&slot);
        self.tickets.insert(id_key(ticket.id.as_str()), slot, by_slot);
        self.orders.insert(id_key(ticket.order_id.as_str()), slot, by_slot);
        self.add_email(slots, slot);
        self.add_phone(slots, slot);
        self.add_name(slots, slot);
        self.add_status(slots, slot);
    }

    /// Unlists the ticket that is about to be taken out of `slot`.
    pub(super) fn remove(&mut self, slots: &mut Slots, slot: Slot) {
        let ticket = slots.ticket(slot).clone();
        let by_slot = |other: Slot| other.cmp(&slot);
        self.tickets.remove(id_key(ticket.id.as_str()), slot, by_slot);
        self.orders.remove(id_key(ticket.order_id.as_str()), slot, by_slot);
        self.remove_email(slots, slot, &ticket.attendee);
        self.remove_phone(slot, &ticket.attendee);
        self.remove_status(slots, slot, ticket.status);
        self.remove_name(slots, slot);
    }

    /// How many tickets carry a word.
    pub(super) fn carriers(&self, word: WordId) -> usize {
        self.first[word as usize].len() + self.last[word as usize].len()
    }

    /// Puts a newer state into `slot` and moves what changed; gives back the older.
    pub(super) fn replace(&mut self, slots: &mut Slots, slot: Slot, ticket: Ticket) -> Option<Ticket> {
        let known = slots.ticket(slot);
        let status = known.status;
        let (old, new) = (&known.attendee, &ticket.attendee);
        let renamed = old.first_name != new.first_name || old.last_name != new.last_name;
        let (mailed, called) = (old.email != new.email, old.phone != new.phone);
        let moved = (known.order_id != ticket.order_id)
            .then(|| (id_key(known.order_id.as_str()), id_key(ticket.order_id.as_str())));
        let old = (mailed || called).then(|| old.clone());
        let relisted = renamed || status != ticket.status;
        if relisted {
            self.remove_status(slots, slot, status);
        }
        if renamed {
            self.remove_name(slots, slot);
        }
        let known = slots.replace(slot, ticket);
        if let Some(old) = old.as_ref().filter(|_| mailed) {
            self.remove_email(slots, slot, old);
            self.add_email(slots, slot);
        }
        if let Some(old) = old.as_ref().filter(|_| called) {
            self.remove_phone(slot, old);
            self.add_phone(slots, slot);
        }
        if let Some((from, to)) = moved {
            self.orders.remove(from, slot, |other| other.cmp(&slot));
            self.orders.insert(to, slot, |other| other.cmp(&slot));
        }
        if renamed {
            self.add_name(slots, slot);
        }
        if relisted {
            self.add_status(slots, slot);
        }
        known
    }

    /// Every tickets' lists at once, for slots that were just filled.
    pub(super) fn load(slots: &mut Slots) -> Self {
        let mut shelves = Self::default();
        shelves.load_names(slots);
        shelves.load_addresses(slots);
        slots.shrink();
        shelves
    }

    fn load_names(&mut self, slots: &mut Slots) {
        let all: Vec<Slot> = slots.all().collect();
        for slot in &all {
            self.name(slots, *slot, true);
        }
        self.names.sort();
        let words = (0..).take(self.names.len());
        self.sound_of = words.map(|id: WordId| sound::key(self.names.text(id)).unwrap_or(0)).collect();
        let mut sounds: Vec<_> = self.sound_of.iter().copied().zip(0..).filter(|(sound, _)| *sound != 0).collect();
        sounds.sort_unstable();
        self.sounds = Blocks::from_sorted(&sounds);
        let mut order: Vec<_> = all.into_iter().map(|slot| (slots.face(slot).name, slot)).collect();
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| slots.order(&self.names, a.1, b.1)));
        let size = self.names.len();
        (self.first, self.last) = (vec![Postings::default(); size], vec![Postings::default(); size]);
        for (_, slot) in &order {
            let words = slots.words(*slot);
            for (place, word) in distinct(words.all, words.first) {
                let lists = if place < words.first { &mut self.first } else { &mut self.last };
                lists[word as usize].push(*slot);
            }
        }
        self.first.iter_mut().chain(&mut self.last).for_each(Postings::shrink);
        for status in TicketStatus::ALL {
            let listed: Vec<_> =
                order.iter().copied().filter(|(_, slot)| slots.face(*slot).status == status as u8).collect();
            self.by_status[status as usize] = Blocks::from_sorted(&listed);
        }
    }

    fn load_addresses(&mut self, slots: &mut Slots) {
        let all: Vec<Slot> = slots.all().collect();
        let (mut tickets, mut orders) = (Vec::with_capacity(all.len()), Vec::with_capacity(all.len()));
        let (mut phones, mut phones_reversed) = (Vec::new(), Vec::new());
        let (mut emails, mut emails_reversed, mut domains) = (Vec::new(), Vec::new(), Vec::new());
        for slot in all {
            let ticket = slots.ticket(slot);
            tickets.push((id_key(ticket.id.as_str()), slot));
            orders.push((id_key(ticket.order_id.as_str()), slot));
            if let Some((forward, reversed)) = phone_keys(&ticket.attendee) {
                phones.push((forward, slot));
                phones_reversed.push((reversed, slot));
            }
            if let Some((forward, reversed)) = email_keys(&ticket.attendee.email) {
                emails.push((forward, slot));
                emails_reversed.push((reversed, slot));
            }
            let domain = self.domain(&slots.ticket(slot).attendee.email, true);
            slots.set_domain(slot, domain);
            domains.push((domain, slot));
        }
        self.domains.sort();
        for (list, entries) in [
            (&mut self.tickets, tickets),
            (&mut self.orders, orders),
            (&mut self.phones, phones),
            (&mut self.phones_reversed, phones_reversed),
            (&mut self.by_domain, domains),
        ] {
            *list = sorted(entries);
        }
        self.emails = sorted(emails);
        self.emails_reversed = sorted(emails_reversed);
    }

    /// Reads a ticket's name into words and tells them to its face.
    fn name(&mut self, slots: &mut Slots, slot: Slot, loading: bool) {
        let attendee = &slots.ticket(slot).attendee;
        self.words.read(&attendee.first_name, MAX_WORDS);
        let first = self.words.len();
        self.words.read_more(&attendee.last_name, first + MAX_WORDS);
        let mut ids = [0; 2 * MAX_WORDS];
        for (id, word) in ids.iter_mut().zip(self.words.iter()) {
            let (word_id, new) = if loading { self.names.intern_unsorted(word) } else { self.names.intern(word) };
            *id = word_id;
            if new && !loading {
                self.first.push(Postings::default());
                self.last.push(Postings::default());
                let sound = sound::key(word).unwrap_or(0);
                self.sound_of.push(sound);
                if sound != 0 {
                    self.sounds.insert(sound, word_id, |other| other.cmp(&word_id));
                }
            }
        }
        let key = keys::name(self.words.iter());
        slots.set_name(slot, key, &ids[..self.words.len()], first);
    }

    fn add_name(&mut self, slots: &mut Slots, slot: Slot) {
        self.name(slots, slot, false);
        let words = slots.words(slot);
        for (place, word) in distinct(words.all, words.first) {
            let lists = if place < words.first { &mut self.first } else { &mut self.last };
            lists[word as usize].insert(slot, |other| slots.order(&self.names, other, slot));
        }
    }

    fn remove_name(&mut self, slots: &Slots, slot: Slot) {
        let words = slots.words(slot);
        for (place, word) in distinct(words.all, words.first) {
            let lists = if place < words.first { &mut self.first } else { &mut self.last };
            lists[word as usize].remove(slot, |other| slots.order(&self.names, other, slot));
        }
    }

    fn add_status(&mut self, slots: &Slots, slot: Slot) {
        let face = slots.face(slot);
        self.by_status[usize::from(face.status)].insert(face.name, slot, |other| slots.order(&self.names, other, slot));
    }

    fn remove_status(&mut self, slots: &Slots, slot: Slot, status: TicketStatus) {
        self.by_status[status as usize]
            .remove(slots.face(slot).name, slot, |other| slots.order(&self.names, other, slot));
    }

    fn domain(&mut self, email: &str, loading: bool) -> WordId {
        let domain = email_sides(email).1;
        if domain.len() <= usize::from(u8::MAX)
            && domain.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
        {
            return if loading { self.domains.intern_unsorted(domain).0 } else { self.domains.intern(domain).0 };
        }
        let mut domain = domain.to_lowercase();
        while domain.len() > usize::from(u8::MAX) {
            domain.pop();
        }
        if loading { self.domains.intern_unsorted(&domain).0 } else { self.domains.intern(&domain).0 }
    }

    fn add_email(&mut self, slots: &mut Slots, slot: Slot) {
        let by_slot = |other: Slot| other.cmp(&slot);
        let email = slots.ticket(slot).attendee.email.clone();
        if let Some((forward, reversed)) = email_keys(&email) {
            self.emails.insert(forward, slot, by_slot);
            self.emails_reversed.insert(reversed, slot, by_slot);
        }
        let domain = self.domain(&email, false);
        slots.set_domain(slot, domain);
        self.by_domain.insert(domain, slot, by_slot);
    }

    fn remove_email(&mut self, slots: &Slots, slot: Slot, attendee: &Attendee) {
        let by_slot = |other: Slot| other.cmp(&slot);
        if let Some((forward, reversed)) = email_keys(&attendee.email) {
            self.emails.remove(forward, slot, by_slot);
            self.emails_reversed.remove(reversed, slot, by_slot);
        }
        self.by_domain.remove(slots.face(slot).domain, slot, by_slot);
    }

    fn add_phone(&mut self, slots: &Slots, slot: Slot) {
        if let Some((forward, reversed)) = phone_keys(&slots.ticket(slot).attendee) {
            self.phones.insert(forward, slot, |other| other.cmp(&slot));
            self.phones_reversed.insert(reversed, slot, |other| other.cmp(&slot));
        }
    }

    fn remove_phone(&mut self, slot: Slot, attendee: &Attendee) {
        if let Some((forward, reversed)) = phone_keys(attendee) {
            self.phones.remove(forward, slot, |other| other.cmp(&slot));
            self.phones_reversed.remove(reversed, slot, |other| other.cmp(&slot));
        }
    }
}

fn sorted<K: Copy + Ord>(mut entries: Vec<(K, Slot)>) -> Blocks<K> {
    entries.sort_unstable();
    Blocks::from_sorted(&entries)
}

/// The words of a name with their places, each once in the first name and once in the last.
fn distinct(words: &[WordId], first: usize) -> impl Iterator<Item = (usize, WordId)> {
    words.iter().copied().enumerate().filter(move |(place, word)| {
        let start = if *place < first { 0 } else { first };
        !words[start..*place].contains(word)
    })
}
