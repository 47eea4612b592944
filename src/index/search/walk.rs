//! A walk through lists of tickets that several typed words must fit.

use super::Search;
use super::fit::AHEAD;
use crate::index::postings::Postings;
use crate::index::rank::Quality;
use crate::index::slots::Slot;
use crate::index::tokens::Class;

/// Lists, each with the best that a ticket of it can be.
pub(super) type Lists<'a> = Vec<(Quality, &'a Postings)>;

/// What tickets are judged by.
pub(super) struct Stage {
    pub reading: usize,
    pub class: Class,
    /// Whether a typed word may stand in any field of the ticket.
    pub asked: bool,
    /// A typed word that has one mistake at most, whatever the class of the others.
    pub near: Option<usize>,
    /// Candidates after which it ends once every row has a hit.
    pub patience: usize,
}

/// How to go on after a handful of tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// With the next.
    On,
    /// Nothing better can come of this list.
    Past(usize),
    /// There were enough.
    Enough,
}

impl<'a> Search<'a> {
    /// Judges those tickets of some lists that pass, each list until nothing better can come of it; false
    /// where there were enough.
    pub(super) fn walk(&mut self, stage: &Stage, lists: Lists<'a>, passes: impl Fn(Slot) -> bool) -> bool {
        let mut ahead = Vec::with_capacity(AHEAD);
        'lists: for (at, (least, list)) in lists.into_iter().enumerate() {
            for piece in list.pieces() {
                if !self.work.scan(piece.len()) {
                    self.cut = true;
                    break 'lists;
                }
                for slot in piece.iter().filter(|slot| passes(**slot)) {
                    ahead.push((*slot, least, at));
                    if ahead.len() == AHEAD {
                        match self.look(stage, &mut ahead) {
                            Look::Past(list) if list == at => continue 'lists,
                            Look::On | Look::Past(_) => {}
                            Look::Enough => return false,
                        }
                    }
                }
            }
        }
        self.look(stage, &mut ahead) != Look::Enough
    }

    /// Judges a handful of tickets.
    fn look(&mut self, stage: &Stage, ahead: &mut Vec<(Slot, Quality, usize)>) -> Look {
        if !self.work.glance(ahead.len()) {
            self.cut = true;
            return Look::Enough;
        }
        let class_of = |token| Some(if stage.near == Some(token) { Class::Sound } else { stage.class });
        let passes = |face| stage.asked || self.may_fit(stage.reading, face, class_of);
        let glances = self.glance(ahead.iter().map(|(slot, ..)| *slot), passes);
        let mut settled = None;
        for ((slot, least, at), (face, hopeful)) in ahead.drain(..).zip(glances) {
            if !hopeful || settled == Some(at) {
                continue;
            }
            if !self.may_look() {
                return Look::Enough;
            }
            if self.is_settled(slot, face.name, least, 0, false) {
                self.cut = true;
                settled = Some(at);
            } else if self.is_full() && self.work.candidates >= stage.patience {
                self.cut = true;
                return Look::Enough;
            } else {
                self.judge_closely(stage.reading, slot, stage.class, stage.asked);
            }
        }
        settled.map_or(Look::On, Look::Past)
    }
}
