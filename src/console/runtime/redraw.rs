//! When the screen is drawn next.

use std::time::Duration;

use tokio::time::Instant;

/// Between two frames that show only more of a list: a person sees twenty a second as one movement, and every frame
/// less is time for the list itself.
const BETWEEN_PAGES: Duration = Duration::from_millis(50);
/// Between two frames that show what else was told: a hundred answers at once are one frame, and one is no later than
/// the eye sees.
const BETWEEN_WORDS: Duration = Duration::from_millis(10);

/// What the screen waits for.
#[derive(Debug)]
pub(super) struct Redraw {
    /// When something is worth a frame; keys that are held back change nothing.
    due: Option<Instant>,
    drawn: Option<Instant>,
}

impl Redraw {
    /// A screen that was never drawn.
    pub fn first() -> Self {
        Self { due: Some(Instant::now()), drawn: None }
    }

    /// Something changed that a person waits for.
    pub fn now(&mut self) {
        self.due = Some(Instant::now());
    }

    /// Some more of the list came.
    pub fn for_a_page(&mut self) {
        self.after(BETWEEN_PAGES);
    }

    /// Something else was told.
    pub fn for_a_word(&mut self) {
        self.after(BETWEEN_WORDS);
    }

    fn after(&mut self, pause: Duration) {
        let soon = self.drawn.map_or_else(Instant::now, |drawn| drawn + pause);
        self.due = Some(self.due.map_or(soon, |due| due.min(soon)));
    }

    /// When the next frame is due, if anything has changed.
    pub const fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Whether a frame is due.
    pub fn is_due(&self) -> bool {
        self.due.is_some_and(|due| due <= Instant::now())
    }

    /// Whether a frame is due; if so, it counts as drawn.
    pub fn take(&mut self) -> bool {
        let now = Instant::now();
        let is_due = self.due.take_if(|due| *due <= now).is_some();
        if is_due {
            self.drawn = Some(now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_page_waits_for_its_frame_and_a_key_does_not() {
        let mut redraw = Redraw::first();
        assert!(redraw.take());
        assert!(!redraw.take(), "nothing has changed since");

        redraw.for_a_page();
        assert!(!redraw.take());
        redraw.for_a_word();
        assert!(!redraw.is_due(), "more words may come");
        redraw.now();
        assert!(redraw.take(), "all of it is in the key's frame");
        assert_eq!(redraw.due(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn pages_without_end_do_not_put_the_frame_off() {
        let mut redraw = Redraw::first();
        redraw.take();
        redraw.for_a_page();
        let due = redraw.due().unwrap();
        tokio::time::advance(BETWEEN_PAGES / 2).await;
        redraw.for_a_page();
        assert_eq!(redraw.due(), Some(due));
        tokio::time::advance(BETWEEN_PAGES / 2).await;
        assert!(redraw.take());
        tokio::time::advance(BETWEEN_PAGES).await;
        redraw.for_a_page();
        assert!(redraw.take(), "after a rest the first page shows at once");
    }
}
