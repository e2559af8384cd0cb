//! Certificates of an authority that no system knows.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use tempfile::TempDir;

/// An authority of one's own.
pub struct Authority {
    folder: TempDir,
    issuer: Issuer<'static, KeyPair>,
}

/// What a server shows of itself, in PEM.
#[derive(Debug, Clone)]
pub struct Certified {
    /// That it is this host.
    pub certificate: String,
    /// What proves that.
    pub key: String,
}

impl Authority {
    /// A new one, which nobody has heard of.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("tallystick-authority-")
            .tempdir_in("/tmp")
            .expect("a temporary folder can be made");
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        // Two of them are told apart by their names.
        let name = folder.path().display().to_string();
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("keys can be made");
        let certificate = params.self_signed(&key).expect("it can sign for itself");
        let authority = Self {
            folder,
            issuer: Issuer::new(params, key),
        };
        fs::write(authority.file(), certificate.pem()).expect("the folder is ours");
        authority
    }

    /// Its own certificate, in PEM.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// Certifies a host.
    pub fn certify(&self, host: &str) -> Certified {
        let params = CertificateParams::new([host.to_owned()]).expect("a name of a host");
        let key = KeyPair::generate().expect("keys can be made");
        let signed = params.signed_by(&key, &self.issuer);
        Certified {
            certificate: signed.expect("it can sign for others").pem(),
            key: key.serialize_pem(),
        }
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

impl Certified {
    /// Writes both into a folder, as `<name>.crt` and `<name>.key`.
    pub(crate) fn write_to(&self, folder: &Path, name: &str) -> [PathBuf; 2] {
        let files = ["crt", "key"].map(|kind| folder.join(format!("{name}.{kind}")));
        let texts = [&self.certificate, &self.key];
        for (file, text) in files.iter().zip(texts) {
            fs::write(file, text).expect("the folder is ours");
        }
        files
    }
}
