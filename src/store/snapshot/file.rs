//! The snapshot's file.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::thread;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::Place;
use super::super::checksum;
use super::super::folder::{private_file, sync_folder};
use super::block::{self, BlockError};
use super::{Part, Snapshot};
use crate::domain::{DeviceId, Event, EventId, TenantId, Ticket};

/// The first bytes of the file; the number is that of the format.
const MAGIC: &[u8; 20] = b"doorlist snapshot 1\n";
/// The same of a list that has come in part: its marks stand before it.
const PART: &[u8; 16] = b"doorlist part 1\n";
/// Tickets of every block but the last, which is a part of the format: enough to share tables, few enough that the cores
/// get equal shares.
const BLOCK: usize = 4_096;

/// Why a file is not the snapshot that was looked for.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Another format, or no snapshot at all.
    #[error("it is of another version")]
    OtherFormat,
    /// Bytes are missing or changed.
    #[error("it is damaged")]
    Damaged,
    /// It is of another tenant, event or device.
    #[error("it is of another event, tenant or device")]
    OtherPlace,
    /// The disk does not give it.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
    /// The checksums fit, the content does not.
    #[error(transparent)]
    Block(#[from] BlockError),
}

#[derive(Serialize, Deserialize)]
struct Header {
    tenant: TenantId,
    event_id: EventId,
    device: DeviceId,
    taken_at: Timestamp,
    event: Event,
    tickets: u64,
}

/// Writes to `fresh`, makes it durable and renames it to `path`.
pub fn write(fresh: &Path, path: &Path, place: &Place, snapshot: &Snapshot) -> io::Result<()> {
    durably(fresh, path, |out| write_list(out, place, snapshot))
}

/// The same of a part.
pub fn write_part(fresh: &Path, path: &Path, place: &Place, part: &Part) -> io::Result<()> {
    durably(fresh, path, |out| {
        out.write_all(PART)?;
        frame(out, &part.marks)?;
        write_list(out, place, &part.list)
    })
}

fn durably(fresh: &Path, path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let file = private_file(fresh)?;
    file.set_len(0)?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    write(&mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    std::fs::rename(fresh, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

fn write_list(out: &mut impl Write, place: &Place, snapshot: &Snapshot) -> io::Result<()> {
    out.write_all(MAGIC)?;
    let header = Header {
        tenant: place.tenant.clone(),
        event_id: place.event.clone(),
        device: place.device.clone(),
        taken_at: snapshot.taken_at,
        event: snapshot.event.clone(),
        tickets: snapshot.tickets.len() as u64,
    };
    frame(out, &postcard::to_stdvec(&header).map_err(io::Error::other)?)?;
    for tickets in snapshot.tickets.chunks(BLOCK) {
        frame(out, &block::encode(tickets))?;
    }
    Ok(())
}

fn frame(out: &mut impl Write, body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len()).map_err(io::Error::other)?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(&checksum::of(&[body]))?;
    out.write_all(body)
}

/// The snapshot in `file`, if it is of `place` and whole.
pub fn read(file: &File, place: &Place) -> Result<Snapshot, FileError> {
    read_list(&mut Source::of(file)?, place)
}

/// The part in `file`, if it is of `place` and as it was written.
pub fn read_part(file: &File, place: &Place) -> Result<Part, FileError> {
    let mut source = Source::of(file)?;
    source.expect(PART)?;
    let marks = source.frame()?.read(file, &mut Vec::new())?.to_vec();
    let mut list = read_list(&mut source, place)?;
    // The disk cannot tell the earliest of all times, before which no row of the roster is as new as another.
    list.tickets.iter_mut().filter(|ticket| ticket.is_light()).for_each(|ticket| ticket.updated_at = Ticket::UNDATED);
    Ok(Part { list, marks })
}

fn read_list(source: &mut Source<'_>, place: &Place) -> Result<Snapshot, FileError> {
    let header = read_header(source)?;
    let told = (&header.tenant, &header.event_id, &header.device);
    if told != (&place.tenant, &place.event, &place.device) {
        return Err(FileError::OtherPlace);
    }
    let mut blocks = Vec::new();
    while !source.is_at_its_end() {
        blocks.push(source.frame()?);
    }
    let count = usize::try_from(header.tickets).map_err(|_| FileError::Damaged)?;
    if blocks.len() != count.div_ceil(BLOCK) {
        return Err(FileError::Damaged);
    }
    let tickets = read_blocks(source.file, &blocks, count)?;
    Ok(Snapshot { taken_at: header.taken_at, event: header.event, tickets })
}

fn read_header(source: &mut Source<'_>) -> Result<Header, FileError> {
    source.expect(MAGIC)?;
    let mut buffer = Vec::new();
    postcard::from_bytes(source.frame()?.read(source.file, &mut buffer)?).map_err(|_| FileError::Damaged)
}

/// The event of the snapshot or part at `path`, without its tickets.
pub fn read_event(path: &Path) -> Option<Event> {
    let file = File::open(path).ok()?;
    let mut source = Source::of(&file).ok()?;
    if source.expect(PART).is_ok() {
        source.frame().ok()?;
    }
    read_header(&mut source).ok().map(|header| header.event)
}

/// A file as far as it was read: its frames are only found here, and read by whoever decodes them.
struct Source<'a> {
    file: &'a File,
    at: u64,
    length: u64,
}

impl<'a> Source<'a> {
    fn of(file: &'a File) -> Result<Self, FileError> {
        Ok(Self { file, at: 0, length: file.metadata()?.len() })
    }

    fn is_at_its_end(&self) -> bool {
        self.at >= self.length
    }

    /// Goes past `magic`, which stands here or does not.
    fn expect<const N: usize>(&mut self, magic: &[u8; N]) -> Result<(), FileError> {
        let mut found = [0; N];
        let is_there = self.file.read_exact_at(&mut found, self.at).map_err(cut_short);
        match is_there {
            Ok(()) if found == *magic => {
                self.at += N as u64;
                Ok(())
            }
            Ok(()) | Err(FileError::Damaged) => Err(FileError::OtherFormat),
            Err(error) => Err(error),
        }
    }

    fn frame(&mut self) -> Result<Frame, FileError> {
        let mut length = [0; 4];
        let mut checksum = [0; checksum::LENGTH];
        self.file.read_exact_at(&mut length, self.at).map_err(cut_short)?;
        self.file.read_exact_at(&mut checksum, self.at + 4).map_err(cut_short)?;
        let at = self.at + 4 + checksum::LENGTH as u64;
        let length = u32::from_le_bytes(length);
        self.at = at + u64::from(length);
        if self.at > self.length {
            return Err(FileError::Damaged);
        }
        Ok(Frame { at, length, checksum })
    }
}

/// Where a body lies, and what it has to come to.
struct Frame {
    at: u64,
    length: u32,
    checksum: [u8; checksum::LENGTH],
}

impl Frame {
    /// The body, as it was written; in a buffer that serves for one after another.
    fn read<'b>(&self, file: &File, buffer: &'b mut Vec<u8>) -> Result<&'b [u8], FileError> {
        buffer.resize(usize::try_from(self.length).map_err(|_| FileError::Damaged)?, 0);
        file.read_exact_at(buffer, self.at).map_err(cut_short)?;
        if checksum::of(&[buffer]) == self.checksum { Ok(buffer) } else { Err(FileError::Damaged) }
    }
}

/// A file that ends too early is damaged; all else that can go wrong is no matter of its content.
fn cut_short(error: io::Error) -> FileError {
    if error.kind() == io::ErrorKind::UnexpectedEof { FileError::Damaged } else { error.into() }
}

/// Verifies and decodes blocks on all cores, each into its own part of the list: what is touched first costs most.
fn read_blocks(file: &File, blocks: &[Frame], count: usize) -> Result<Vec<Ticket>, FileError> {
    let cores = thread::available_parallelism().map_or(1, usize::from).min(8);
    let share = blocks.len().div_ceil(cores).max(1);
    let mut places: Vec<Option<Ticket>> = Vec::new();
    places.resize_with(count, || None);
    thread::scope(|scope| {
        let shares = blocks.chunks(share).zip(places.chunks_mut(share * BLOCK));
        let threads: Vec<_> = shares.map(|(blocks, places)| scope.spawn(|| read_share(file, blocks, places))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or(Err(FileError::Damaged)))
    })?;
    places.into_iter().collect::<Option<_>>().ok_or(FileError::Damaged)
}

fn read_share(file: &File, blocks: &[Frame], places: &mut [Option<Ticket>]) -> Result<(), FileError> {
    let mut buffer = Vec::new();
    for (frame, places) in blocks.iter().zip(places.chunks_mut(BLOCK)) {
        let tickets = block::decode(frame.read(file, &mut buffer)?)?;
        if tickets.len() != places.len() {
            return Err(FileError::Damaged);
        }
        for (place, ticket) in places.iter_mut().zip(tickets) {
            *place = Some(ticket?);
        }
    }
    Ok(())
}
