import Webhooks

/// A client of OAuth 2, and the request by which it gets a token for itself (RFC 6749 § 4.4, client credentials).
public struct TokenClient: Sendable, Hashable {
    /// Bytes of an answer that are read.
    public static let answerLimit = 64 * 1024

    let tokenURL: String
    let clientID: String
    let clientSecret: String
    let scope: String?

    /// The client proves itself as in § 2.3.1: what every server has to take.
    public var request: DressedRequest {
        let credentials = "\(Self.encode(clientID)):\(Self.encode(clientSecret))"
        let scope = scope.map { "&scope=\(Self.encode($0))" } ?? ""
        return DressedRequest(
            method: "POST", url: tokenURL,
            headers: [
                ("user-agent", "Martlet/\(Martlet.version)"), ("accept", "application/json"),
                ("content-type", "application/x-www-form-urlencoded"),
                ("authorization", "Basic \(Base64.encode(credentials.utf8))"),
            ], body: Array("grant_type=client_credentials\(scope)".utf8))
    }

    private static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        QueryText.appendEncoded(text.utf8, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
