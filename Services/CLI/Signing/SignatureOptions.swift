import ArgumentParser
import Foundation
import Webhooks

/// What `martlet sign` and `martlet verify` have in common.
struct SignatureOptions: ParsableArguments {
    @Option(help: "How the request is dressed; for now `standard` alone.")
    var dialect: String = Dialect.standard.rawValue

    @Option(help: "whsec_… (v1), whsk_… (v1a), or any text; else MARTLET_WEBHOOK_SECRET.")
    var secret: String?

    @Option(help: "The message: `webhook-id`.")
    var id: String?

    @Option(help: "Seconds since 1970: `webhook-timestamp`.")
    var timestamp: Int64?

    // Of the dialect `crystallize`, which the tool does not know yet: accepted, so that one reason is given.
    @Option(help: .hidden) var url: String?
    @Option(help: .hidden) var method: String?
    @Option(help: .hidden) var receivedURL: String?
    @Flag(help: .hidden) var printHmac = false

    func validate() throws {
        guard let dialect = Dialect(rawValue: dialect) else {
            throw ValidationError("no dialect is called \(dialect)")
        }
        guard dialect == .standard else {
            throw ValidationError("signatures of the dialect \(dialect) are not supported yet")
        }
        guard id?.isEmpty == false else { throw ValidationError("--id is missing") }
        guard let timestamp, timestamp >= 0 else { throw ValidationError("--timestamp is missing, or negative") }
    }

    func signingSecret() throws -> SigningSecret {
        guard let text = secret ?? Surroundings()["MARTLET_WEBHOOK_SECRET"] else {
            throw CommandFailure("--secret is missing")
        }
        return try SigningSecret(parsing: text)
    }

    /// The request's body: all of standard input, byte for byte.
    static func body() throws -> [UInt8] { Array(try FileHandle.standardInput.readToEnd() ?? Data()) }
}
