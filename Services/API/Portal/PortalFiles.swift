import HTTPTypes
import Hosting
import Hummingbird
import Webhooks

/// The portal's page and what it consists of, as they were built in.
struct PortalFiles: Sendable {
    struct File: Sendable {
        let type: String
        let bytes: [UInt8]
        let tag: String

        init(_ bytes: [UInt8], type: String) {
            self.type = type
            self.bytes = bytes
            tag = "\"\(ULID(Fingerprint(of: [bytes]).value))\""
        }
    }

    /// Nothing but what the portal's own origin serves; nobody may frame it.
    static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    let page = File(PackageResources.index_html, type: "text/html; charset=utf-8")
    let assets: [String: File]

    init() { assets = Self.table.mapValues { File($0.bytes, type: $0.type) } }

    func asset(_ request: Request, _ name: String?) throws -> Response {
        guard let file = name.flatMap({ assets[$0] }) else { throw Problem.notFound("There is no such file.") }
        return answer(request, file)
    }

    /// Asked for anew each time, and sent again only when it has changed.
    func answer(_ request: Request, _ file: File) -> Response {
        let headers: HTTPFields = [
            .contentType: file.type, .eTag: file.tag, .cacheControl: "no-cache",
            .contentSecurityPolicy: Self.policy, .xContentTypeOptions: "nosniff", .referrerPolicy: "no-referrer",
            .crossOriginOpenerPolicy: "same-origin",
        ]
        if request.headers[.ifNoneMatch] == file.tag { return Response(status: .notModified, headers: headers) }
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }
}

extension HTTPField.Name {
    fileprivate static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    fileprivate static let crossOriginOpenerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy")!
}
