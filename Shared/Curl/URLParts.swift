import CCurl

/// Scheme, host and port of a URL as libcurl reads them: what is judged here is what would be called.
struct URLParts {
    let scheme: String
    /// IPv6 addresses in brackets.
    let host: String
    let port: UInt16

    init?(_ url: String) {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        guard curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: handle), let host = Self.part(CURLUPART_HOST, of: handle),
            let port = Self.part(CURLUPART_PORT, of: handle).flatMap(UInt16.init)
        else { return nil }
        (self.scheme, self.host, self.port) = (scheme, host, port)
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
