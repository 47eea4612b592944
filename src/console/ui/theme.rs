//! Colours and their meaning.
//!
//! Colour never tells anything alone: a glyph and a word always stand beside it.

use ratatui::style::{Color, Modifier, Style};
use serde::{Deserialize, Serialize};

/// The themes that come with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeName {
    /// Light letters on a dark ground.
    #[default]
    Dark,
    /// Dark letters on a light ground.
    Light,
    /// White and full colours on black.
    HighContrast,
    /// Blue and orange in the place of green and red.
    ColourBlind,
}

impl ThemeName {
    /// Every theme.
    pub const ALL: [Self; 4] = [Self::Dark, Self::Light, Self::HighContrast, Self::ColourBlind];

    const fn palette(self) -> &'static Palette {
        match self {
            Self::Dark => &DARK,
            Self::Light => &LIGHT,
            Self::HighContrast => &HIGH_CONTRAST,
            Self::ColourBlind => &COLOUR_BLIND,
        }
    }
}

/// What a colour says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// The guest is in, the service is there.
    Good,
    /// The guest went out.
    Out,
    /// Nobody passes.
    Stop,
    /// Look here, nothing is decided.
    Attention,
    /// Nothing to say.
    Quiet,
}

/// How everything looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Plain text on the ground of the panes.
    pub(super) base: Style,
    /// The ground of the header and the footer.
    pub(super) bar: Style,
    /// The ground of the search box.
    pub(super) field: Style,
    /// What was typed for the last guest, and goes with the next letter.
    pub(super) spent: Style,
    /// Names and figures that matter most.
    pub(super) strong: Style,
    /// What is beside the point.
    pub(super) dim: Style,
    /// Titles and keys.
    pub(super) accent: Style,
    /// Lines between the panes.
    pub(super) rule: Style,
    /// Letters that matched.
    pub(super) lit: Style,
    /// The selected row.
    pub(super) selected: Style,
    inks: [Style; 5],
    blocks: [Style; 5],
}

impl Theme {
    /// The theme of this name.
    #[must_use]
    pub fn named(name: ThemeName) -> Self {
        let palette = name.palette();
        let ground = |fg, bg| Style::new().fg(fg).bg(bg);
        Self {
            base: ground(palette.text, palette.ground),
            bar: ground(palette.text, palette.bar),
            field: ground(palette.text, palette.field),
            spent: Style::new().fg(palette.dim).add_modifier(Modifier::ITALIC | Modifier::UNDERLINED),
            strong: Style::new().fg(palette.strong).add_modifier(Modifier::BOLD),
            dim: Style::new().fg(palette.dim),
            accent: Style::new().fg(palette.accent).add_modifier(Modifier::BOLD),
            rule: Style::new().fg(palette.rule),
            lit: Style::new().fg(palette.lit).add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            selected: ground(palette.strong, palette.selection).add_modifier(Modifier::BOLD),
            inks: palette.tones.each_ref().map(|tone| Style::new().fg(tone.ink).add_modifier(Modifier::BOLD)),
            blocks: palette.tones.each_ref().map(|tone| ground(tone.on, tone.block).add_modifier(Modifier::BOLD)),
        }
    }

    /// No colours at all, for `NO_COLOR`: weight, reverse and underline tell the same.
    #[must_use]
    pub fn monochrome() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let reversed = bold.add_modifier(Modifier::REVERSED);
        Self {
            base: plain,
            bar: plain,
            field: plain,
            spent: plain.add_modifier(Modifier::ITALIC | Modifier::UNDERLINED),
            strong: bold,
            dim: plain,
            accent: bold,
            rule: plain,
            lit: bold.add_modifier(Modifier::UNDERLINED),
            selected: reversed,
            inks: [bold; 5],
            blocks: [reversed, reversed, reversed, reversed, bold],
        }
    }

    /// Plain text on whatever ground it stands.
    pub(super) const fn plain(&self) -> Style {
        Style { bg: None, ..self.base }
    }

    /// Words of this tone on the ground of a pane.
    pub(super) const fn ink(&self, tone: Tone) -> Style {
        self.inks[tone as usize]
    }

    /// A block filled with this tone.
    pub(super) const fn block(&self, tone: Tone) -> Style {
        self.blocks[tone as usize]
    }
}

/// The colours of a theme, of the 256 that terminals, tmux and SSH all know.
struct Palette {
    ground: Color,
    bar: Color,
    field: Color,
    selection: Color,
    text: Color,
    strong: Color,
    dim: Color,
    accent: Color,
    rule: Color,
    lit: Color,
    /// Good, out, stop, attention, quiet.
    tones: [Toned; 5],
}

/// One tone: as letters on the ground, and as a block with letters on it.
struct Toned {
    ink: Color,
    block: Color,
    on: Color,
}

const fn toned(ink: u8, block: u8, on: u8) -> Toned {
    Toned { ink: Color::Indexed(ink), block: Color::Indexed(block), on: Color::Indexed(on) }
}

const DARK: Palette = Palette {
    ground: Color::Indexed(234),
    bar: Color::Indexed(236),
    field: Color::Indexed(237),
    selection: Color::Indexed(24),
    text: Color::Indexed(252),
    strong: Color::Indexed(231),
    dim: Color::Indexed(248),
    accent: Color::Indexed(117),
    rule: Color::Indexed(240),
    lit: Color::Indexed(221),
    tones: [toned(114, 28, 231), toned(111, 25, 231), toned(210, 124, 231), toned(221, 220, 16), toned(248, 238, 252)],
};

const LIGHT: Palette = Palette {
    ground: Color::Indexed(231),
    bar: Color::Indexed(254),
    field: Color::Indexed(253),
    selection: Color::Indexed(153),
    text: Color::Indexed(236),
    strong: Color::Indexed(16),
    dim: Color::Indexed(240),
    accent: Color::Indexed(24),
    rule: Color::Indexed(249),
    lit: Color::Indexed(88),
    tones: [toned(22, 28, 231), toned(25, 25, 231), toned(124, 124, 231), toned(94, 220, 16), toned(240, 252, 236)],
};

const HIGH_CONTRAST: Palette = Palette {
    ground: Color::Indexed(16),
    bar: Color::Indexed(16),
    field: Color::Indexed(18),
    selection: Color::Indexed(19),
    text: Color::Indexed(231),
    strong: Color::Indexed(231),
    dim: Color::Indexed(253),
    accent: Color::Indexed(123),
    rule: Color::Indexed(231),
    lit: Color::Indexed(226),
    tones: [toned(120, 46, 16), toned(123, 51, 16), toned(217, 88, 231), toned(226, 226, 16), toned(231, 16, 231)],
};

/// Blue for good, orange for stop, as Okabe and Ito's palette has them; no pair of red and green.
const COLOUR_BLIND: Palette = Palette {
    ground: Color::Indexed(234),
    bar: Color::Indexed(236),
    field: Color::Indexed(237),
    selection: Color::Indexed(240),
    text: Color::Indexed(252),
    strong: Color::Indexed(231),
    dim: Color::Indexed(248),
    accent: Color::Indexed(117),
    rule: Color::Indexed(240),
    lit: Color::Indexed(229),
    tones: [toned(75, 25, 231), toned(189, 253, 16), toned(215, 208, 16), toned(229, 229, 16), toned(248, 238, 252)],
};

#[cfg(test)]
mod tests {
    use super::*;

    const TONES: [Tone; 5] = [Tone::Good, Tone::Out, Tone::Stop, Tone::Attention, Tone::Quiet];

    /// Relative luminance by WCAG 2.
    fn luminance(color: Color) -> f64 {
        let Color::Indexed(index) = color else { panic!("{color:?} is not of the 256") };
        let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
        let (red, green, blue) = match index {
            0..16 => panic!("the first sixteen are the terminal's own affair"),
            16..232 => (level((index - 16) / 36), level((index - 16) / 6 % 6), level((index - 16) % 6)),
            232.. => (8 + 10 * (index - 232), 8 + 10 * (index - 232), 8 + 10 * (index - 232)),
        };
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    fn contrast(ink: Style, ground: Style) -> f64 {
        let (a, b) = (luminance(ink.fg.unwrap()), luminance(ground.bg.unwrap()));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// What is drawn on what: tones on a selected row give way to the row's own style.
    fn pairs(theme: &Theme) -> Vec<(String, Style, Style)> {
        let mut pairs = Vec::new();
        for (place, ground) in [("base", theme.base), ("bar", theme.bar), ("field", theme.field)] {
            let inks = [("plain", ground), ("strong", theme.strong), ("dim", theme.dim), ("accent", theme.accent)];
            pairs.extend(inks.map(|(ink_name, ink)| (format!("{ink_name} on {place}"), ink, ground)));
        }
        for tone in TONES {
            pairs.push((format!("{tone:?} on base"), theme.ink(tone), theme.base));
            pairs.push((format!("{tone:?} on bar"), theme.ink(tone), theme.bar));
            pairs.push((format!("block of {tone:?}"), theme.block(tone), theme.block(tone)));
        }
        for (place, ground) in [("base", theme.base), ("selected", theme.selected)] {
            pairs.push((format!("lit on {place}"), theme.lit, ground));
        }
        pairs.push(("selected".to_owned(), theme.selected, theme.selected));
        pairs
    }

    #[test]
    fn every_text_can_be_read_on_its_ground() {
        for name in ThemeName::ALL {
            let least = if name == ThemeName::HighContrast { 7.0 } else { 4.5 };
            for (what, ink, ground) in pairs(&Theme::named(name)) {
                let found = contrast(ink, ground);
                assert!(found >= least, "{name:?}: {what} has a contrast of {found:.1}");
            }
        }
    }

    #[test]
    fn without_colours_there_is_not_one() {
        let theme = Theme::monochrome();
        let mut styles = vec![theme.base, theme.bar, theme.field, theme.spent, theme.strong, theme.dim, theme.accent];
        styles.extend([theme.rule, theme.lit, theme.selected]);
        styles.extend(TONES.iter().flat_map(|tone| [theme.ink(*tone), theme.block(*tone)]));
        assert!(styles.iter().all(|style| style.fg.is_none() && style.bg.is_none()));
        assert_ne!(theme.selected, theme.base);
        assert_ne!(theme.lit, theme.base);
    }

    #[test]
    fn names_in_settings_are_kebab_case() {
        let names = ThemeName::ALL.map(|name| serde_json::to_string(&name).unwrap());
        assert_eq!(names, ["\"dark\"", "\"light\"", "\"high-contrast\"", "\"colour-blind\""]);
    }
}
