import ArgumentParser
import Dressing
import Foundation
import Webhooks

/// What `martlet sign` and `martlet verify` have in common.
struct SignatureOptions: ParsableArguments {
    @Option(help: "How the request is dressed: standard, crystallize or shopery.", transform: Self.dialect)
    var dialect = Dialect.standard

    @Option(
        help: "whsec_… (v1), whsk_… (v1a), or any text; crystallize: the tenant's; else MARTLET_WEBHOOK_SECRET.")
    var secret: String?

    @Option(help: "standard: the message, `webhook-id`.")
    var id: String?

    @Option(help: "standard: seconds since 1970, `webhook-timestamp`.")
    var timestamp: Int64?

    @Option(help: "crystallize: the webhook's URL, hashed as it is given.")
    var url: String?

    @Option(help: "crystallize: the request's method.")
    var method: String?

    @Option(
        name: .customLong("received-url"),
        help: "crystallize, GET: the URL that was called; what --url lacks of its query is the body.")
    var receivedURL: String?

    @Flag(help: "crystallize: print the hash of URL, method and body, and no token.")
    var printHmac = false

    private static func dialect(_ name: String) throws -> Dialect {
        guard let dialect = Dialect(rawValue: name) else { throw ValidationError("no dialect is called \(name)") }
        return dialect
    }

    func validate() throws {
        switch dialect {
        case .standard:
            guard id?.isEmpty == false else { throw ValidationError("--id is missing") }
            guard let timestamp, timestamp >= 0 else { throw ValidationError("--timestamp is missing, or negative") }
        case .crystallize:
            guard url?.isEmpty == false else { throw ValidationError("--url is missing") }
            guard method?.isEmpty == false else { throw ValidationError("--method is missing") }
        case .shopery: break
        }
        guard dialect == .crystallize || !printHmac else {
            throw ValidationError("--print-hmac is for --dialect crystallize")
        }
    }

    func signingSecret() throws -> SigningSecret {
        guard let text = secret ?? Surroundings()["MARTLET_WEBHOOK_SECRET"], !text.isEmpty else {
            throw CommandFailure("--secret is missing")
        }
        return dialect == .standard ? try SigningSecret(parsing: text) : SigningSecret(plain: text)
    }

    /// The value of the dialect's field for `body`, as Martlet sends it.
    func signature(of body: [UInt8], now: Instant = .now) throws -> String {
        switch dialect {
        case .standard:
            return try signingSecret().signature(id: id ?? "", timestamp: timestamp ?? 0, body: body)
        case .crystallize:
            let hmac = try hmac(of: body)
            if printHmac { return hmac }
            return CrystallizeSignature(secret: try signingSecret().text).token(
                hmac: hmac, tenant: Surroundings()["MARTLET_TENANT"] ?? "", at: now)
        case .shopery: return try signingSecret().text
        }
    }

    /// Why `signature` is not that of `body`; nil if it is.
    func fault(
        of signature: String, body: [UInt8], tolerance: Duration?, now: Instant = .now
    ) throws -> String? {
        let check = SignatureCheck(secrets: [try signingSecret()], tolerance: tolerance)
        switch dialect {
        case .standard:
            return check.fault(
                id: id ?? "", timestamp: String(timestamp ?? 0), signature: signature, body: body, now: now)
        case .crystallize: return check.fault(token: signature, hmac: try hmac(of: body), now: now)
        case .shopery: return check.fault(secret: signature)
        }
    }

    private func hmac(of body: [UInt8]) throws -> String {
        let method = (method ?? "").uppercased()
        let challenge = CrystallizeChallenge(url: url ?? "", method: method)
        if let receivedURL, method == "GET" { return challenge.hmac(receivedURL: receivedURL) }
        guard let hmac = challenge.hmac(body: body) else { throw CommandFailure("the body is no JSON") }
        return hmac
    }

    /// The request's body: all of standard input, byte for byte.
    static func body() throws -> [UInt8] { Array(try FileHandle.standardInput.readToEnd() ?? Data()) }
}
