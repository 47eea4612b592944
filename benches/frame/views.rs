//! Every view of the console, and the keys that are played in it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use doorlist::domain::Ticket;

use super::desk::Desk;

/// Times that each view is opened, each time at another guest.
pub const ROUNDS: usize = 50;

/// A view: what it is called, and its keys.
///
/// A key is written as in the key table; `@name` types the guest's last name and the beginning of the first, `@last` the last
/// name alone, and anything in quotes itself.
pub struct View {
    pub name: &'static str,
    keys: &'static str,
}

/// Brings the guest up, whatever is done then.
const FIND: &str = "esc esc ctrl-u @name";

pub const VIEWS: [View; 17] = [
    View { name: "search", keys: "@name ctrl-u @last backspace backspace" },
    View { name: "selection and ticket", keys: "@first down down down up pagedown pageup down end" },
    View { name: "check-in", keys: "@name enter esc esc" },
    View { name: "help", keys: "f1 down down pagedown pageup up f1" },
    View { name: "palette", keys: "f2 'guest' down down up backspace backspace pagedown esc" },
    View { name: "order", keys: "tab down space down space up 2 backspace esc" },
    View { name: "edit", keys: "ctrl-e 'Grace' tab 'Hopper' backtab tab tab tab '+61' enter esc esc" },
    View { name: "move", keys: "ctrl-t down 'tier' backspace pagedown enter r 'a favour' backspace esc esc esc" },
    View { name: "cancel", keys: "f8 tab 'cance' backspace esc" },
    View { name: "comp", keys: "f6 'Grace' tab 'Hopper' tab 'grace@example.com' tab tab tab enter esc esc" },
    View { name: "filters", keys: "f3 down tab 'floor' tab enter 'smi' backspace ctrl-v" },
    View { name: "gate", keys: "alt-g down 'tier' backspace tab tab down esc" },
    View { name: "inbox", keys: "ctrl-x down down pagedown pagedown up pageup enter 'note' esc esc" },
    View { name: "activity", keys: "ctrl-d 'check' backspace down down pagedown pagedown up enter" },
    View { name: "dashboard", keys: "alt-d esc alt-d esc alt-d enter" },
    View { name: "events", keys: "f10 'night' backspace down pagedown pagedown up esc" },
    View { name: "leave", keys: "ctrl-q esc ctrl-q esc ctrl-q esc" },
];

impl View {
    /// Plays the keys; only those of the view itself are measured.
    pub fn play(&self, desk: &mut Desk, guest: &Ticket) {
        let measured = desk.samples.len();
        for key in keys(if self.keys.starts_with('@') { "esc esc ctrl-u" } else { FIND }, guest) {
            desk.press(key);
        }
        desk.samples.truncate(measured);
        for key in keys(self.keys, guest) {
            desk.press(key);
        }
    }
}

fn keys(written: &str, guest: &Ticket) -> Vec<KeyEvent> {
    let piece = |name: &str, letters: usize| name.chars().take(letters).collect::<String>();
    let (first, last) = (&guest.attendee.first_name, &guest.attendee.last_name);
    let mut keys = Vec::new();
    for word in written.split(' ') {
        match word {
            "@name" => keys.extend(typed(&format!("{} {}", piece(last, 4), piece(first, 2)))),
            "@last" => keys.extend(typed(last)),
            "@first" => keys.extend(typed(&piece(first, 3))),
            text if text.starts_with('\'') => keys.extend(typed(text.trim_matches('\''))),
            key => keys.push(pressed(key)),
        }
    }
    keys
}

fn typed(text: &str) -> impl Iterator<Item = KeyEvent> {
    text.chars().map(|letter| KeyEvent::from(KeyCode::Char(letter)))
}

fn pressed(key: &str) -> KeyEvent {
    let letter = |text: &str| KeyCode::Char(text.chars().next().unwrap());
    if let Some(text) = key.strip_prefix("ctrl-") {
        return KeyEvent::new(letter(text), KeyModifiers::CONTROL);
    }
    if let Some(text) = key.strip_prefix("alt-") {
        return KeyEvent::new(letter(text), KeyModifiers::ALT);
    }
    KeyEvent::from(match key {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "backtab" => KeyCode::BackTab,
        "backspace" => KeyCode::Backspace,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "end" => KeyCode::End,
        "pageup" => KeyCode::PageUp,
        "pagedown" => KeyCode::PageDown,
        "space" => KeyCode::Char(' '),
        text => match text.strip_prefix('f').and_then(|number| number.parse().ok()) {
            Some(number) => KeyCode::F(number),
            None => letter(text),
        },
    })
}
