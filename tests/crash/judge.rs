//! The service's record against what the screen said.

use std::collections::BTreeMap;

use doorlist::domain::{ScanKind, TicketId};

use super::door::Act;

/// What the service has of one console's scans, in its order.
pub type Record = BTreeMap<TicketId, Vec<ScanKind>>;

/// Says what was lost, applied twice, or made up.
pub fn faults(acts: &[Act], record: &Record) -> Vec<String> {
    let mut asked: BTreeMap<&TicketId, Vec<&Act>> = BTreeMap::new();
    for act in acts {
        asked.entry(&act.ticket).or_default().push(act);
    }
    let none = Vec::new();
    let wrong = asked.iter().filter_map(|(ticket, acts)| {
        let scans = record.get(*ticket).unwrap_or(&none);
        let told = || acts.iter().map(|act| (act.kind, act.acknowledged)).collect::<Vec<_>>();
        (!accounts_for(scans, acts)).then(|| format!("{ticket}: asked for {:?}, the service has {scans:?}", told()))
    });
    let stray = record.iter().filter(|(ticket, _)| !asked.contains_key(ticket));
    let stray = stray.map(|(ticket, scans)| format!("{ticket}: nobody asked, the service has {scans:?}"));
    wrong.chain(stray).collect()
}

/// Whether `scans` are the acts in their order, each at most once, and none that was acknowledged left out.
fn accounts_for(scans: &[ScanKind], acts: &[&Act]) -> bool {
    let Some((act, later)) = acts.split_first() else { return scans.is_empty() };
    let is_there = scans.split_first().is_some_and(|(scan, rest)| *scan == act.kind && accounts_for(rest, later));
    is_there || (!act.acknowledged && accounts_for(scans, later))
}

#[cfg(test)]
mod tests {
    use ScanKind::{CheckIn, CheckOut};
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::done(&[(CheckIn, true)], &[CheckIn], true)]
    #[case::lost(&[(CheckIn, true)], &[], false)]
    #[case::twice(&[(CheckIn, true)], &[CheckIn, CheckIn], false)]
    #[case::never_shown(&[(CheckIn, false)], &[], true)]
    #[case::never_shown_and_done(&[(CheckIn, false)], &[CheckIn], true)]
    #[case::never_shown_and_twice(&[(CheckIn, false)], &[CheckIn, CheckIn], false)]
    #[case::in_and_out(&[(CheckIn, true), (CheckOut, true)], &[CheckIn, CheckOut], true)]
    #[case::out_of_order(&[(CheckIn, true), (CheckOut, true)], &[CheckOut, CheckIn], false)]
    #[case::the_second_lost(&[(CheckIn, false), (CheckOut, true)], &[CheckIn], false)]
    #[case::the_first_never_was(&[(CheckIn, false), (CheckOut, true)], &[CheckOut], true)]
    #[case::made_up(&[(CheckIn, true)], &[CheckIn, CheckOut], false)]
    fn each_act_is_there_once(#[case] acts: &[(ScanKind, bool)], #[case] scans: &[ScanKind], #[case] is_right: bool) {
        let ticket = TicketId::from_service("tkt_1");
        let told =
            |(kind, acknowledged): &(_, _)| Act { acknowledged: *acknowledged, ..Act::new(&ticket, "Ada", *kind) };
        let acts: Vec<Act> = acts.iter().map(told).collect();
        let record = Record::from([(ticket, scans.to_vec())]);
        assert_eq!(faults(&acts, &record).is_empty(), is_right);
    }

    #[test]
    fn a_scan_that_nobody_asked_for_is_a_fault() {
        let record = Record::from([(TicketId::from_service("tkt_2"), vec![CheckIn])]);
        assert_eq!(faults(&[], &record).len(), 1);
    }
}
