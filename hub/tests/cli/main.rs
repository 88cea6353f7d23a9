//! The command line as its users meet it.

#[cfg(test)]
mod commands;
#[cfg(test)]
mod program;
