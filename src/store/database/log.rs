//! The write-ahead log as bytes, for the case that some of them changed.
//!
//! SQLite reads a log up to the first frame whose checksum does not fit, and takes that for its end: of one flipped
//! bit it makes the loss of everything that was kept after it, without a word. Here the frames behind such a place
//! are found, and the log is given checksums that fit; whether its rows are true is for their own checksums to say.
//! The format is that of <https://www.sqlite.org/fileformat2.html#walformat>.

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// SQLite's own choice, which we never change.
const PAGE: usize = 4_096;
const FRAME: usize = FRAME_HEADER + PAGE;
/// The first bytes of a log whose checksums are over big-endian words; the other kind ends in 2.
const MAGIC_BIG: u32 = 0x377f_0683;
const VERSION: u32 = 3_007_000;

/// The log with checksums that fit up to its last commit, if any commit stands behind a place where its own do not.
pub fn mended(log: &[u8]) -> Option<Vec<u8>> {
    let header = log.get(..HEADER)?;
    let frames: Vec<Frame<'_>> = log[HEADER..].chunks_exact(FRAME).map(Frame).collect();
    let words = if header[3] & 1 == 1 { u32::from_be_bytes } else { u32::from_le_bytes };
    let start = Sum::new(words).over(&header[..24]);
    let is_sound = start.bytes() == header[24..];
    // Frames of an earlier use of the file have other salts.
    let salts = if is_sound { &header[16..24] } else { frames.first()?.salts() };
    let last = frames.iter().rposition(|frame| frame.salts() == salts && frame.is_commit())?;
    if is_sound && fitting(&frames, salts, start) > last {
        return None;
    }
    Some(signed(&frames[..=last], salts))
}

/// How many frames SQLite would read.
fn fitting(frames: &[Frame<'_>], salts: &[u8], start: Sum) -> usize {
    let mut sum = start;
    let fits = |frame: &&Frame<'_>| {
        sum = frame.sum(sum);
        frame.salts() == salts && sum.bytes() == frame.0[16..24]
    };
    frames.iter().take_while(fits).count()
}

fn signed(frames: &[Frame<'_>], salts: &[u8]) -> Vec<u8> {
    let page = u32::try_from(PAGE).unwrap_or_default();
    let mut log: Vec<u8> = [MAGIC_BIG, VERSION, page, 0].into_iter().flat_map(u32::to_be_bytes).collect();
    log.extend_from_slice(salts);
    let mut sum = Sum::new(u32::from_be_bytes).over(&log);
    log.extend_from_slice(&sum.bytes());
    for frame in frames {
        sum = frame.sum(sum);
        log.extend_from_slice(&frame.0[..8]);
        log.extend_from_slice(salts);
        log.extend_from_slice(&sum.bytes());
        log.extend_from_slice(&frame.0[FRAME_HEADER..]);
    }
    log
}

/// A page, behind its number, the size of the database where it ends a commit, the salts and the checksum.
#[derive(Clone, Copy)]
struct Frame<'a>(&'a [u8]);

impl<'a> Frame<'a> {
    fn salts(self) -> &'a [u8] {
        &self.0[8..16]
    }

    fn is_commit(self) -> bool {
        self.0[4..8] != [0; 4]
    }

    fn sum(self, before: Sum) -> Sum {
        before.over(&self.0[..8]).over(&self.0[FRAME_HEADER..])
    }
}

/// SQLite's running checksum.
#[derive(Clone, Copy)]
struct Sum {
    words: fn([u8; 4]) -> u32,
    first: u32,
    second: u32,
}

impl Sum {
    fn new(words: fn([u8; 4]) -> u32) -> Self {
        Self { words, first: 0, second: 0 }
    }

    /// Takes in bytes, eight at a time.
    fn over(mut self, bytes: &[u8]) -> Self {
        for pair in bytes.chunks_exact(8) {
            let word = |at: usize| (self.words)([pair[at], pair[at + 1], pair[at + 2], pair[at + 3]]);
            self.first = self.first.wrapping_add(word(0)).wrapping_add(self.second);
            self.second = self.second.wrapping_add(word(4)).wrapping_add(self.first);
        }
        self
    }

    fn bytes(self) -> [u8; 8] {
        let mut bytes = [0; 8];
        bytes[..4].copy_from_slice(&self.first.to_be_bytes());
        bytes[4..].copy_from_slice(&self.second.to_be_bytes());
        bytes
    }
}
