internal import Crypto
internal import Foundation

/// What PostgreSQL keeps of a password (RFC 5803, RFC 7677): made here, so that the password never reaches the server.
struct SCRAMVerifier: Sendable {
    static let iterations = 4096

    /// `SCRAM-SHA-256$4096:<salt>$<stored key>:<server key>`.
    let text: String

    /// - Parameters:
    ///   - password: ASCII; other text would have to be normalised first (SASLprep).
    ///   - salt: 16 random bytes.
    init(password: String, salt: [UInt8]) {
        let key = SymmetricKey(data: Array(password.utf8))
        var block = Array(HMAC<SHA256>.authenticationCode(for: salt + [0, 0, 0, 1], using: key))
        var salted = block
        for _ in 1..<Self.iterations {
            block = Array(HMAC<SHA256>.authenticationCode(for: block, using: key))
            for index in salted.indices { salted[index] ^= block[index] }
        }
        let saltedKey = SymmetricKey(data: salted)
        let clientKey = Array(HMAC<SHA256>.authenticationCode(for: Array("Client Key".utf8), using: saltedKey))
        let serverKey = Array(HMAC<SHA256>.authenticationCode(for: Array("Server Key".utf8), using: saltedKey))
        let storedKey = Array(SHA256.hash(data: clientKey))
        func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
        text = "SCRAM-SHA-256$\(Self.iterations):\(base64(salt))$\(base64(storedKey)):\(base64(serverKey))"
    }

    /// With a salt of its own.
    init(password: String) {
        self.init(password: password, salt: (0..<16).map { _ in UInt8.random(in: .min ... .max) })
    }
}
