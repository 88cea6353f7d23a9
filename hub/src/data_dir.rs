//! The data directory of a running hub: a lock, so that there is one, and its addresses for everybody else.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

const ADDRESS_FILE: &str = "hub.addr";

/// Where a running hub listens; `hub.addr` in its data directory as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// The web server.
    pub http: SocketAddr,
    /// The MQTT endpoint, unless it is off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mqtt: Option<SocketAddr>,
}

/// Why the data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// Another hub uses it.
    #[error("another hub runs on {}", .0.display())]
    InUse(PathBuf),
    /// It cannot be read or written.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Names the file in an error of the operating system.
pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> DataDirError {
    let path = path.to_owned();
    move |source| DataDirError::Io { path, source }
}

/// Makes a directory that only its owner may look into; one that exists stays as it is.
pub(crate) fn create_private(directory: &Path) -> Result<(), DataDirError> {
    if directory.as_os_str().is_empty() || directory.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(at(directory))
}

/// Replaces a file in one step, readable by its owner only.
pub(crate) fn write_private(path: &Path, content: &[u8]) -> Result<(), DataDirError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    let write = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(content)?;
        file.sync_all()?;
        std::fs::rename(&new, path)
    };
    write().map_err(at(path))
}

/// Says that one process alone serves a database, as long as it is kept; the operating system ends it with the process.
#[derive(Debug)]
pub(crate) struct StoreLock {
    _file: File,
}

impl StoreLock {
    /// Takes the lock that lies beside a database.
    pub(crate) fn take(database: &Path) -> Result<Self, DataDirError> {
        create_private(database.parent().unwrap_or(Path::new("")))?;
        let path = database.with_extension("lock");
        let open = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
        let file = open.map_err(at(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(DataDirError::InUse(database.to_owned())),
            Err(TryLockError::Error(error)) => Err(at(&path)(error)),
        }
    }
}

/// The addresses in the data directory; removed when it is dropped.
#[derive(Debug)]
pub(crate) struct AddressFile {
    path: PathBuf,
}

impl AddressFile {
    /// Says where the hub listens: it is ready.
    pub(crate) fn write(data_dir: &Path, addresses: &Addresses) -> Result<Self, DataDirError> {
        create_private(data_dir)?;
        let path = data_dir.join(ADDRESS_FILE);
        let content = serde_json::to_vec(addresses).map_err(io::Error::from).map_err(at(&path))?;
        write_private(&path, &content)?;
        Ok(Self { path })
    }

    /// Removes what a hub left behind that was killed, so that nobody takes it for the next one's.
    pub(crate) fn remove_stale(data_dir: &Path) -> Result<(), DataDirError> {
        let path = data_dir.join(ADDRESS_FILE);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(&path)(error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

impl Drop for AddressFile {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!(path = %self.path.display(), %error, "the addresses could not be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn addresses_are_there_while_the_hub_runs() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(ADDRESS_FILE);
        std::fs::write(&path, "left behind").unwrap();
        AddressFile::remove_stale(directory.path()).unwrap();
        assert!(!path.exists());
        AddressFile::remove_stale(directory.path()).unwrap();
        let addresses = Addresses { http: "127.0.0.1:8080".parse().unwrap(), mqtt: None };
        let file = AddressFile::write(directory.path(), &addresses).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), r#"{"http":"127.0.0.1:8080"}"#);
        let mqtt = Some("[::1]:1883".parse().unwrap());
        drop(file);
        assert!(!path.exists());
        let _file = AddressFile::write(directory.path(), &Addresses { mqtt, ..addresses }).unwrap();
        let written: Addresses = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(written.mqtt, mqtt);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn one_hub_serves_a_database() {
        let directory = tempfile::tempdir().unwrap();
        let database = directory.path().join("new").join("hub.db");
        let lock = StoreLock::take(&database).unwrap();
        assert!(matches!(StoreLock::take(&database), Err(DataDirError::InUse(path)) if path == database));
        drop(lock);
        StoreLock::take(&database).unwrap();
    }
}
