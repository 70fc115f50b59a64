import Glibc

/// What an ``HTTPEngine`` may call, and how.
public struct HTTPEngineConfiguration: Sendable {
    /// Judged at every dial, on the address that the name was found to have.
    public var addresses = AddressPolicy()
    public var ports = PortList.all
    /// `http://[user:password@]host:port`; all requests go through it. It looks names up itself, so of the destination
    /// only hosts given as addresses are judged here, and the proxy's own address is not judged at all.
    public var proxy: String?
    /// PEM file of the certificate authorities that are trusted, in place of the system's.
    public var certificateAuthorities: String?
    /// Open connections that are kept for reuse, at least 1.
    public var idleConnections = 4096

    public init() {}

    /// Why an engine cannot work as configured.
    public enum Fault: Error, Sendable, Hashable {
        case unreadableCertificateAuthorities(path: String), malformedProxy
    }

    /// Where Debian, Red Hat and Alpine keep the system's authorities. A file, not a folder: only with a file alone
    /// does libcurl read it once and not at every handshake, which costs milliseconds.
    private static let systemAuthorities = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
    ]

    /// The file to read, or nil where libcurl must find the authorities itself.
    func authorities() throws(Fault) -> String? {
        guard let path = certificateAuthorities else { return Self.systemAuthorities.first { access($0, R_OK) == 0 } }
        guard access(path, R_OK) == 0 else { throw .unreadableCertificateAuthorities(path: path) }
        return path
    }

    func checkProxy() throws(Fault) {
        guard let proxy else { return }
        let isPlain = proxy.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isPlain, URLParts(proxy)?.scheme == "http" else { throw .malformedProxy }
    }
}
