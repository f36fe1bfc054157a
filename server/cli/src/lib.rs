//! The same engine without an editor.
