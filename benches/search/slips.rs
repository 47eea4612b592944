//! The mistakes that fingers make.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

fn place(rng: &mut ChaCha8Rng, text: &[u8]) -> usize {
    loop {
        let place = rng.random_range(0..text.len());
        if text[place].is_ascii_alphanumeric() {
            return place;
        }
    }
}

fn letter(rng: &mut ChaCha8Rng) -> u8 {
    b'a' + rng.random_range(0..26u8)
}

fn mend(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn substitute(rng: &mut ChaCha8Rng, text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let place = place(rng, &bytes);
    bytes[place] = letter(rng);
    mend(&bytes)
}

pub fn swap(rng: &mut ChaCha8Rng, text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..20 {
        let place = place(rng, &bytes);
        if bytes.get(place + 1).is_some_and(|next| next.is_ascii_alphanumeric() && *next != bytes[place]) {
            bytes.swap(place, place + 1);
            break;
        }
    }
    mend(&bytes)
}

pub fn insert(rng: &mut ChaCha8Rng, text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let place = place(rng, &bytes);
    bytes.insert(place, letter(rng));
    mend(&bytes)
}

pub fn delete(rng: &mut ChaCha8Rng, text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let place = place(rng, &bytes);
    bytes.remove(place);
    mend(&bytes)
}
