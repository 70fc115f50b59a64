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

    /// Whether browsers come by https: a proxy in front says so. Of several, the first one stands next to the browser.
    func isSecure(_ request: Request) -> Bool {
        if let configured { return configured.hasPrefix("https:") }
        let first = request.headers[.xForwardedProto]?.split(separator: ",").first ?? ""
        return first.lowercased().wholeMatch(of: /\s*https\s*/) != nil
    }
}

extension HTTPField.Name {
    /// `X-Forwarded-Proto`.
    fileprivate static let xForwardedProto = HTTPField.Name("X-Forwarded-Proto")!
}
