import Crypto
import Foundation
import JSON
import TestSupport

/// A receiver's check of `x-crystallize-signature`, after the published clients: a JWT by the tenant's secret whose
/// `hmac` is the SHA-256 of `JSON.stringify({url, method, body})`.
struct CrystallizeVerifier {
    let secret: String
    /// As the webhook has it.
    let url: String

    /// The claims of a request that is genuine; nil for any other.
    func claims(of request: Scene.Request, method: String? = nil, body: [UInt8]? = nil) -> JSONValue? {
        guard let token = request.header("x-crystallize-signature") else { return nil }
        let parts = token.split(separator: ".").map(String.init)
        guard parts.count == 3, let signature = Self.bytes(of: parts[2]),
            HMAC<SHA256>.isValidAuthenticationCode(
                signature, authenticating: Data("\(parts[0]).\(parts[1])".utf8), using: key),
            let payload = Self.bytes(of: parts[1]), let claims = try? JSONDocument(parsing: Array(payload)).root
        else { return nil }
        let challenge = challenge(of: request, method: method, body: body)
        let digest = SHA256.hash(data: Data(challenge.utf8)).map { String(format: "%02x", $0) }.joined()
        return claims.text("hmac") == digest ? claims : nil
    }

    private var key: SymmetricKey { SymmetricKey(data: Data(secret.utf8)) }

    /// The text that is hashed. The bodies are sent as `JSON.stringify` would write them.
    private func challenge(of request: Scene.Request, method: String?, body: [UInt8]?) -> String {
        let text: String
        if request.method == "GET" {
            let own = (URLComponents(string: url)?.queryItems ?? []).map(\.name)
            let added = request.query.filter { !own.contains($0.name) }
            text = "{" + added.map { "\(Self.quoted($0.name)):\(Self.quoted($0.value))" }.joined(separator: ",") + "}"
        } else {
            text = String(decoding: body ?? request.body, as: UTF8.self)
        }
        return #"{"url":\#(Self.quoted(url)),"method":"\#(method ?? request.method)","body":\#(text)}"#
    }

    /// The hex HMAC-SHA256 of the body with the same secret.
    func bodyHMAC(of request: Scene.Request) -> String {
        HMAC<SHA256>.authenticationCode(for: Data(request.body), using: key).map { String(format: "%02x", $0) }.joined()
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.map { character in
            switch character {
            case "\"", "\\": "\\\(character)"
            case "\n": "\\n"
            default: String(character)
            }
        }
        return "\"" + escaped.joined() + "\""
    }

    private static func bytes(of base64URL: String) -> Data? {
        let base64 = base64URL.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: base64 + String(repeating: "=", count: (4 - base64.count % 4) % 4))
    }
}
