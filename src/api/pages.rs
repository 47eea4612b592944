//! All pages of a list, one after another.

use std::collections::HashSet;
use std::fmt;

use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, StreamExt};

use super::{ApiError, Failure};
use crate::wire::Paged;

/// So many pages without a single row may stand between two that have some; a list with more of them has no end.
const MOST_EMPTY: usize = 10;

type Fetch<P> = Box<dyn FnMut(Option<String>) -> BoxFuture<'static, Result<P, ApiError>> + Send + Sync>;

/// Walks a list page by page.
///
/// A page that failed is asked for again by the next call, so that a walk goes on where it was interrupted.
/// A cursor that comes twice, or page after page without a row, ends the walk with an error, and with the same error
/// however often it is asked again: such a list has no end, so that it must never be taken for complete.
pub struct Pages<P: Paged> {
    fetch: Fetch<P>,
    next: Next,
    seen: HashSet<String>,
    /// Pages without a row since the last that had some.
    empty: usize,
}

enum Next {
    Page(Option<String>),
    End,
    /// There is none: the list goes round.
    Never,
}

impl<P: Paged> Pages<P> {
    /// Walks from `start` (the first page where it is `None`), getting each page by `fetch`.
    pub fn new<F>(start: Option<String>, fetch: F) -> Self
    where
        F: FnMut(Option<String>) -> BoxFuture<'static, Result<P, ApiError>> + Send + Sync + 'static,
    {
        let seen = start.iter().cloned().collect();
        Self { fetch: Box::new(fetch), next: Next::Page(start), seen, empty: 0 }
    }

    /// The same walk, from a cursor that it gave at another time.
    #[must_use]
    pub fn going_on(mut self, cursor: String) -> Self {
        self.seen.insert(cursor.clone());
        self.next = Next::Page(Some(cursor));
        self
    }

    /// The next page's rows, or `None` after the last one; a list that goes round fails again each time.
    pub async fn next_page(&mut self) -> Option<Result<Vec<P::Item>, ApiError>> {
        let cursor = match &self.next {
            Next::Page(cursor) => cursor,
            Next::End => return None,
            Next::Never => return Some(Err(Failure::RepeatedCursor.into())),
        };
        let page = match (self.fetch)(cursor.clone()).await {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        let (rows, cursor) = page.into_page();
        self.empty = if rows.is_empty() { self.empty + 1 } else { 0 };
        self.next = match cursor {
            None => Next::End,
            Some(cursor) if self.empty <= MOST_EMPTY && self.seen.insert(cursor.clone()) => Next::Page(Some(cursor)),
            Some(_) => {
                self.next = Next::Never;
                return Some(Err(Failure::RepeatedCursor.into()));
            }
        };
        Some(Ok(rows))
    }

    /// The cursor to go on with at another time; `None` before the first page and after the last.
    #[must_use]
    pub fn cursor(&self) -> Option<&str> {
        match &self.next {
            Next::Page(cursor) => cursor.as_deref(),
            Next::End | Next::Never => None,
        }
    }

    /// Whether the last page has come.
    #[must_use]
    pub const fn is_at_end(&self) -> bool {
        matches!(self.next, Next::End)
    }

    /// Every row of every page that is left; the first failure ends it.
    pub async fn collect(mut self) -> Result<Vec<P::Item>, ApiError> {
        let mut rows = Vec::new();
        while let Some(page) = self.next_page().await {
            rows.extend(page?);
        }
        Ok(rows)
    }
}

impl<P: Paged + 'static> Pages<P>
where
    P::Item: Send,
{
    /// The pages as a stream that ends with the first failure.
    #[must_use]
    pub fn into_stream(self) -> BoxStream<'static, Result<Vec<P::Item>, ApiError>> {
        stream::unfold(Some(self), |walk| async move {
            let mut walk = walk?;
            let page = walk.next_page().await?;
            let rest = page.is_ok().then_some(walk);
            Some((page, rest))
        })
        .boxed()
    }
}

impl<P: Paged> fmt::Debug for Pages<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("seen", &self.seen.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use futures::FutureExt;

    use super::*;

    struct Page(Vec<u8>, Option<&'static str>);

    impl Paged for Page {
        type Item = u8;

        fn into_page(self) -> (Vec<u8>, Option<String>) {
            (self.0, self.1.map(str::to_owned))
        }
    }

    fn walk(script: Vec<(Option<&'static str>, Result<Page, ApiError>)>) -> Pages<Page> {
        let mut script = VecDeque::from(script);
        Pages::new(None, move |cursor| {
            let (asked, answer) = script.pop_front().expect("one request more than the script has");
            assert_eq!(cursor.as_deref(), asked);
            async move { answer }.boxed()
        })
    }

    #[tokio::test]
    async fn pages_come_in_order_and_end() {
        let walk = walk(vec![
            (None, Ok(Page(vec![1, 2], Some("a")))),
            (Some("a"), Ok(Page(vec![], Some("b")))),
            (Some("b"), Ok(Page(vec![3], None))),
        ]);
        assert_eq!(walk.collect().await, Ok(vec![1, 2, 3]));
    }

    #[tokio::test]
    async fn a_failed_page_is_asked_for_again() {
        let mut walk = walk(vec![
            (None, Ok(Page(vec![1], Some("a")))),
            (Some("a"), Err(Failure::TimedOut.into())),
            (Some("a"), Ok(Page(vec![2], None))),
        ]);
        assert_eq!(walk.next_page().await, Some(Ok(vec![1])));
        assert_eq!(walk.next_page().await, Some(Err(Failure::TimedOut.into())));
        assert_eq!(walk.cursor(), Some("a"));
        assert_eq!(walk.next_page().await, Some(Ok(vec![2])));
        assert_eq!((walk.next_page().await, walk.cursor()), (None, None));
    }

    #[tokio::test]
    async fn a_circle_is_noticed() {
        let mut pages = walk(vec![
            (None, Ok(Page(vec![1], Some("a")))),
            (Some("a"), Ok(Page(vec![2], Some("b")))),
            (Some("b"), Ok(Page(vec![3], Some("a")))),
        ])
        .into_stream();
        assert_eq!(pages.next().await, Some(Ok(vec![1])));
        assert_eq!(pages.next().await, Some(Ok(vec![2])));
        assert_eq!(pages.next().await, Some(Err(Failure::RepeatedCursor.into())));
        assert_eq!(pages.next().await, None);
    }

    #[tokio::test]
    async fn a_circle_is_never_taken_for_the_end() {
        let mut walk = walk(vec![(None, Ok(Page(vec![1], Some("a")))), (Some("a"), Ok(Page(vec![2], Some("a"))))]);
        assert_eq!(walk.next_page().await, Some(Ok(vec![1])));
        for _ in 0..3 {
            assert_eq!(walk.next_page().await, Some(Err(Failure::RepeatedCursor.into())));
        }
    }

    #[tokio::test]
    async fn empty_pages_without_end_are_noticed() {
        let mut asked = 0;
        let walk: Pages<Page> = Pages::new(None, move |_| {
            asked += 1;
            assert!(asked <= 20, "it goes on and on");
            let cursor: &'static str = asked.to_string().leak();
            async move { Ok(Page(Vec::new(), Some(cursor))) }.boxed()
        });
        assert_eq!(walk.collect().await, Err(Failure::RepeatedCursor.into()));
    }
}
