import CCurl
import Glibc

/// What is the same for every transfer of an engine.
struct TransferOptions {
    let addresses: AddressPolicy
    let ports: PortList
    let proxy: String?
    let authorities: String?
    let idleConnections: Int

    init(_ configuration: HTTPEngineConfiguration) throws(HTTPEngineConfiguration.Fault) {
        Self.initializeLibrary
        try configuration.checkProxy()
        addresses = configuration.addresses
        ports = configuration.ports
        proxy = configuration.proxy
        authorities = try configuration.authorities()
        idleConnections = max(1, configuration.idleConnections)
    }

    /// Once a process. libcurl leaves SIGPIPE to us (`CURLOPT_NOSIGNAL`); a peer that hangs up must not end the
    /// process.
    private static let initializeLibrary: Void = {
        precondition(curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK, "libcurl does not start")
        signal(SIGPIPE, SIG_IGN)
    }()

    /// Sets on a fresh handle all that no request changes.
    func apply(to easy: UnsafeMutableRawPointer) {
        easy_set_long(easy, CURLOPT_NOSIGNAL, 1)
        easy_set_long(easy, CURLOPT_QUICK_EXIT, 1)  // else giving up during a name lookup blocks until that ends
        easy_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        easy_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        easy_set_long(easy, CURLOPT_PATH_AS_IS, 1)
        easy_set_long(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        easy_set_long(easy, CURLOPT_HTTP09_ALLOWED, 0)
        easy_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        easy_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        easy_set_long(easy, CURLOPT_BUFFERSIZE, 8 * 1024)  // answers are small, and every handle may hold one
        applyTLS(to: easy)
        easy_set_string(easy, CURLOPT_PROXY, proxy ?? "")  // not nil: http_proxy in the environment would count
        easy_set_string(easy, CURLOPT_NOPROXY, "")
    }

    private func applyTLS(to easy: UnsafeMutableRawPointer) {
        easy_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
        easy_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
        easy_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        // One cache a handle, and handles change their hosts all the time.
        easy_set_long(easy, CURLOPT_SSL_SESSIONID_CACHE, 0)
        easy_set_string(easy, CURLOPT_KEYPASSWD, "")  // nobody is asked on the terminal for a client key's password
        if let authorities {
            easy_set_string(easy, CURLOPT_CAINFO, authorities)
            easy_set_string(easy, CURLOPT_CAPATH, nil)  // with a folder beside the file, it is read at every handshake
        }
    }

    /// Why the host of `url` may not be called, where a proxy dials and the guard at the socket sees only that.
    func refusal(of url: String) -> TransferFailure? {
        guard proxy != nil else { return nil }
        guard let parts = URLParts(url) else { return .invalid("its URL cannot be read") }
        guard ports.permits(parts.port) else { return .forbidden("\(parts.host):\(parts.port)") }
        guard let host = HostAddress(parsing: parts.host), !addresses.permits(host) else { return nil }
        return .forbidden(parts.host)
    }
}
