import Foundation
import Testing

/// A certificate authority made for one test, with certificates of several kinds, in a folder of its own.
final class TestAuthority {
    enum Certificate: String, CaseIterable {
        case valid, expired, wrongHost
        /// By nobody but itself.
        case selfSigned
    }

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try openssl(["req", "-x509", "-days", "1", "-subj", "/CN=Test CA", "-out", "ca.pem"] + key("ca"))
        try openssl(
            ["req", "-x509", "-days", "1", "-out", path(of: .selfSigned)] + subject("127.0.0.1") + key("selfSigned"))
        for (certificate, address, days) in [
            (Certificate.valid, "127.0.0.1", "1"), (.expired, "127.0.0.1", "-1"), (.wrongHost, "127.0.0.2", "1"),
        ] {
            let name = certificate.rawValue
            try openssl(["req", "-out", "\(name).csr"] + subject(address) + key(name))
            try openssl([
                "x509", "-req", "-in", "\(name).csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days",
                days,
                "-copy_extensions", "copy", "-out", path(of: certificate),
            ])
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The authority's own certificate, a PEM file.
    var file: String { folder.appendingPathComponent("ca.pem").path }

    func path(of certificate: Certificate) -> String { folder.appendingPathComponent("\(certificate).pem").path }
    func keyPath(of certificate: Certificate) -> String { folder.appendingPathComponent("\(certificate).key").path }

    private func key(_ name: String) -> [String] {
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "\(name).key"]
    }

    private func subject(_ address: String) -> [String] {
        ["-subj", "/CN=test", "-addext", "subjectAltName=IP:\(address),DNS:test.example"]
    }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = folder
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl \(arguments)")
    }
}
