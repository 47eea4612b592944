//! All lists at once, for many tickets: sorted once instead of kept in order ticket by ticket.

use super::{Shelves, distinct, email_keys, id_key, phone_keys, with_domain};
use crate::domain::TicketStatus;
use crate::index::blocks::Blocks;
use crate::index::keys;
use crate::index::postings::Postings;
use crate::index::slots::{Slot, Slots};
use crate::index::sound;

/// A list's entries before it is sorted.
type Entries<K> = Vec<(K, Slot)>;

impl Shelves {
    /// The lists of all tickets in `slots`, which were just put there.
    pub(in crate::index) fn load(slots: &mut Slots) -> Self {
        let mut shelves = Self::default();
        shelves.load_addresses(slots);
        shelves.load_words(slots);
        shelves.load_names(slots);
        slots.shrink();
        shelves
    }

    fn load_words(&mut self, slots: &mut Slots) {
        for slot in slots.all().collect::<Vec<_>>() {
            let attendee = &slots.ticket(slot).attendee;
            let (ids, first) = self.words_of(attendee, |shelves, word| shelves.names.intern_unsorted(word).0);
            slots.set_name(slot, keys::name(self.words.iter()), &ids[..self.words.len()], first);
        }
        let numbers = self.names.sort();
        slots.renumber_words(&numbers);
        let sound = |id| sound::key(self.names.text(id)).unwrap_or(0);
        self.sound_of = (0..).take(self.names.len()).map(sound).collect();
        let mut sounds: Entries<u32> =
            self.sound_of.iter().copied().zip(0..).filter(|(sound, _)| *sound != 0).collect();
        sounds.sort_unstable();
        self.sounds = Blocks::from_sorted(&sounds);
    }

    /// The lists that are in the order of names.
    fn load_names(&mut self, slots: &Slots) {
        let mut order: Entries<u64> = slots.all().map(|slot| (slots.face(slot).name, slot)).collect();
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| slots.order(&self.names, a.1, b.1)));
        self.by_domain = dealt(&order, self.domains.len(), |slot, deal| deal(slots.face(slot).domain));
        self.first = dealt(&order, self.names.len(), |slot, deal| {
            let words = slots.words(slot);
            distinct(&words.all[..words.first], words.first).for_each(|(_, word)| deal(word));
        });
        self.last = dealt(&order, self.names.len(), |slot, deal| {
            let words = slots.words(slot);
            distinct(&words.all[words.first..], 0).for_each(|(_, word)| deal(word));
        });
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
        let (mut emails, mut emails_reversed) = (Vec::new(), Vec::new());
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
            let domain = with_domain(&ticket.attendee.email, |domain| self.domains.intern_unsorted(domain).0);
            slots.set_domain(slot, domain);
        }
        let numbers = self.domains.sort();
        slots.renumber_domains(&numbers);
        for (list, entries) in [
            (&mut self.tickets, tickets),
            (&mut self.orders, orders),
            (&mut self.phones, phones),
            (&mut self.phones_reversed, phones_reversed),
        ] {
            *list = sorted(entries, slots);
        }
        self.emails = sorted(emails, slots);
        self.emails_reversed = sorted(emails_reversed, slots);
    }
}

fn sorted<K: Copy + Ord>(mut entries: Entries<K>, slots: &Slots) -> Blocks<K> {
    entries.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| slots.id_order(a.1, b.1)));
    Blocks::from_sorted(&entries)
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
