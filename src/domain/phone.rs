//! Phone numbers as people write them.

/// The digits of a phone number in any format: `+61 (0)412-345 678` gives `610412345678`.
///
/// Digits of other scripts count as their ASCII twins, so that `٠٥٠` and `050` are one number.
pub fn digits(text: &str) -> impl Iterator<Item = u8> + '_ {
    text.chars().filter_map(digit)
}

/// First code points of the decimal digit runs that phones are written in, besides ASCII.
const ZEROS: [u32; 8] = [0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10, 0x17E0, 0x1040];

fn digit(character: char) -> Option<u8> {
    if character.is_ascii_digit() {
        return u8::try_from(character).ok();
    }
    let code = u32::from(character);
    ZEROS
        .iter()
        .find_map(|zero| code.checked_sub(*zero).filter(|value| *value < 10))
        .and_then(|value| u8::try_from(value).ok())
        .map(|value| b'0' + value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_format_comes_down_to_its_digits() {
        for (text, expected) in
            [("+61 (0)412-345 678", "610412345678"), ("０４１２", "0412"), ("٠٥٠ ١٢٣", "050123"), ("no number", "")]
        {
            assert_eq!(String::from_utf8(digits(text).collect()).unwrap(), expected);
        }
    }
}
