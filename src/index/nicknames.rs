//! Given names that one person goes by.

use std::collections::HashMap;
use std::sync::LazyLock;

static TABLE: LazyLock<HashMap<&'static str, Vec<(&'static str, bool)>>> =
    LazyLock::new(|| read(include_str!("../../assets/nicknames.txt")));

/// The other names of someone called `name`, folded as the index folds; and whether one of the two is the full name.
pub(super) fn of(name: &str) -> &'static [(&'static str, bool)] {
    TABLE.get(name).map_or(&[], Vec::as_slice)
}

/// Every name of a line knows all others of it; a full name of one line that is a short form on
/// another does not join the two.
fn read(text: &'static str) -> HashMap<&'static str, Vec<(&'static str, bool)>> {
    let mut table: HashMap<_, Vec<_>> = HashMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((full, short)) = line.split_once(':') else { continue };
        let names: Vec<_> = std::iter::once(full).chain(short.split_whitespace()).collect();
        for name in &names {
            let others = names.iter().filter(|other| *other != name);
            let direct = others.map(|other| (*other, *name == full || *other == full));
            table.entry(*name).or_default().extend(direct);
        }
    }
    for names in table.values_mut() {
        names.sort_unstable_by_key(|(name, direct)| (*name, !direct));
        names.dedup_by_key(|(name, _)| *name);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::normalize::Words;
    use super::*;

    #[test]
    fn they_are_mutual() {
        assert!(of("bill").contains(&("william", true)) && of("william").contains(&("bill", true)));
        assert!(of("bill").contains(&("willy", false)));
        assert!(of("саша").contains(&("александр", true)));
        assert!(of("nobody").is_empty());
        assert!(
            TABLE
                .iter()
                .all(|(name, others)| others.iter().all(|(other, direct)| of(other).contains(&(*name, *direct))))
        );
    }

    #[test]
    fn the_table_is_long_and_folded() {
        let text = include_str!("../../assets/nicknames.txt");
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let pairs: usize = lines.map(|line| line.split_whitespace().count() - 1).sum();
        assert!(pairs >= 400, "{pairs}");
        let mut words = Words::default();
        for name in TABLE.keys() {
            words.read(name, 2);
            assert_eq!(words.iter().collect::<Vec<_>>(), [*name]);
        }
    }
}
