//! Believable names, from many cultures.

use std::sync::LazyLock;

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

/// How often a culture is drawn, and its list: given names, then family names.
const LISTS: [(u32, &str); 18] = [
    (40, include_str!("../../../assets/names/english.txt")),
    (7, include_str!("../../../assets/names/german.txt")),
    (6, include_str!("../../../assets/names/french.txt")),
    (8, include_str!("../../../assets/names/iberian.txt")),
    (4, include_str!("../../../assets/names/nordic.txt")),
    (5, include_str!("../../../assets/names/slavic.txt")),
    (3, include_str!("../../../assets/names/turkish.txt")),
    (6, include_str!("../../../assets/names/vietnamese.txt")),
    (4, include_str!("../../../assets/names/african.txt")),
    (8, include_str!("../../../assets/names/indian.txt")),
    (7, include_str!("../../../assets/names/chinese.txt")),
    (4, include_str!("../../../assets/names/japanese.txt")),
    (3, include_str!("../../../assets/names/korean.txt")),
    (4, include_str!("../../../assets/names/arabic.txt")),
    (2, include_str!("../../../assets/names/hebrew.txt")),
    (2, include_str!("../../../assets/names/cyrillic.txt")),
    (2, include_str!("../../../assets/names/greek.txt")),
    (2, include_str!("../../../assets/names/thai.txt")),
];

/// The headings between which the lists stand.
const GIVEN: &str = "# given\n";
const FAMILY: &str = "# family\n";

static CULTURES: LazyLock<Vec<Culture>> = LazyLock::new(|| LISTS.iter().map(Culture::read).collect());

/// Where names come from, in its own script and in Latin letters; where it has only one of them, twice that one.
#[derive(Debug)]
struct Culture {
    weight: u32,
    own: Names,
    latin: Names,
}

impl Culture {
    fn read((weight, list): &(u32, &'static str)) -> Self {
        let (given, family) = list.split_once(FAMILY).unwrap_or((list, ""));
        let names = |part: &'static str| part.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>();
        let (given, family) = (names(given.strip_prefix(GIVEN).unwrap_or(given)), names(family));
        let in_latin = |wanted| Names { given: fitting(&given, wanted), family: fitting(&family, wanted) };
        Self { weight: *weight, own: in_latin(false), latin: in_latin(true) }
    }
}

/// The names in Latin letters, or the others; all where there are none of these.
fn fitting(names: &[&'static str], in_latin: bool) -> Vec<&'static str> {
    let fitting: Vec<_> = names.iter().copied().filter(|name| is_latin(name) == in_latin).collect();
    if fitting.is_empty() { names.to_vec() } else { fitting }
}

/// The names of one culture in one script.
#[derive(Debug)]
pub(super) struct Names {
    given: Vec<&'static str>,
    family: Vec<&'static str>,
}

impl Names {
    /// A culture's, as often as an evening in a large city meets it, in one script: its own or in Latin letters.
    pub fn draw(rng: &mut impl Rng) -> &'static Self {
        let cultures: &'static [Culture] = &CULTURES;
        let culture = cultures.choose_weighted(rng, |culture| culture.weight).unwrap_or(&cultures[0]);
        if rng.random_bool(0.5) { &culture.latin } else { &culture.own }
    }

    /// A given name; one in ten guests has two.
    pub fn given_name(&self, rng: &mut impl Rng) -> String {
        let first = one(&self.given, rng);
        if rng.random_ratio(1, 10) { format!("{first} {}", one(&self.given, rng)) } else { first.to_owned() }
    }

    /// A family name; some are two, joined.
    pub fn family_name(&self, rng: &mut impl Rng) -> String {
        let name = one(&self.family, rng);
        if rng.random_ratio(1, 25) { format!("{name}-{}", one(&self.family, rng)) } else { name.to_owned() }
    }
}

fn one(names: &[&'static str], rng: &mut impl Rng) -> &'static str {
    names.choose(rng).copied().unwrap_or("Alex")
}

/// Whether a name is written in Latin letters, with or without accents.
fn is_latin(name: &str) -> bool {
    name.chars().all(|letter| letter < '\u{0370}' || ('\u{1E00}'..'\u{1F00}').contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_given_and_family_names_without_headings() {
        for Culture { own, latin, .. } in CULTURES.iter() {
            assert!(own.given.len() + latin.given.len() >= 5 && own.family.len() + latin.family.len() >= 4, "{own:?}");
            for Names { given, family } in [own, latin] {
                assert!(!given.is_empty() && !family.is_empty(), "{given:?} {family:?}");
                assert!(!given.iter().chain(family).any(|name| name.starts_with('#') || *name != name.trim()));
            }
        }
    }
}
