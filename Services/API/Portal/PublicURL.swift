import HTTPTypes
import Hummingbird

/// Where the API is found from outside, without a path: as the operator says, else as the request was addressed.
struct PublicURL {
    /// `MARTLET_PUBLIC_URL`; nil unless set.
    let configured: String?

    /// Nil for what is no `http://` or `https://` with a host and without a path.
    static func parsed(_ text: String) -> String? {
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard trimmed.wholeMatch(of: /https?:\/\/[A-Za-z0-9._~:\[\]-]+/) != nil else { return nil }
        return trimmed
    }

    func text(for request: Request) -> String {
        if let configured { return configured }
        let host = request.head.authority ?? ""
        let isPlain = host.wholeMatch(of: /[A-Za-z0-9._~:\[\]-]+/) != nil
        return (isSecure(request) ? "https://" : "http://") + (isPlain ? host : "localhost")
    }

    /// Whether browsers come by https: a proxy in front says so.
    func isSecure(_ request: Request) -> Bool {
        configured?.hasPrefix("https:") ?? (request.headers[.xForwardedProto]?.lowercased() == "https")
    }
}

extension HTTPField.Name {
    /// `X-Forwarded-Proto`.
    fileprivate static let xForwardedProto = HTTPField.Name("X-Forwarded-Proto")!
}
