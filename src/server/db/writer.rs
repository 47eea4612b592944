//! The one thread that writes: many requests, one commit.

use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::{Catalogue, Change, View};
use crate::server::Clock;
use crate::server::fault::Fault;

/// Most requests that wait; past that, those who ask wait to be heard.
const QUEUE: usize = 1_024;
/// Most requests that share a commit: enough to hide its cost, few enough to keep the first one's wait short.
const BATCH: usize = 128;

/// Does the work now; what it returns gives the answer once the commit is known.
type Job = Box<dyn FnOnce(&Change<'_>) -> Answer + Send>;

/// Whether the work is to be kept, and who waits for the word.
struct Answer {
    keep: bool,
    tell: Box<dyn FnOnce(bool) + Send>,
}

pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
    thread: JoinHandle<()>,
}

impl Writer {
    pub fn start(
        conn: Connection,
        lock: Option<File>,
        catalogue: Arc<RwLock<Arc<Catalogue>>>,
        clock: Clock,
    ) -> io::Result<Self> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let desk = Desk { conn, catalogue, clock };
        let thread = std::thread::Builder::new().name("doorlist-writer".to_owned()).spawn(move || {
            desk.serve(queue);
            // Held until the last commit, so that no other process writes beside it.
            drop(lock);
        })?;
        Ok(Self { jobs, thread })
    }

    /// Queues a change and waits for its commit.
    pub async fn submit<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Change<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |desk| {
            let outcome = catch_unwind(AssertUnwindSafe(|| change(desk)))
                .unwrap_or_else(|_| Err(Fault::internal(&"a change panicked")));
            Answer {
                keep: outcome.is_ok(),
                tell: Box::new(move |committed| {
                    let failed = || Err(Fault::internal(&"the change could not be committed"));
                    // A refusal too was judged by what its neighbours wrote: where that did not last, it does not hold.
                    // The one who asked may have gone; the change stands all the same.
                    let _ = reply.send(if committed { outcome } else { failed() });
                }),
            }
        });
        let gone = |_| Fault::internal(&"the writer has ended");
        self.jobs.send(job).await.map_err(|_| Fault::internal(&"the writer has ended"))?;
        answer.await.map_err(gone)?
    }

    /// Ends the thread when everything queued is committed.
    pub async fn finish(self) {
        drop(self.jobs);
        let thread = self.thread;
        if tokio::task::spawn_blocking(move || thread.join()).await.is_err() {
            tracing::error!("the writer could not be waited for");
        }
    }
}

struct Desk {
    conn: Connection,
    catalogue: Arc<RwLock<Arc<Catalogue>>>,
    clock: Clock,
}

impl Desk {
    fn serve(mut self, mut queue: mpsc::Receiver<Job>) {
        while let Some(first) = queue.blocking_recv() {
            let mut answers = Vec::new();
            let committed = self.commit(first, &mut queue, &mut answers).inspect_err(|cause| {
                tracing::error!(%cause, requests = answers.len(), "a commit failed");
            });
            for answer in answers {
                (answer.tell)(committed.is_ok());
            }
        }
    }

    /// Runs this job and those that wait behind it in one transaction.
    fn commit(
        &mut self,
        first: Job,
        queue: &mut mpsc::Receiver<Job>,
        answers: &mut Vec<Answer>,
    ) -> Result<(), rusqlite::Error> {
        let catalogue = Arc::clone(&self.catalogue.read().unwrap_or_else(PoisonError::into_inner));
        let transaction = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Kept statements, unlike those of a `Savepoint`.
        let run = |statement| transaction.prepare_cached(statement)?.execute([]);
        let mut next = Some(first);
        while let Some(job) = next {
            run("SAVEPOINT part")?;
            let change = Change { view: View { conn: &transaction, catalogue: &catalogue }, now: self.clock.now() };
            let answer = job(&change);
            if !answer.keep {
                run("ROLLBACK TO part")?;
            }
            run("RELEASE part")?;
            answers.push(answer);
            next = if answers.len() < BATCH { queue.try_recv().ok() } else { None };
        }
        transaction.commit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writer() -> Writer {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(
            "CREATE TABLE doors (key INTEGER PRIMARY KEY) STRICT; \
             CREATE TABLE guests (door INTEGER NOT NULL REFERENCES doors DEFERRABLE INITIALLY DEFERRED) STRICT",
        )
        .unwrap();
        Writer::start(conn, None, Arc::default(), Clock::system()).unwrap()
    }

    fn admit(door: i64) -> impl FnOnce(&Change<'_>) -> Result<usize, Fault> {
        move |change| Ok(change.view.conn.execute("INSERT INTO guests VALUES (?)", [door])?)
    }

    fn count(change: &Change<'_>) -> Result<i64, Fault> {
        Ok(change.view.conn.query_row("SELECT count(*) FROM guests", [], |row| row.get(0))?)
    }

    /// A deferred reference is looked at by the commit: until then the change has gone well.
    #[tokio::test]
    async fn what_could_not_be_committed_was_not_done() {
        let writer = writer();
        let refused = writer.submit(admit(7)).await.unwrap_err();
        assert_eq!(refused.status(), axum::http::StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(writer.submit(count).await.unwrap(), 0);
        let open = |change: &Change<'_>| Ok(change.view.conn.execute("INSERT INTO doors VALUES (7)", [])?);
        writer.submit(open).await.unwrap();
        assert_eq!(writer.submit(admit(7)).await.unwrap(), 1);
        assert_eq!(writer.submit(count).await.unwrap(), 1);
        writer.finish().await;
    }

    /// "Already in" may tell of the very scan that was lost with the commit.
    #[tokio::test]
    async fn a_refusal_by_what_was_not_committed_is_not_told() {
        let writer = writer();
        let (see, seen) = std::sync::mpsc::channel();
        let refuse = move |change: &Change<'_>| {
            see.send(count(change)?).map_err(|cause| Fault::internal(&cause))?;
            Err::<(), _>(Fault::bad_request("already in"))
        };
        // Holds the writer until both others wait behind it.
        let (go, gate) = std::sync::mpsc::channel::<()>();
        let hold = writer.submit(move |_| gate.recv().map_err(|cause| Fault::internal(&cause)));
        let others = async {
            let both = async { tokio::join!(writer.submit(admit(7)), writer.submit(refuse)) };
            tokio::pin!(both);
            assert!(futures::poll!(&mut both).is_pending());
            go.send(()).unwrap();
            both.await
        };
        let (_, (admitted, refused)) = tokio::join!(hold, others);
        assert_eq!(seen.recv(), Ok(1), "both are in one batch");
        assert_eq!(admitted.unwrap_err().status(), axum::http::StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(refused.unwrap_err().status(), axum::http::StatusCode::INTERNAL_SERVER_ERROR);
        writer.finish().await;
    }

    #[tokio::test]
    async fn a_change_that_fails_leaves_its_neighbours_alone() {
        let writer = writer();
        let good = |change: &Change<'_>| {
            Ok(change
                .view
                .conn
                .execute_batch("INSERT OR IGNORE INTO doors VALUES (7); INSERT INTO guests VALUES (7)")?)
        };
        let bad = |change: &Change<'_>| {
            change.view.conn.execute("INSERT INTO guests VALUES (7)", [])?;
            Err::<(), _>(Fault::bad_request("no"))
        };
        let panics = |change: &Change<'_>| -> Result<(), Fault> {
            change.view.conn.execute("INSERT INTO guests VALUES (7)", [])?;
            panic!("while it was written");
        };
        let (first, refused, broken, last) =
            tokio::join!(writer.submit(good), writer.submit(bad), writer.submit(panics), writer.submit(good));
        assert!(first.is_ok() && last.is_ok());
        assert_eq!(refused.unwrap_err().status(), axum::http::StatusCode::BAD_REQUEST);
        assert_eq!(broken.unwrap_err().status(), axum::http::StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(writer.submit(count).await.unwrap(), 2);
        writer.finish().await;
    }
}
