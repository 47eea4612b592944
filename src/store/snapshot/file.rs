//! The snapshot's file.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
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
/// Tickets a block: enough to share tables, few enough that the cores get equal shares.
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

/// The snapshot in `bytes`, if it is of `place` and whole.
pub fn decode(bytes: &[u8], place: &Place) -> Result<Snapshot, FileError> {
    let mut rest = bytes.strip_prefix(MAGIC.as_slice()).ok_or(FileError::OtherFormat)?;
    let header: Header = postcard::from_bytes(next_frame(&mut rest)?.verified()?).map_err(|_| FileError::Damaged)?;
    let told = (&header.tenant, &header.event_id, &header.device);
    if told != (&place.tenant, &place.event, &place.device) {
        return Err(FileError::OtherPlace);
    }
    let mut blocks = Vec::new();
    while !rest.is_empty() {
        blocks.push(next_frame(&mut rest)?);
    }
    let tickets = decode_blocks(&blocks)?;
    if tickets.len() as u64 != header.tickets {
        return Err(FileError::Damaged);
    }
    Ok(Snapshot { taken_at: header.taken_at, event: header.event, tickets })
}

/// The part in `bytes`, if it is of `place` and as it was written.
pub fn decode_part(bytes: &[u8], place: &Place) -> Result<Part, FileError> {
    let mut rest = bytes.strip_prefix(PART.as_slice()).ok_or(FileError::OtherFormat)?;
    let marks = next_frame(&mut rest)?.verified()?.to_vec();
    let mut list = decode(rest, place)?;
    // The disk cannot tell the earliest of all times, before which no row of the roster is as new as another.
    list.tickets.iter_mut().filter(|ticket| ticket.is_light()).for_each(|ticket| ticket.updated_at = Ticket::UNDATED);
    Ok(Part { list, marks })
}

/// The event of the snapshot or part at `path`, without its tickets.
pub fn read_event(path: &Path) -> Option<Event> {
    let mut start = Vec::new();
    // Far more than any event with its tiers takes.
    File::open(path).ok()?.take(1 << 20).read_to_end(&mut start).ok()?;
    let mut rest = start.as_slice();
    if let Some(part) = rest.strip_prefix(PART.as_slice()) {
        rest = part;
        next_frame(&mut rest).ok()?;
    }
    rest = rest.strip_prefix(MAGIC.as_slice())?;
    let header: Header = postcard::from_bytes(next_frame(&mut rest).ok()?.verified().ok()?).ok()?;
    Some(header.event)
}

/// A frame whose body has not been verified yet.
struct Frame<'a> {
    checksum: &'a [u8],
    body: &'a [u8],
}

impl<'a> Frame<'a> {
    fn verified(&self) -> Result<&'a [u8], FileError> {
        if checksum::of(&[self.body]) == self.checksum { Ok(self.body) } else { Err(FileError::Damaged) }
    }
}

fn next_frame<'a>(rest: &mut &'a [u8]) -> Result<Frame<'a>, FileError> {
    let mut take = |length: usize| -> Result<&'a [u8], FileError> {
        let (part, after) = rest.split_at_checked(length).ok_or(FileError::Damaged)?;
        *rest = after;
        Ok(part)
    };
    let length = take(4)?.try_into().map(u32::from_le_bytes).map_err(|_| FileError::Damaged)?;
    let checksum = take(checksum::LENGTH)?;
    let body = take(usize::try_from(length).map_err(|_| FileError::Damaged)?)?;
    Ok(Frame { checksum, body })
}

/// Verifies and decodes blocks on all cores, in order.
fn decode_blocks(blocks: &[Frame<'_>]) -> Result<Vec<Ticket>, FileError> {
    let cores = thread::available_parallelism().map_or(1, usize::from).min(8);
    let share = blocks.len().div_ceil(cores).max(1);
    let shares: Vec<Result<Vec<Ticket>, FileError>> = thread::scope(|scope| {
        let threads: Vec<_> = blocks.chunks(share).map(|blocks| scope.spawn(|| decode_share(blocks))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or(Err(FileError::Damaged))).collect()
    });
    let mut tickets = Vec::new();
    for share in shares {
        let mut share = share?;
        if tickets.is_empty() { tickets = share } else { tickets.append(&mut share) }
    }
    Ok(tickets)
}

fn decode_share(blocks: &[Frame<'_>]) -> Result<Vec<Ticket>, FileError> {
    let mut tickets = Vec::with_capacity(blocks.len() * BLOCK);
    for frame in blocks {
        tickets.append(&mut block::decode(frame.verified()?)?);
    }
    Ok(tickets)
}
