//! A terminal's screen as an SVG picture, for the README.

use std::fmt::Write as _;

use vt100::{Cell, Color, Screen};

/// Pixels of a cell; a monospaced font of this size is about this wide.
const CELL: (f32, f32) = (8.4, 18.0);
const FONT_SIZE: f32 = 14.0;
/// Pixels around the screen.
const MARGIN: f32 = 10.0;
/// Where the letters stand, from the top of their cell.
const BASELINE: f32 = 13.5;
const PAPER: Rgb = Rgb(0x18, 0x18, 0x1b);
const INK: Rgb = Rgb(0xe4, 0xe4, 0xe7);
/// The sixteen colours that a terminal chooses itself, as xterm does.
const SIXTEEN: [u32; 16] = [
    0x00_0000, 0xcd_3131, 0x0d_bc79, 0xe5_e510, 0x24_72c8, 0xbc_3fbc, 0x11_a8cd, 0xe5_e5e5, 0x66_6666, 0xf1_4c4c,
    0x23_d18b, 0xf5_f543, 0x3b_8eea, 0xd6_70d6, 0x29_b8db, 0xff_ffff,
];

#[derive(Clone, Copy, PartialEq)]
struct Rgb(u8, u8, u8);

/// How the letters of a run look.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    ink: Rgb,
    paper: Rgb,
    bold: bool,
    underline: bool,
}

/// Draws the screen. Every run of cells that look alike is one text, stretched to its cells, so that the columns stand whatever
/// font the reader has.
pub fn svg(screen: &Screen) -> String {
    let (rows, columns) = screen.size();
    let (wide, high) =
        (f32::from(columns.get()).mul_add(CELL.0, 2.0 * MARGIN), f32::from(rows.get()).mul_add(CELL.1, 2.0 * MARGIN));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide:.0} {high:.0}\" width=\"{wide:.0}\" height=\"{high:.0}\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"{FONT_SIZE}\" xml:space=\"preserve\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{}\"/>\n",
        PAPER.hex()
    );
    for row in 0..rows.get() {
        draw_row(screen, row, columns.get(), &mut out);
    }
    out.push_str("</svg>\n");
    out
}

fn draw_row(screen: &Screen, row: u16, columns: u16, out: &mut String) {
    let mut column = 0;
    while column < columns {
        let Some(look) = screen.cell(row, column).map(look_of) else { return };
        let (start, mut text) = (column, String::new());
        while let Some(cell) = screen.cell(row, column).filter(|cell| look_of(cell) == look) {
            if !cell.is_wide_continuation() {
                text.push_str(if cell.has_contents() { cell.contents() } else { " " });
            }
            column += 1;
        }
        draw_run(row, start, column - start, &text, look, out);
    }
}

fn draw_run(row: u16, column: u16, cells: u16, text: &str, look: Look, out: &mut String) {
    let (left, top) = (f32::from(column).mul_add(CELL.0, MARGIN), f32::from(row).mul_add(CELL.1, MARGIN));
    let width = f32::from(cells) * CELL.0;
    if look.paper != PAPER {
        let (paper, height) = (look.paper.hex(), CELL.1);
        let _ = writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height}\" fill=\"{paper}\"/>"
        );
    }
    if text.trim().is_empty() {
        return;
    }
    let bold = if look.bold { " font-weight=\"bold\"" } else { "" };
    let underline = if look.underline { " text-decoration=\"underline\"" } else { "" };
    let (ink, baseline, text) = (look.ink.hex(), top + BASELINE, escaped(text));
    let _ = writeln!(
        out,
        "<text x=\"{left:.1}\" y=\"{baseline:.1}\" textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{ink}\"{bold}{underline}>{text}</text>"
    );
}

fn look_of(cell: &Cell) -> Look {
    let (mut ink, mut paper) = (rgb(cell.fgcolor(), INK), rgb(cell.bgcolor(), PAPER));
    if cell.inverse() {
        (ink, paper) = (paper, ink);
    }
    Look { ink, paper, bold: cell.bold(), underline: cell.underline() }
}

fn rgb(color: Color, default: Rgb) -> Rgb {
    match color {
        Color::Default => default,
        Color::Rgb(r, g, b) => Rgb(r, g, b),
        Color::Idx(index @ ..16) => {
            let [_, r, g, b] = SIXTEEN[usize::from(index)].to_be_bytes();
            Rgb(r, g, b)
        }
        Color::Idx(index @ 16..232) => {
            let step = |sixth: u8| if sixth == 0 { 0 } else { 55 + 40 * sixth };
            let index = index - 16;
            Rgb(step(index / 36), step(index / 6 % 6), step(index % 6))
        }
        Color::Idx(index) => {
            let grey = 8 + 10 * (index - 232);
            Rgb(grey, grey, grey)
        }
    }
}

impl Rgb {
    fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
