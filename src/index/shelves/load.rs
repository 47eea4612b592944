//! All lists at once, for many tickets: sorted once instead of kept in order ticket by ticket.

use super::{Shelves, distinct, email_keys, id_key, phone_keys, with_domain};
use crate::domain::TicketStatus;
use crate::index::blocks::Blocks;
use crate::index::keys;
use crate::index::lexicon::{Lexicon, WordId};
use crate::index::postings::Postings;
use crate::index::slots::{Slot, Slots};
use crate::index::sound;

/// Keys and what they stand for, before they are sorted.
type Entries<K> = Vec<(K, u32)>;

/// The words of a name: its key, how many they are, and how many are the first name's.
type Name = (u64, usize, usize);

impl Shelves {
    /// The lists of all tickets in `slots`, which were just put there; made on two threads.
    pub(in crate::index) fn load(slots: &mut Slots) -> Self {
        let (mut addresses, (mut shelves, names, words)) = both(|| Addresses::read(slots), || Self::read_names(slots));
        shelves.number_domains(slots, &mut addresses);
        shelves.number_words(slots, &names, words);
        let (slots_read, ranks) = (&*slots, std::mem::take(&mut addresses.ranks));
        let (lists, order) = both(|| addresses.lists(&ranks), || shelves.in_order(slots_read, &ranks));
        shelves.load_names(slots_read, &order);
        (shelves.tickets, shelves.orders) = lists.ids;
        (shelves.phones, shelves.phones_reversed) = lists.phones;
        (shelves.emails, shelves.emails_reversed) = lists.emails;
        slots.shrink();
        shelves
    }

    /// Reads every name into words, which are in no order yet.
    fn read_names(slots: &Slots) -> (Self, Vec<Name>, Vec<WordId>) {
        let (mut shelves, mut names, mut words) = (Self::default(), Vec::new(), Vec::new());
        names.reserve_exact(slots.len());
        for ticket in slots.tickets() {
            let intern = |shelves: &mut Self, word: &str| shelves.names.intern_unsorted(word).0;
            let (ids, first) = shelves.words_of(&ticket.attendee, intern);
            names.push((keys::name(shelves.words.iter()), shelves.words.len(), first));
            words.extend_from_slice(&ids[..shelves.words.len()]);
        }
        (shelves, names, words)
    }

    /// Puts the words in order, and tells them to the faces of their tickets.
    fn number_words(&mut self, slots: &mut Slots, names: &[Name], mut words: Vec<WordId>) {
        let numbers = self.names.sort();
        for word in &mut words {
            *word = numbers[*word as usize];
        }
        let mut rest = &words[..];
        for (slot, (key, count, first)) in slots.all().collect::<Vec<_>>().into_iter().zip(names) {
            let (own, others) = rest.split_at(*count);
            slots.set_name(slot, *key, own, *first);
            rest = others;
        }
        let sound = |id| sound::key(self.names.text(id)).unwrap_or(0);
        self.sound_of = (0..).take(self.names.len()).map(sound).collect();
        let mut sounds: Entries<u32> =
            self.sound_of.iter().copied().zip(0..).filter(|(sound, _)| *sound != 0).collect();
        sounds.sort_unstable();
        self.sounds = Blocks::from_sorted(&sounds);
    }

    /// Puts the domains in order, and tells them to the faces of their tickets.
    fn number_domains(&mut self, slots: &mut Slots, addresses: &mut Addresses) {
        self.domains = std::mem::take(&mut addresses.domains);
        let numbers = self.domains.sort();
        let domains = addresses.domain_of.iter().map(|domain| numbers[*domain as usize]);
        for (slot, domain) in slots.all().collect::<Vec<_>>().into_iter().zip(domains) {
            slots.set_domain(slot, domain);
        }
    }

    /// Every ticket in the order of names, and of ids where names are alike.
    fn in_order(&self, slots: &Slots, ranks: &Ranks) -> Entries<u64> {
        let named = slots.all().map(|slot| (slots.face(slot).name, ranks.of_slot[slot as usize]));
        let mut order = ranks.sorted(named.collect());
        // Where names differ beyond what a key tells, their tickets are in the order of ids so far.
        for run in order.chunk_by_mut(|a, b| a.0 == b.0) {
            let words = slots.words(run[0].1).all;
            if run.iter().any(|(_, slot)| slots.words(*slot).all != words) {
                run.sort_unstable_by(|a, b| slots.order(&self.names, a.1, b.1));
            }
        }
        order
    }

    /// The lists that are in the order of names.
    fn load_names(&mut self, slots: &Slots, order: &[(u64, Slot)]) {
        let (words, domains) = (self.names.len(), self.domains.len());
        let in_status = |status: TicketStatus| {
            let listed = order.iter().copied().filter(|(_, slot)| slots.face(*slot).status == status as u8);
            Blocks::from_sorted(&listed.collect::<Vec<_>>())
        };
        let first = |slot, deal: &mut dyn FnMut(u32)| {
            let words = slots.words(slot);
            distinct(&words.all[..words.first], words.first).for_each(|(_, word)| deal(word));
        };
        let last = |slot, deal: &mut dyn FnMut(u32)| {
            let words = slots.words(slot);
            distinct(&words.all[words.first..], 0).for_each(|(_, word)| deal(word));
        };
        let domain = |slot, deal: &mut dyn FnMut(u32)| deal(slots.face(slot).domain);
        ((self.first, self.by_status), (self.last, self.by_domain)) = both(
            || (dealt(order, words, first), TicketStatus::ALL.map(in_status)),
            || (dealt(order, words, last), dealt(order, domains, domain)),
        );
    }
}

/// The tickets in the order of their ids, which decides between equal keys.
///
/// A place in it sorts as fast as a number; a ticket would have to be read for each comparison.
#[derive(Default)]
struct Ranks {
    slots: Vec<Slot>,
    of_slot: Vec<u32>,
}

impl Ranks {
    fn read(slots: &Slots) -> Self {
        let mut ranks = Self { slots: slots.by_id(), of_slot: vec![0; slots.capacity()] };
        for (rank, slot) in (0..).zip(&ranks.slots) {
            ranks.of_slot[*slot as usize] = rank;
        }
        ranks
    }

    /// Sorts entries that stand for ranks; then they stand for slots.
    fn sorted<K: Copy + Ord>(&self, mut entries: Entries<K>) -> Entries<K> {
        entries.sort_unstable();
        for (_, place) in &mut entries {
            *place = self.slots[*place as usize];
        }
        entries
    }

    fn blocks<K: Copy + Ord>(&self, entries: Entries<K>) -> Blocks<K> {
        Blocks::from_sorted(&self.sorted(entries))
    }
}

/// What was read of all tickets besides names, before it is sorted: keys with the ranks of their tickets.
#[derive(Default)]
struct Addresses {
    ranks: Ranks,
    tickets: Entries<u32>,
    orders: Entries<u32>,
    phones: Entries<u32>,
    phones_reversed: Entries<u32>,
    emails: Entries<u64>,
    emails_reversed: Entries<u64>,
    domains: Lexicon,
    domain_of: Vec<WordId>,
}

/// The lists of ids, phones and emails.
struct AddressLists {
    ids: (Blocks<u32>, Blocks<u32>),
    phones: (Blocks<u32>, Blocks<u32>),
    emails: (Blocks<u64>, Blocks<u64>),
}

impl Addresses {
    fn read(slots: &Slots) -> Self {
        let mut read = Self { ranks: Ranks::read(slots), ..Self::default() };
        for slot in slots.all() {
            let (ticket, rank) = (slots.ticket(slot), read.ranks.of_slot[slot as usize]);
            read.tickets.push((id_key(ticket.id.as_str()), rank));
            read.orders.push((id_key(ticket.order_id.as_str()), rank));
            if let Some((forward, reversed)) = phone_keys(&ticket.attendee) {
                read.phones.push((forward, rank));
                read.phones_reversed.push((reversed, rank));
            }
            if let Some((forward, reversed)) = email_keys(&ticket.attendee.email) {
                read.emails.push((forward, rank));
                read.emails_reversed.push((reversed, rank));
            }
            let domain = with_domain(&ticket.attendee.email, |domain| read.domains.intern_unsorted(domain).0);
            read.domain_of.push(domain);
        }
        read
    }

    fn lists(self, ranks: &Ranks) -> AddressLists {
        AddressLists {
            ids: (ranks.blocks(self.tickets), ranks.blocks(self.orders)),
            phones: (ranks.blocks(self.phones), ranks.blocks(self.phones_reversed)),
            emails: (ranks.blocks(self.emails), ranks.blocks(self.emails_reversed)),
        }
    }
}

/// Does two things at once.
fn both<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), other)
    })
}

/// Deals tickets, which come in the order of names, to the `count` lists that `lists_of` names for each.
///
/// Two rounds: the first counts, so that in the second every list lies in its own part of one piece of memory.
fn dealt(order: &[(u64, Slot)], count: usize, lists_of: impl Fn(Slot, &mut dyn FnMut(u32))) -> Vec<Postings> {
    let mut ends = vec![0; count + 1];
    for (_, slot) in order {
        lists_of(*slot, &mut |list| ends[list as usize + 1] += 1);
    }
    for list in 1..ends.len() {
        ends[list] += ends[list - 1];
    }
    let mut next = ends.clone();
    let mut entries = vec![(0, 0); ends[count]];
    for entry in order {
        lists_of(entry.1, &mut |list| {
            entries[next[list as usize]] = *entry;
            next[list as usize] += 1;
        });
    }
    ends.windows(2).map(|part| Postings::from_sorted(&entries[part[0]..part[1]])).collect()
}
