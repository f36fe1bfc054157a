//! The turn of a request: its first poll, made in the order of the messages, which holds up those behind it.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

thread_local! {
    static IN_TURN: Cell<bool> = const { Cell::new(false) };
}

/// Polls `request` in its turn. What is pending then must be polled once more without having been woken.
pub(super) fn poll<F: Future>(request: Pin<&mut F>, context: &mut Context<'_>) -> Poll<F::Output> {
    IN_TURN.set(true);
    let polled = request.poll(context);
    IN_TURN.set(false);
    polled
}

/// Ends the turn of the request that awaits this: what it does next holds up nothing. Outside a turn it is nothing.
///
/// To yield to the runtime instead would wake who works off the messages, and another thread besides.
pub(crate) async fn end() {
    poll_fn(|_| if IN_TURN.replace(false) { Poll::Pending } else { Poll::Ready(()) }).await;
}
