//! Plan, steps, verification and change sets across files.
