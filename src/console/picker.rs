//! A list to pick from, narrowed by what is typed.

use crossterm::event::KeyEvent;

use super::action::Action;
use super::field::Field;
use super::popup::Told;
use crate::index::fold;

/// Longest text that narrows a list, in characters.
const MAX_TYPED: usize = 80;
/// Rows that a page key moves by.
const PAGE: isize = 8;

/// What can be picked, and how it reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice<T> {
    /// What is picked.
    pub item: T,
    /// What it is called.
    pub main: String,
    /// What is said beside it.
    pub dim: String,
    /// Where several can be picked: whether this one is.
    pub marked: Option<bool>,
}

impl<T> Choice<T> {
    /// A choice of its own: picking it ends the picking.
    pub fn new(item: T, main: impl Into<String>, dim: impl Into<String>) -> Self {
        Self { item, main: main.into(), dim: dim.into(), marked: None }
    }

    /// A choice among several that can be picked together.
    pub fn marked(item: T, main: impl Into<String>, dim: impl Into<String>, marked: bool) -> Self {
        Self { marked: Some(marked), ..Self::new(item, main, dim) }
    }
}

/// A list of choices, the line that narrows it, and the selected row.
///
/// A choice stays in the list while it holds every typed word somewhere, whatever its case and accents. The
/// choices keep their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picker<T> {
    /// What is typed.
    pub filter: Field,
    choices: Vec<Choice<T>>,
    /// The choices' texts as they are compared.
    folded: Vec<String>,
    /// Positions of the choices that fit.
    fitting: Vec<usize>,
    /// Position among those that fit.
    selected: usize,
}

impl<T: PartialEq> Picker<T> {
    /// A list that nothing was typed for yet, with its first row selected.
    #[must_use]
    pub fn new(choices: Vec<Choice<T>>) -> Self {
        let mut picker = Self {
            filter: Field::new(MAX_TYPED),
            choices: Vec::new(),
            folded: Vec::new(),
            fitting: Vec::new(),
            selected: 0,
        };
        picker.replace(choices);
        picker
    }

    /// Shows other choices for what is typed; the selection holds on to its item.
    pub fn replace(&mut self, choices: Vec<Choice<T>>) {
        let held = self.fitting.get(self.selected).map(|at| self.choices.swap_remove(*at).item);
        self.folded = choices.iter().map(|choice| fold(&format!("{} {}", choice.main, choice.dim))).collect();
        self.choices = choices;
        self.narrow();
        if let Some(item) = held {
            self.select(&item);
        }
    }

    /// Selects the row of `item`, where it is in the list.
    pub fn select(&mut self, item: &T) {
        self.selected = self.fitting.iter().position(|at| self.choices[*at].item == *item).unwrap_or(0);
    }

    /// Selects a row by its number among those that fit.
    pub(super) fn select_row(&mut self, row: usize) {
        if row < self.fitting.len() {
            self.selected = row;
        }
    }

    /// Every choice, whether it fits what is typed or not.
    #[must_use]
    pub fn choices(&self) -> &[Choice<T>] {
        &self.choices
    }

    /// The choices that fit what is typed.
    #[must_use]
    pub fn fitting(&self) -> impl ExactSizeIterator<Item = &Choice<T>> {
        self.fitting.iter().map(|at| &self.choices[*at])
    }

    /// The selected choice, if any fits.
    #[must_use]
    pub fn selected(&self) -> Option<&Choice<T>> {
        self.fitting.get(self.selected).map(|at| &self.choices[*at])
    }

    /// Position of the selected row among those that fit.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.selected
    }

    /// The items of the marked choices, in the list's order.
    pub fn marked(&self) -> impl Iterator<Item = &T> {
        self.choices.iter().filter(|choice| choice.marked == Some(true)).map(|choice| &choice.item)
    }

    /// Takes what moves, marks or narrows; `false` is for the pop-up itself.
    pub(super) fn told(&mut self, told: &Told<'_>) -> bool {
        match told {
            Told::Acted(Action::SelectPrevious) => self.move_by(-1),
            Told::Acted(Action::SelectNext) => self.move_by(1),
            Told::Acted(Action::PageUp) => self.move_by(-PAGE),
            Told::Acted(Action::PageDown) => self.move_by(PAGE),
            Told::Acted(Action::Mark) => self.mark(),
            Told::Acted(_) => return false,
            Told::Typed(key) => self.typed(*key),
            Told::Pasted(text) => {
                if self.filter.paste(text) {
                    self.narrow();
                }
            }
        }
        true
    }

    fn typed(&mut self, key: KeyEvent) {
        if self.filter.typed(key) {
            self.narrow();
        }
    }

    fn move_by(&mut self, rows: isize) {
        let last = self.fitting.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(rows).min(last);
    }

    /// Sets or takes away the mark of the selected row.
    pub(super) fn mark(&mut self) {
        let Some(at) = self.fitting.get(self.selected) else { return };
        if let Some(marked) = &mut self.choices[*at].marked {
            *marked = !*marked;
        }
    }

    /// Takes the marks away from every choice of which this holds.
    pub(super) fn unmark(&mut self, which: impl Fn(&T) -> bool) {
        for choice in self.choices.iter_mut().filter(|choice| which(&choice.item)) {
            choice.marked = choice.marked.map(|_| false);
        }
    }

    fn narrow(&mut self) {
        let typed = fold(self.filter.value());
        let fits = |text: &String| typed.split(' ').all(|word| text.contains(word));
        self.fitting = (0..self.choices.len()).filter(|at| fits(&self.folded[*at])).collect();
        self.selected = 0;
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyModifiers};
    use rstest::rstest;

    use super::*;

    fn picker() -> Picker<u8> {
        let rows = [(1, "Zoë's night", "Hall A"), (2, "Harbour Lights", "Zürich"), (3, "Late Night", "hall B")];
        Picker::new(rows.into_iter().map(|(item, main, dim)| Choice::marked(item, main, dim, false)).collect())
    }

    fn type_text(picker: &mut Picker<u8>, text: &str) {
        for letter in text.chars() {
            assert!(picker.told(&Told::Typed(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE))));
        }
    }

    #[rstest]
    #[case("", &[1, 2, 3])]
    #[case("  ", &[1, 2, 3])]
    #[case("night", &[1, 3])]
    #[case("NIGHT zoe", &[1])]
    #[case("b hall", &[3])]
    #[case("zurich", &[2])]
    #[case("ight", &[1, 2, 3])]
    #[case("xyz", &[])]
    fn every_word_must_be_somewhere(#[case] typed: &str, #[case] fitting: &[u8]) {
        let mut picker = picker();
        type_text(&mut picker, typed);
        assert_eq!(picker.fitting().map(|choice| choice.item).collect::<Vec<_>>(), fitting);
        assert_eq!(picker.selected().map(|choice| choice.item), fitting.first().copied());
    }

    #[test]
    fn the_selection_stops_at_both_ends() {
        let mut picker = picker();
        for (action, expected) in [
            (Action::SelectPrevious, 0),
            (Action::SelectNext, 1),
            (Action::PageDown, 2),
            (Action::SelectNext, 2),
            (Action::PageUp, 0),
        ] {
            assert!(picker.told(&Told::Acted(action)));
            assert_eq!(picker.position(), expected);
        }
        type_text(&mut picker, "xyz");
        picker.told(&Told::Acted(Action::SelectNext));
        assert_eq!((picker.position(), picker.selected()), (0, None));
    }

    #[test]
    fn marks_stay_whatever_is_typed_then() {
        let mut picker = picker();
        picker.told(&Told::Acted(Action::Mark));
        picker.told(&Told::Pasted("harbour\n"));
        picker.told(&Told::Acted(Action::Mark));
        assert_eq!(picker.marked().copied().collect::<Vec<_>>(), [1, 2]);
        picker.told(&Told::Acted(Action::Mark));
        assert_eq!(picker.marked().copied().collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn other_choices_leave_the_selection_on_its_item() {
        let mut picker = picker();
        picker.told(&Told::Acted(Action::SelectNext));
        picker.replace([3, 2].map(|item| Choice::new(item, "Night", "")).into());
        assert_eq!(picker.selected().map(|choice| choice.item), Some(2));
        picker.replace(vec![Choice::new(9, "Night", "")]);
        assert_eq!(picker.selected().map(|choice| choice.item), Some(9));
    }

    #[test]
    fn confirming_and_closing_are_the_pop_ups_own() {
        assert!(!picker().told(&Told::Acted(Action::Confirm)));
        assert!(!picker().told(&Told::Acted(Action::Close)));
    }
}
