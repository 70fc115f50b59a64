public import HTTPTypes
public import Hummingbird

extension Request {
    /// The whole body.
    ///
    /// - Parameters:
    ///   - limit: in bytes; a longer body is refused with 413, one that says so before it is read.
    ///   - duration: in all; a client that drips its body for longer gets 408. Between two parts of it the server's
    ///     idle timeout counts.
    /// - Throws: ``Problem`` 400 where the connection ended early or the chunked form is broken.
    public func bytes(upTo limit: Int, within duration: Duration = .seconds(60)) async throws -> [UInt8] {
        let announced = headers[.contentLength].flatMap { Int($0) }
        if let announced, announced > limit { throw Problem.tooLarge(limit: limit) }
        let deadline = ContinuousClock.now + duration
        var bytes: [UInt8] = []
        if let announced, announced > 0 { bytes.reserveCapacity(announced) }
        var parts = body.makeAsyncIterator()
        while true {
            let part: ByteBuffer?
            do { part = try await parts.next() } catch let error as CancellationError { throw error } catch {
                throw Problem.badRequest("The body broke off, or is no valid HTTP.", code: "broken_body")
            }
            guard let part else { break }
            guard bytes.count + part.readableBytes <= limit else { throw Problem.tooLarge(limit: limit) }
            bytes.append(contentsOf: part.readableBytesView)
            guard ContinuousClock.now < deadline else {
                throw Problem(.requestTimeout, code: "body_timeout", detail: "The body took longer than \(duration).")
            }
        }
        if let announced, announced != bytes.count {
            throw Problem.badRequest("The body broke off.", code: "broken_body")
        }
        return bytes
    }

    /// Checks that the body's type is one of those, and that it is neither compressed nor in another character set.
    ///
    /// - Returns: the type without parameters, in small letters.
    /// - Throws: ``Problem`` 415, with the types in `Accept`.
    @discardableResult
    public func requireContentType(_ types: String...) throws -> String {
        func refusal(_ detail: String) -> Problem {
            let list = types.joined(separator: ", ")
            let header: HTTPField.Name = method == .patch ? .acceptPatch : .accept
            return Problem(
                .unsupportedMediaType, code: "unsupported_media_type", detail: detail, headers: [header: list])
        }
        let parts = (headers[.contentType] ?? "").lowercased().split(separator: ";").map { part in
            String(part.filter { $0 != " " && $0 != "\t" })
        }
        guard let type = parts.first, types.contains(type) else {
            throw refusal("The body's Content-Type must be \(types.joined(separator: " or ")).")
        }
        let charset = parts.first { $0.hasPrefix("charset=") }?.dropFirst(8).filter { $0 != "\"" }
        guard charset == nil || charset == "utf-8" || charset == "utf8" else { throw refusal("JSON is UTF-8.") }
        guard ["", "identity"].contains(headers[.contentEncoding]?.lowercased() ?? "") else {
            throw refusal("Compressed bodies are not taken.")
        }
        return type
    }
}

extension HTTPField.Name {
    /// `Accept-Patch` (RFC 5789).
    public static let acceptPatch = HTTPField.Name("Accept-Patch")!
}
