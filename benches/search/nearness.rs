//! Who was meant just as well: names that are as near to what was typed as the one it was made of.

/// A name with what tells at a glance that it is far from another text.
pub struct Name {
    text: String,
    letters: u32,
}

impl Name {
    pub fn new(text: String) -> Self {
        let letters = letters(&text);
        Self { text, letters }
    }

    /// Whether `typed` is at most `most` mistakes away, or the beginning of the name.
    pub fn is_within(&self, typed: &str, most: usize) -> bool {
        let near = self.text.len().abs_diff(typed.len()) <= most
            && (letters(typed) & !self.letters).count_ones() as usize <= most;
        near && mistakes(typed, &self.text) <= most || self.text.starts_with(typed)
    }
}

fn letters(text: &str) -> u32 {
    text.bytes().fold(0, |letters, byte| letters | 1 << (byte & 31))
}

/// The letters wrong, missing, too many or swapped between two texts (optimal string alignment).
pub fn mistakes(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut rows = [vec![0; b.len() + 1], (0..=b.len()).collect(), vec![0; b.len() + 1]];
    for i in 1..=a.len() {
        let [before, last, next] = &mut rows;
        next[0] = i;
        for j in 1..=b.len() {
            let changed = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            next[j] = changed.min(last[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                next[j] = next[j].min(before[j - 2] + 1);
            }
        }
        rows.rotate_left(1);
    }
    rows[1][b.len()]
}
