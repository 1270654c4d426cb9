//! Event bytes to the values on paths that some rule names.

mod scan;

pub(crate) use scan::scan;
