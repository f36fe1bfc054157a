//! The protocol: transport, backend, handlers, conversions.
