import Foundation
import Webhooks

/// A request as a receiver keeps it: one line of its record.
struct ReceivedRequest: Codable, Sendable {
    /// RFC 3339.
    var receivedAt: String
    var method: String
    /// Path and query as sent.
    var path: String
    /// By lower-case name; values of one name joined with `, `.
    var headers: [String: String]
    /// The body, byte for byte where it is UTF-8.
    var body: String
    /// What was answered.
    var status: Int
    /// `valid`, or the reason why not; nil where there was no secret to check with.
    var signature: String?

    /// The line, without its end.
    func line() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// All requests of a record; a last line that is still being written is left out.
    static func all(inRecord path: String) -> [ReceivedRequest] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return data.split(separator: UInt8(ascii: "\n")).compactMap {
            try? JSONDecoder().decode(ReceivedRequest.self, from: $0)
        }
    }

    /// What a person wants to see of it.
    func summary(showsHeaders: Bool = true) -> String {
        let verdict = signature.map { $0 == "valid" ? "signature valid" : "signature INVALID: \($0)" }
        let head = ["\(method) \(path)", "answered \(status)", verdict].compactMap(\.self).joined(separator: " · ")
        let named = headers.filter { showsHeaders && ($0.key.hasPrefix("webhook-") || $0.key.hasPrefix("x-")) }
        let lines = named.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
        return ([receivedAt + "  " + head] + lines + (body.isEmpty ? [] : ["  " + body])).joined(separator: "\n")
    }
}
