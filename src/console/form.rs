//! What a person fills in: a few lines, one of which has the focus, and how far the form has come.

use crossterm::event::{KeyCode, KeyEvent};

use super::action::Action;
use super::field::{Field, is_text};
use super::popup::Told;
use crate::domain::{AttendeeField, SafeText};

/// Longest text of a line, in characters.
pub(super) const MAX_TYPED: usize = 200;

/// A form: its lines, and what was said of it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The lines, from the first to the last.
    pub lines: Vec<Line>,
    /// How far it has come.
    pub step: Step,
    /// Why it has not come further.
    pub said: Option<SafeText>,
    focus: usize,
}

/// How far a form has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A person fills it in.
    Filling,
    /// What it will do is shown, and waits for a yes.
    Reviewing,
    /// It was sent, and the answer is not there yet.
    Waiting,
    /// It was sent, and no answer came: only the very same can be sent again.
    Unsettled,
}

/// One line of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What is asked.
    pub asks: Asks,
    /// What was filled in.
    pub blank: Blank,
    /// What is wrong with it.
    pub fault: Option<SafeText>,
    /// Whether it is asked for as the other lines stand.
    pub is_asked: bool,
}

/// What a line asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// A field of the attendee.
    Attendee(AttendeeField),
    /// The order that a ticket goes to.
    Order,
    /// The tier.
    Tier,
    /// How many tickets.
    Quantity,
    /// Whether the service mails the tickets.
    Mail,
    /// Why.
    Reason,
    /// The word that makes it certain.
    Word,
}

/// What is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blank {
    /// A text.
    Text(Field),
    /// One of a few.
    Choice {
        /// What there is to choose from; never empty.
        options: Vec<String>,
        /// The chosen one.
        at: usize,
    },
}

impl Asks {
    /// What stands before the line.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Attendee(field) => field.to_string(),
            Self::Order => "For".to_owned(),
            Self::Tier => "Tier".to_owned(),
            Self::Quantity => "Tickets".to_owned(),
            Self::Mail => "Mail them".to_owned(),
            Self::Reason => "Reason".to_owned(),
            Self::Word => "Type".to_owned(),
        }
    }
}

impl Line {
    /// A line that holds `text`.
    pub(super) fn text(asks: Asks, text: &str) -> Self {
        Self { asks, blank: Blank::Text(Field::holding(text, MAX_TYPED)), fault: None, is_asked: true }
    }

    /// A line on which one of `options` is chosen.
    pub(super) fn choice(asks: Asks, options: Vec<String>, at: usize) -> Self {
        Self { asks, blank: Blank::Choice { options, at }, fault: None, is_asked: true }
    }

    /// What was filled in, without spaces at its ends.
    #[must_use]
    pub fn value(&self) -> &str {
        match &self.blank {
            Blank::Text(field) => field.value().trim(),
            Blank::Choice { options, at } => options.get(*at).map_or("", String::as_str),
        }
    }
}

impl Form {
    /// A form of these lines, the first of which has the focus.
    pub(super) const fn new(lines: Vec<Line>) -> Self {
        Self { lines, step: Step::Filling, said: None, focus: 0 }
    }

    /// The line that has the focus.
    #[must_use]
    pub const fn focus(&self) -> usize {
        self.focus
    }

    /// What was filled in where the form asks for this; empty where it does not.
    #[must_use]
    pub fn value(&self, asks: Asks) -> &str {
        self.line(asks).map_or("", Line::value)
    }

    /// Position of the option that was chosen where the form asks for this.
    pub(super) fn chosen(&self, asks: Asks) -> Option<usize> {
        match self.line(asks)?.blank {
            Blank::Choice { at, .. } => Some(at),
            Blank::Text(_) => None,
        }
    }

    fn line(&self, asks: Asks) -> Option<&Line> {
        self.lines.iter().find(|line| line.asks == asks)
    }

    pub(super) fn line_mut(&mut self, asks: Asks) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.asks == asks)
    }

    /// Takes what moves the focus or fills in a line; whether what is filled in changed.
    pub(super) fn told(&mut self, told: &Told<'_>) -> bool {
        let count = self.lines.len();
        match told {
            Told::Acted(Action::SelectPrevious) => self.go((1..=count).map(|step| count.saturating_sub(step))),
            Told::Acted(Action::SelectNext) => self.go(1..=count),
            Told::Acted(_) => {}
            Told::Typed(key) => return self.typed(*key),
            Told::Pasted(text) => return self.pasted(text),
        }
        false
    }

    /// Moves the focus by the first of these steps that leads to a line that is asked for; it goes round.
    fn go(&mut self, mut steps: impl Iterator<Item = usize>) {
        let place = |step| (self.focus + step) % self.lines.len();
        let asked = steps.find(|step| self.lines.get(place(*step)).is_some_and(|line| line.is_asked));
        self.focus = asked.map_or(self.focus, place);
    }

    fn typed(&mut self, key: KeyEvent) -> bool {
        let Some(line) = self.lines.get_mut(self.focus) else { return false };
        match &mut line.blank {
            Blank::Text(field) => field.typed(key),
            Blank::Choice { options, at } => {
                let before = *at;
                *at = chosen(key, options, before);
                *at != before
            }
        }
    }

    fn pasted(&mut self, text: &str) -> bool {
        match self.lines.get_mut(self.focus).map(|line| &mut line.blank) {
            Some(Blank::Text(field)) => field.paste(text),
            _ => false,
        }
    }

    /// Puts the focus on the first line with a fault; whether there is one.
    pub(super) fn go_to_fault(&mut self) -> bool {
        let faulty = self.lines.iter().position(|line| line.is_asked && line.fault.is_some());
        self.focus = faulty.unwrap_or(self.focus);
        faulty.is_some()
    }

    /// Puts the focus on the line that asks for this.
    pub(super) fn go_to(&mut self, asks: Asks) {
        self.focus = self.lines.iter().position(|line| line.asks == asks).unwrap_or(self.focus);
    }

    /// Takes every fault away.
    pub(super) fn forgive(&mut self) {
        self.said = None;
        self.lines.iter_mut().for_each(|line| line.fault = None);
    }

    /// Judges the attendee's fields that are asked for and `matter`, by the rule that the service has.
    pub(super) fn check_attendee(&mut self, matter: impl Fn(AttendeeField, &str) -> bool) {
        for line in &mut self.lines {
            if let Asks::Attendee(field) = line.asks {
                let value = line.value();
                let matters = line.is_asked && matter(field, value);
                line.fault = matters.then(|| fault(field, value)).flatten();
            }
        }
    }
}

/// What is wrong with a text: the service's rule, and that it can be shown as it is.
fn fault(field: AttendeeField, value: &str) -> Option<SafeText> {
    if let Err(fault) = field.check(value) {
        return Some(fault.to_string().into());
    }
    let is_plain = SafeText::from(value).as_str() == value;
    (!is_plain).then(|| "holds a character that cannot be shown".into())
}

/// The arrows and Space choose the next one, a letter the next that begins with it.
fn chosen(key: KeyEvent, options: &[String], at: usize) -> usize {
    let count = options.len().max(1);
    match key.code {
        KeyCode::Right | KeyCode::Char(' ') => (at + 1) % count,
        KeyCode::Left => (at + count - 1) % count,
        KeyCode::Char(letter) if is_text(key) => {
            let begins = |option: &String| option.to_lowercase().starts_with(&letter.to_lowercase().to_string());
            let next = (1..=count).map(|step| (at + step) % count);
            next.into_iter().find(|at| options.get(*at).is_some_and(begins)).unwrap_or(at)
        }
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyModifiers;
    use rstest::rstest;

    use super::*;

    fn form() -> Form {
        let tiers = ["General", "VIP", "Guest list"].map(str::to_owned).to_vec();
        Form::new(vec![
            Line::choice(Asks::Tier, tiers, 0),
            Line::text(Asks::Attendee(AttendeeField::FirstName), "Ada"),
            Line::text(Asks::Attendee(AttendeeField::Email), "ada@example"),
        ])
    }

    fn press(form: &mut Form, code: KeyCode) -> bool {
        form.told(&Told::Typed(KeyEvent::new(code, KeyModifiers::NONE)))
    }

    #[rstest]
    #[case(&[KeyCode::Right], "VIP")]
    #[case(&[KeyCode::Left], "Guest list")]
    #[case(&[KeyCode::Char(' '), KeyCode::Char(' '), KeyCode::Char(' ')], "General")]
    #[case(&[KeyCode::Char('v')], "VIP")]
    #[case(&[KeyCode::Char('g')], "Guest list")]
    #[case(&[KeyCode::Char('g'), KeyCode::Char('G')], "General")]
    #[case(&[KeyCode::Char('x')], "General")]
    fn a_choice_goes_round_and_letters_find_it(#[case] keys: &[KeyCode], #[case] expected: &str) {
        let mut form = form();
        for code in keys {
            press(&mut form, *code);
        }
        assert_eq!(form.value(Asks::Tier), expected);
    }

    #[test]
    fn the_focus_goes_round_and_text_lands_where_it_is() {
        let mut form = form();
        assert!(!form.told(&Told::Acted(Action::SelectPrevious)), "moving changes nothing");
        assert!(press(&mut form, KeyCode::Char('.')));
        assert!(form.told(&Told::Pasted("com\n")));
        assert_eq!(form.value(Asks::Attendee(AttendeeField::Email)), "ada@example.com");
        form.told(&Told::Acted(Action::SelectNext));
        assert!(!form.told(&Told::Pasted("VIP")), "a choice takes no text");
        assert_eq!((form.focus(), form.value(Asks::Tier)), (0, "General"));
    }

    #[test]
    fn what_matters_is_judged_and_the_focus_finds_it() {
        let mut form = form();
        form.check_attendee(|field, _| field == AttendeeField::FirstName);
        assert!(!form.go_to_fault());
        form.check_attendee(|_, _| true);
        assert!(form.go_to_fault());
        assert_eq!(form.focus(), 2);
        assert_eq!(form.lines[2].fault.as_deref(), Some("is no email address"));
        form.forgive();
        assert!(!form.go_to_fault());
    }

    #[test]
    fn a_character_that_would_be_shown_as_another_is_a_fault() {
        assert_eq!(fault(AttendeeField::FirstName, "Zoë"), None);
        assert!(fault(AttendeeField::FirstName, "Zo\u{202e}e").is_some());
    }
}
