import HTTPTypes
import Hosting
import Hummingbird
import JSON
import Synchronization

/// An answer in the form in which it is kept: status, headers and body as JSON text.
struct KeptAnswer {
    let status: Int
    let headers: HTTPFields
    let body: [UInt8]

    init(status: Int, headers: HTTPFields, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Nil for text that is none.
    init?(_ text: [UInt8]) {
        guard let root = try? JSONDocument(parsing: text).root, let status = root.member("status")?.integer,
            let body = root.member("body")?.string
        else { return nil }
        var headers = HTTPFields()
        for field in root.member("headers")?.members.map(\.self) ?? [] {
            guard let name = HTTPField.Name(field.name), let value = field.value.string else { return nil }
            headers[name] = value
        }
        self.init(status: Int(status), headers: headers, body: Array(body.utf8))
    }

    var text: [UInt8] {
        var writer = JSONWriter(capacity: body.count + 256)
        writer.object { writer in
            writer.member("status", status)
            writer.name("headers")
            writer.object { writer in
                for field in headers { writer.member(field.name.rawName, field.value) }
            }
            writer.member("body", String(decoding: body, as: UTF8.self))
        }
        return writer.bytes
    }

    /// The answer as it was given, and that it was given before.
    var response: Response {
        var headers = headers
        headers[.idempotencyReplayed] = "true"
        return Response(
            status: HTTPResponse.Status(code: status), headers: headers,
            body: body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}

/// Gathers what a response writes.
struct AnswerWriter: ResponseBodyWriter {
    final class Gathered: Sendable {
        private let content = Mutex<[UInt8]>([])
        var bytes: [UInt8] { content.withLock { $0 } }
        func append(_ buffer: ByteBuffer) { content.withLock { $0.append(contentsOf: buffer.readableBytesView) } }
    }

    let gathered: Gathered

    mutating func write(_ buffer: ByteBuffer) async throws { gathered.append(buffer) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

extension HTTPField.Name {
    /// `Idempotency-Replayed`.
    static let idempotencyReplayed = HTTPField.Name("Idempotency-Replayed")!
}
