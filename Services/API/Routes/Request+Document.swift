import Hosting
import Hummingbird
import JSON

extension Request {
    /// Bytes of a body at most: two PEM texts of 64 KiB and what stands around them.
    static let documentLimit = 512 * 1024

    /// As ``document(isPatch:)``; nil where there is no body.
    func optionalDocument() async throws -> JSONDocument? {
        var request = self
        let bytes = try await request.bytes(upTo: Self.documentLimit)
        guard !bytes.isEmpty else { return nil }
        request.body = RequestBody(buffer: ByteBuffer(bytes: bytes))
        return try await request.document()
    }

    /// The body as JSON.
    /// - Parameter isPatch: whether `application/merge-patch+json` is taken too.
    /// - Throws: 415, 413, 422 where it is nested too deeply, or 400 with the offset of the first wrong byte.
    func document(isPatch: Bool = false) async throws -> JSONDocument {
        if isPatch {
            try requireContentType("application/json", "application/merge-patch+json")
        } else {
            try requireContentType("application/json")
        }
        let bytes = try await bytes(upTo: Self.documentLimit)
        do { return try JSONDocument(parsing: bytes) } catch {
            guard case .tooDeep = error.reason else {
                throw Problem.badRequest("The body is no JSON: \(error).", code: "malformed_json")
            }
            throw Problem.invalid([Problem.Fault(field: "", code: "too_deep", detail: "\(error).")])
        }
    }
}

extension Faults {
    /// 422 with every fault.
    var problem: Problem {
        .invalid(list.map { Problem.Fault(field: $0.field, code: $0.code.rawValue, detail: $0.detail) })
    }
}
