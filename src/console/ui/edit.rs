//! The form that corrects an attendee.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::form::{Content, Sheet, blanks};
use super::theme::Theme;
use crate::console::app::App;
use crate::console::form::{Asks, Line, Step};
use crate::console::popup::Edit;
use crate::domain::AttendeeField;

/// What stands beside a reason: it is never sent to the service.
pub(super) const OPTIONAL: &str = "optional; kept here";

/// Draws the fields, or what would be sent.
pub(super) fn draw(app: &App, edit: &Edit, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let content = match edit.form.step {
        Step::Filling | Step::Unsettled => {
            let mut content = vec![Content::Sentence(who(edit), theme.strong), Content::Gap];
            content.extend(blanks(&edit.form, |line| aside(edit, line)));
            content
        }
        Step::Reviewing | Step::Waiting => review(edit, theme),
    };
    Sheet { title: "Correct the guest", content, form: &edit.form, yes: "saves it" }.draw(app, theme, area, buffer)
}

fn who(edit: &Edit) -> String {
    let name = edit.shown.full_name();
    if name.is_empty() { "(no name)".to_owned() } else { name }
}

/// What stood there before, or what somebody else has put there meanwhile.
fn aside(edit: &Edit, line: &Line) -> (String, bool) {
    let field = match line.asks {
        Asks::Attendee(field) if edit.is_changed(field) => field,
        Asks::Reason => return (OPTIONAL.to_owned(), false),
        _ => return (String::new(), false),
    };
    let word = if edit.theirs.contains(&field) { "theirs:" } else { "was" };
    let shown = edit.shown.field(field);
    (format!("{word} {}", if shown.is_empty() { "(none)" } else { shown }), true)
}

fn review<'a>(edit: &Edit, theme: &Theme) -> Vec<Content<'a>> {
    let mut content =
        vec![Content::Sentence(format!("{}: this is what changes.", who(edit)), theme.strong), Content::Gap];
    content.extend(edit.changes().into_iter().map(|change| Content::Change {
        label: change.field.to_string(),
        from: change.from.to_string(),
        to: change.to.to_string(),
    }));
    let addressed = edit.changes().iter().any(|change| change.field == AttendeeField::Email);
    if addressed {
        content.push(Content::Gap);
        content.push(Content::Sentence("Tickets that were mailed already stay where they are.".to_owned(), theme.dim));
    }
    push_reason(&mut content, edit.form.value(Asks::Reason), theme);
    content
}

/// The reason, where one was given.
pub(super) fn push_reason(content: &mut Vec<Content<'_>>, reason: &str, theme: &Theme) {
    if !reason.is_empty() {
        content.push(Content::fact("Reason", reason, theme.plain()));
    }
}
