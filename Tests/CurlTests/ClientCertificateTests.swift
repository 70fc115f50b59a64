import Curl
import Foundation
import TestSupport
import Testing

/// Receivers that ask who calls (mTLS).
@Suite struct ClientCertificateTests {
    /// Certificates by one authority, and a server that demands one of them and says whose it got.
    private final class Stage {
        let authority: TestAuthority
        let server: ChildServer
        let engine: HTTPEngine
        let url: String

        init() async throws {
            authority = try TestAuthority()
            let arguments = [authority.path(of: .valid), authority.keyPath(of: .valid), authority.file]
            server = try ChildServer(["python3", "-u", "-c", Self.script] + arguments, in: authority.folder)
            url = "https://127.0.0.1:\(try await server.line(beginning: "port "))/"
            engine = try HTTPEngine.onLoopback { [file = authority.file] in $0.certificateAuthorities = file }
        }

        func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

        func certificate(
            _ certificate: TestAuthority.Certificate, key: TestAuthority.Certificate? = nil
        ) throws -> ClientCertificate {
            ClientCertificate(
                certificate: try text(authority.path(of: certificate)),
                key: try text(authority.keyPath(of: key ?? certificate)))
        }

        func send(_ certificate: ClientCertificate?) async -> TransferOutcome {
            var request = OutboundRequest.get(url)
            request.clientCertificate = certificate
            return await engine.send(request)
        }

        private static let script = """
            import socket, ssl, sys, threading
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[1], sys.argv[2])
            context.load_verify_locations(sys.argv[3])
            context.verify_mode = ssl.CERT_REQUIRED
            listener = socket.create_server(("127.0.0.1", 0))
            print("port", listener.getsockname()[1])
            def serve(connection, number):
                try:
                    stream = context.wrap_socket(connection, server_side=True)
                    while stream.recv(65536):
                        name = dict(entry for _, entry in stream.getpeercert()["subjectAltName"] and
                                    [(0, e) for e in stream.getpeercert()["subjectAltName"]])["IP Address"]
                        body = f"{name} on {number}".encode()
                        stream.sendall(b"HTTP/1.1 200 OK\\r\\ncontent-length: %d\\r\\n\\r\\n%s" % (len(body), body))
                except (OSError, ssl.SSLError):
                    print("no handshake")
            for number in range(1000):
                connection, _ = listener.accept()
                threading.Thread(target=serve, args=(connection, number), daemon=True).start()
            """
    }

    @Test func theCertificateIsShownAndItsConnectionsAreItsOwn() async throws {
        let stage = try await Stage()
        let (one, other) = (try stage.certificate(.valid), try stage.certificate(.wrongHost))
        #expect(await stage.send(one).response?.bodyText == "127.0.0.1 on 0")
        #expect(await stage.send(one).response?.bodyText == "127.0.0.1 on 0", "kept open")
        #expect(await stage.send(other).response?.bodyText == "127.0.0.2 on 1")
        #expect(await stage.send(one).response?.bodyText == "127.0.0.1 on 0")
        let without = await stage.send(nil)
        #expect(without.failure != nil && without.response == nil)
        #expect(await stage.send(other).response?.bodyText == "127.0.0.2 on 1")
    }

    /// A certificate is no secret: who has a copy of it must not get at the connections of its owner.
    @Test func aCertificateWithoutItsKeyIsWorthNothing() async throws {
        let stage = try await Stage()
        #expect(await stage.send(try stage.certificate(.valid)).response?.bodyText == "127.0.0.1 on 0")
        let stolen = ClientCertificate(
            certificate: try stage.text(stage.authority.path(of: .valid)),
            key: try stage.text(stage.authority.keyPath(of: .wrongHost)))
        guard case .tls = await stage.send(stolen).failure else {
            Issue.record("sent with another's certificate")
            return
        }
    }

    @Test(
        "What is no certificate or key is a failure of TLS", arguments: ["", "no PEM", "-----BEGIN CERTIFICATE-----"])
    func malformed(text: String) async throws {
        let stage = try await Stage()
        guard case .tls = await stage.send(ClientCertificate(certificate: text, key: text)).failure else {
            Issue.record("sent")
            return
        }
        #expect(await stage.send(try stage.certificate(.valid)).response != nil)
    }

    /// libcurl would ask on the terminal; it gets an empty password instead.
    @Test func anEncryptedKeyIsAFailure() async throws {
        let stage = try await Stage()
        let path = stage.authority.folder.appendingPathComponent("locked.key").path
        let openssl = try await Program.run(
            "/usr/bin/env",
            [
                "openssl", "pkcs8", "-topk8", "-in", stage.authority.keyPath(of: .valid), "-out", path, "-passout",
                "pass:x",
            ])
        try #require(openssl.status == 0, "\(openssl.output)")
        let locked = ClientCertificate(
            certificate: try stage.text(stage.authority.path(of: .valid)), key: try stage.text(path))
        guard case .tls = await stage.send(locked).failure else {
            Issue.record("sent")
            return
        }
    }
}
