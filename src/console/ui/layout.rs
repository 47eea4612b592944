//! Where the panes lie.

use ratatui::layout::{Constraint, Layout, Rect, Size};

/// The smallest terminal that the console can be used on.
pub(super) const SMALLEST: Size = Size { width: 60, height: 16 };

/// From this width on the ticket stands beside the list; below it folds under it.
const SIDE_BY_SIDE: u16 = 110;
/// Empty columns between the list and the ticket.
const GAP: u16 = 2;
/// Line of the title over the list.
const TITLE: u16 = 1;

/// The areas of the panes; together they fill the terminal, all but `over`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Panes {
    pub header: Rect,
    pub banner: Rect,
    pub search: Rect,
    pub results: Rect,
    pub detail: Rect,
    pub footer: Rect,
    /// Where pop-ups may lie: the header and the last result stay in sight.
    pub over: Rect,
}

/// Arranges the panes; `None` where the terminal is too small for them.
pub(super) fn arrange(area: Rect) -> Option<Panes> {
    if area.width < SMALLEST.width || area.height < SMALLEST.height {
        return None;
    }
    let rows = Rows::of(area.height);
    let [header, banner, body, footer] = Layout::vertical([
        Constraint::Length(rows.header),
        Constraint::Length(rows.banner),
        Constraint::Fill(1),
        Constraint::Length(1),
    ])
    .areas(area);
    let (list, detail) = if area.width >= SIDE_BY_SIDE { beside(body) } else { below(body, rows.search) };
    let [search, results] = Layout::vertical([Constraint::Length(rows.search), Constraint::Fill(1)]).areas(list);
    Some(Panes { header, banner, search, results, detail, footer, over: body })
}

/// How many guests the results pane shows at once.
pub(super) fn page_rows(area: Rect) -> usize {
    arrange(area).map_or(1, |panes| usize::from(panes.results.height.saturating_sub(TITLE)).max(1))
}

/// Heights that depend on the terminal's.
struct Rows {
    header: u16,
    banner: u16,
    search: u16,
}

impl Rows {
    const fn of(height: u16) -> Self {
        match height {
            ..20 => Self { header: 2, banner: 2, search: 1 },
            20..30 => Self { header: 3, banner: 2, search: 1 },
            _ => Self { header: 3, banner: 5, search: 3 },
        }
    }
}

fn beside(body: Rect) -> (Rect, Rect) {
    let [list, detail] = Layout::horizontal([Constraint::Fill(11), Constraint::Fill(9)]).spacing(GAP).areas(body);
    (list, detail)
}

/// The list gets the odd line: it is what the next keystroke changes.
fn below(body: Rect, search: u16) -> (Rect, Rect) {
    let rows = body.height.saturating_sub(search);
    let detail = (rows / 2).clamp(4, 16);
    let [list, detail] = Layout::vertical([Constraint::Fill(1), Constraint::Length(detail)]).areas(body);
    (list, detail)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(60, 16)]
    #[case(80, 24)]
    #[case(109, 20)]
    #[case(110, 16)]
    #[case(120, 36)]
    #[case(200, 60)]
    fn panes_stay_inside_apart_and_usable(#[case] width: u16, #[case] height: u16) {
        let area = Rect::new(0, 0, width, height);
        let panes = arrange(area).unwrap();
        let all = [panes.header, panes.banner, panes.search, panes.results, panes.detail, panes.footer];
        for (at, pane) in all.iter().enumerate() {
            assert_eq!(pane.intersection(area), *pane);
            assert!(!pane.is_empty());
            assert!(all[at + 1..].iter().all(|other| !pane.intersects(*other)), "{pane:?} of {panes:?}");
        }
        assert!(page_rows(area) >= 4, "{panes:?}");
        assert!(panes.detail.height >= 4);
    }

    #[rstest]
    #[case(59, 16)]
    #[case(60, 15)]
    #[case(0, 0)]
    fn too_small_is_told(#[case] width: u16, #[case] height: u16) {
        assert_eq!(arrange(Rect::new(0, 0, width, height)), None);
        assert_eq!(page_rows(Rect::new(0, 0, width, height)), 1);
    }
}
