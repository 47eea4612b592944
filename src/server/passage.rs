//! What a check-in or check-out by key does to a ticket or an order: the contract's rules, as a pure decision.

use crate::domain::{Act, ScanKind, TicketStatus, Transition, transition};

/// A ticket, as far as the rules look at it; tiers and sections by key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub status: TicketStatus,
    pub admission: i64,
    pub section: Option<i64>,
}

/// What is asked at the door.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gate {
    /// Tiers that enter here; `None` is all.
    pub admissions: Option<Vec<i64>>,
    /// Sections that enter here; `None` is all.
    pub sections: Option<Vec<i64>>,
    /// The operator knows that the order is partly in.
    pub allow_partial: bool,
}

/// The rule that refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    Cancelled,
    FilteredOut,
    Noop,
    Partial,
}

/// A ticket that moves, by its place among those that were looked at, and the status that the table gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Move {
    pub place: usize,
    pub to: TicketStatus,
}

/// Which of the tickets move; never none.
///
/// The event has been compared before. Tested in the contract's order: cancelled, filter (check-in only),
/// no-op, partial (orders only). On an order, tickets that are cancelled or enter elsewhere are left out.
pub(crate) fn decide(
    kind: ScanKind,
    whole_order: bool,
    tickets: &[Candidate],
    gate: &Gate,
) -> Result<Vec<Move>, Refused> {
    let places = |fits: &dyn Fn(&Candidate) -> bool, among: &[usize]| -> Vec<usize> {
        among.iter().copied().filter(|place| tickets.get(*place).is_some_and(fits)).collect()
    };
    let all: Vec<_> = (0..tickets.len()).collect();
    let valid = places(&|ticket| ticket.status != TicketStatus::Cancelled, &all);
    if valid.is_empty() {
        return Err(Refused::Cancelled);
    }
    let here = match kind {
        ScanKind::CheckIn => places(&|ticket| gate.admits(ticket), &valid),
        ScanKind::CheckOut => valid,
    };
    if here.is_empty() {
        return Err(Refused::FilteredOut);
    }
    let moved = |place: &usize| match transition(tickets.get(*place)?.status, Act::from(kind)) {
        Transition::To(to) => Some(Move { place: *place, to }),
        Transition::NoChange | Transition::Refused(_) => None,
    };
    let moving: Vec<_> = here.iter().filter_map(moved).collect();
    if moving.is_empty() {
        return Err(Refused::Noop);
    }
    if whole_order && kind == ScanKind::CheckIn && moving.len() < here.len() && !gate.allow_partial {
        return Err(Refused::Partial);
    }
    Ok(moving)
}

impl Gate {
    fn admits(&self, ticket: &Candidate) -> bool {
        let admission = self.admissions.as_ref().is_none_or(|keys| keys.contains(&ticket.admission));
        let section = self.sections.as_ref().is_none_or(|keys| ticket.section.is_some_and(|key| keys.contains(&key)));
        admission && section
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use ScanKind::{CheckIn, CheckOut};
    use TicketStatus::{Active, Cancelled, Redeemed};

    fn tickets(of: &[(TicketStatus, i64)]) -> Vec<Candidate> {
        of.iter()
            .map(|(status, admission)| Candidate { status: *status, admission: *admission, section: None })
            .collect()
    }

    /// Who moves, by place; where to is the table's own word.
    fn moving(kind: ScanKind, whole_order: bool, tickets: &[Candidate], gate: &Gate) -> Result<Vec<usize>, Refused> {
        let to = if kind == CheckIn { Redeemed } else { Active };
        let moves = decide(kind, whole_order, tickets, gate)?;
        assert!(moves.iter().all(|moved| moved.to == to), "{moves:?}");
        Ok(moves.into_iter().map(|moved| moved.place).collect())
    }

    fn gate(admissions: Option<&[i64]>, allow_partial: bool) -> Gate {
        Gate { admissions: admissions.map(<[i64]>::to_vec), sections: None, allow_partial }
    }

    #[rstest]
    #[case(CheckIn, Active, None, Ok(vec![0]))]
    #[case(CheckIn, Redeemed, None, Err(Refused::Noop))]
    #[case(CheckIn, Cancelled, None, Err(Refused::Cancelled))]
    #[case(CheckIn, Active, Some(&[2][..]), Err(Refused::FilteredOut))]
    #[case(CheckIn, Redeemed, Some(&[2][..]), Err(Refused::FilteredOut))]
    #[case(CheckIn, Cancelled, Some(&[2][..]), Err(Refused::Cancelled))]
    #[case(CheckOut, Active, None, Err(Refused::Noop))]
    #[case(CheckOut, Redeemed, Some(&[2][..]), Ok(vec![0]))]
    #[case(CheckOut, Cancelled, None, Err(Refused::Cancelled))]
    fn a_ticket(
        #[case] kind: ScanKind,
        #[case] status: TicketStatus,
        #[case] admissions: Option<&[i64]>,
        #[case] expected: Result<Vec<usize>, Refused>,
    ) {
        assert_eq!(moving(kind, false, &tickets(&[(status, 1)]), &gate(admissions, false)), expected);
    }

    #[rstest]
    #[case(CheckIn, &[(Active, 1), (Active, 1)], false, Ok(vec![0, 1]))]
    #[case(CheckIn, &[(Active, 1), (Cancelled, 1)], false, Ok(vec![0]))]
    #[case(CheckIn, &[(Active, 1), (Redeemed, 1)], false, Err(Refused::Partial))]
    #[case(CheckIn, &[(Redeemed, 1), (Active, 1)], true, Ok(vec![1]))]
    #[case(CheckIn, &[(Redeemed, 1), (Cancelled, 1)], true, Err(Refused::Noop))]
    #[case(CheckIn, &[(Cancelled, 1)], false, Err(Refused::Cancelled))]
    #[case(CheckIn, &[], false, Err(Refused::Cancelled))]
    #[case(CheckOut, &[(Redeemed, 1), (Active, 1)], false, Ok(vec![0]))]
    #[case(CheckOut, &[(Active, 1), (Active, 1)], false, Err(Refused::Noop))]
    fn an_order(
        #[case] kind: ScanKind,
        #[case] of: &[(TicketStatus, i64)],
        #[case] allow_partial: bool,
        #[case] expected: Result<Vec<usize>, Refused>,
    ) {
        assert_eq!(moving(kind, true, &tickets(of), &gate(None, allow_partial)), expected);
    }

    #[test]
    fn an_order_enters_by_its_own_gates() {
        let mixed = tickets(&[(Active, 1), (Active, 2), (Redeemed, 2)]);
        assert_eq!(moving(CheckIn, true, &mixed, &gate(Some(&[1]), false)), Ok(vec![0]));
        assert_eq!(moving(CheckIn, true, &mixed, &gate(Some(&[2]), false)), Err(Refused::Partial));
        assert_eq!(moving(CheckIn, true, &mixed, &gate(Some(&[3]), false)), Err(Refused::FilteredOut));
    }

    #[test]
    fn a_ticket_without_a_section_enters_by_no_section() {
        let gate = Gate { sections: Some(vec![7]), ..Gate::default() };
        let mut ticket = tickets(&[(Active, 1)]);
        assert_eq!(moving(CheckIn, false, &ticket, &gate), Err(Refused::FilteredOut));
        ticket[0].section = Some(7);
        assert_eq!(moving(CheckIn, false, &ticket, &gate), Ok(vec![0]));
    }
}
