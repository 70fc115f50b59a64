import HTTPTypes
import Hosting
import Hummingbird

/// What the HTTP protocol binding of CloudEvents 1.0 puts into fields.
///
/// Source: github.com/cloudevents/spec, v1.0.2, HTTP protocol binding.
enum CloudEventHeaders {
    static let structured = "application/cloudevents+json"
    static let batch = "application/cloudevents-batch+json"
    private static let prefix = "ce-"

    /// Binary mode: nil where no field begins with `ce-`, or where the body's own type says another mode.
    ///
    /// - Throws: 422 where the data is of another type than JSON.
    static func form(of request: Request) throws -> EventReader.Form? {
        var attributes: [String: String] = [:]
        for field in request.headers where field.name.canonicalName.hasPrefix(prefix) {
            attributes[String(field.name.canonicalName.dropFirst(prefix.count))] = decoded(field.value)
        }
        let type = (request.headers[.contentType] ?? "").lowercased().prefix { $0 != ";" }
        guard !attributes.isEmpty, type != structured, type != batch else { return nil }
        let media = type.filter { $0 != " " && $0 != "\t" }
        guard isJSON(String(media)) else {
            let detail = "The data of an event is a JSON object: Content-Type application/json."
            throw Problem.invalid([Problem.Fault(field: "datacontenttype", code: "unsupported", detail: detail)])
        }
        if media == "application/json" { _ = try request.requireContentType("application/json") }
        return .binary(attributes)
    }

    /// Whether a media type, without parameters, is JSON.
    static func isJSON(_ type: String) -> Bool {
        let type = type.lowercased()
        return type == "application/json" || type == "text/json" || type.hasSuffix("+json")
    }

    /// Characters of values beyond visible ASCII come percent-encoded (§ 3.1.3.2).
    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let text = String(validating: rest.prefix(2), as: UTF8.self),
                let decoded = UInt8(text, radix: 16), !text.hasPrefix("+")
            {
                bytes.append(decoded)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
