//! The gateway against a scripted model server: what reaches the server, what is believed of its replies, what it costs.

mod cancel;
mod keys;
mod money;
mod support;
mod wires;
