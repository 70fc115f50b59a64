import CCurl

/// One easy handle and the memory of one transfer at a time, used for one after the other.
///
/// libcurl holds pointers to it; its owner keeps it until the handle is cleaned up, which happens in `deinit`.
final class Transfer {
    let easy: UnsafeMutableRawPointer
    let options: TransferOptions
    unowned let multi: MultiHandle
    /// Of the transfer under way.
    var id: TransferID?
    var completion: ((TransferOutcome) -> Void)?
    private(set) var began = ContinuousClock.now

    // What came, and what our callbacks found.
    var head = ResponseHead()
    var body: [UInt8] = []
    var received = 0
    var isTooLarge = false
    var dialled: IPAddress?
    var refused: String?
    /// Sockets made for the transfer, some perhaps closed again.
    var opened: [curl_socket_t] = []

    private var keptBodyBytes = 0
    private var maximumBodyBytes = 0
    private var headers = HeaderList()
    private var payload = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 2048)
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    // What the handle has now: setting an option again costs more than looking.
    private var timeout = -1
    private var connectTimeout = -1
    private var customMethod: String?
    private var clientCertificate: ClientCertificate?

    init(of multi: MultiHandle, options: TransferOptions) {
        guard let easy = curl_easy_init() else { preconditionFailure("out of memory") }
        self.easy = easy
        self.options = options
        self.multi = multi
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        options.apply(to: easy)
        easy_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
        easy_set_pointer(easy, CURLOPT_PRIVATE, Unmanaged.passUnretained(self).toOpaque())
        setCallbacks()
    }

    deinit {
        curl_easy_cleanup(easy)
        payload.deallocate()
        errorText.deallocate()
    }

    /// Makes the handle ready for `request`, whose `fault` is nil.
    func begin(_ request: OutboundRequest, as id: TransferID, _ completion: @escaping (TransferOutcome) -> Void) {
        self.id = id
        self.completion = completion
        began = .now
        keptBodyBytes = request.keptBodyBytes
        maximumBodyBytes = request.maximumBodyBytes
        easy_set_string(easy, CURLOPT_URL, request.url)
        setTimeouts(request)
        setPayload(request)
        setClientCertificate(request.clientCertificate)
        easy_set_list(easy, CURLOPT_HTTPHEADER, headers.fill(request.headers))
    }

    /// Forgets the transfer, keeping memory for the next.
    func reset() {
        id = nil
        completion = nil
        head.reset()
        body = []
        received = 0
        isTooLarge = false
        dialled = nil
        refused = nil
        opened.removeAll()
        errorText[0] = 0
        if payload.count > 64 * 1024 {
            payload.deallocate()
            payload = .allocate(capacity: 2048)
        }
    }

    /// libcurl's own words for what went wrong.
    var errorDescription: String? { errorText[0] == 0 ? nil : String(cString: errorText) }

    private func setTimeouts(_ request: OutboundRequest) {
        let timeout = Self.milliseconds(request.timeout)
        let connectTimeout = Self.milliseconds(request.connectTimeout)
        if timeout != self.timeout { easy_set_long(easy, CURLOPT_TIMEOUT_MS, timeout) }
        if connectTimeout != self.connectTimeout { easy_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, connectTimeout) }
        (self.timeout, self.connectTimeout) = (timeout, connectTimeout)
    }

    /// Whether the total timeout ends the transfer before the connect timeout could.
    var isTotalTimeoutFirst: Bool { timeout < connectTimeout }

    /// Within 1 ms and a day: libcurl takes 0 for "never".
    private static func milliseconds(_ duration: Duration) -> Int {
        let parts = duration.components
        guard parts.seconds < 86_400 else { return 86_400_000 }
        guard parts.seconds >= 0, parts.attoseconds >= 0 else { return 1 }
        return max(1, Int(parts.seconds) * 1000 + Int(parts.attoseconds / 1_000_000_000_000_000))
    }

    private func setClientCertificate(_ certificate: ClientCertificate?) {
        guard certificate != clientCertificate else { return }
        clientCertificate = certificate
        (certificate?.text ?? []).withUnsafeBytes { text in
            let start = certificate == nil ? nil : text.baseAddress
            for option in [CURLOPT_SSLCERT_BLOB, CURLOPT_SSLKEY_BLOB] {
                _ = easy_set_blob(easy, option, start, text.count)
            }
        }
    }

    private func setPayload(_ request: OutboundRequest) {
        let isBodyUsual = request.method == "POST" || request.method == "PUT" || request.method == "PATCH"
        let plainMethod: String
        if let body = request.body ?? (isBodyUsual ? [] : nil) {
            if payload.count < body.count {
                payload.deallocate()
                payload = .allocate(capacity: body.count)
            }
            _ = payload.update(fromContentsOf: body)
            easy_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            easy_set_pointer(easy, CURLOPT_POSTFIELDS, payload.baseAddress)  // never nil: libcurl would read stdin
            plainMethod = "POST"
        } else {
            easy_set_long(easy, CURLOPT_HTTPGET, 1)
            plainMethod = "GET"
        }
        let customMethod = request.method == plainMethod ? nil : request.method
        guard customMethod != self.customMethod else { return }
        easy_set_string(easy, CURLOPT_CUSTOMREQUEST, customMethod)
        self.customMethod = customMethod
    }

    /// Takes bytes of the body. False when they are too many.
    func receive(_ chunk: UnsafeRawBufferPointer) -> Bool {
        received += chunk.count
        let room = keptBodyBytes - body.count
        if room > 0 { body.append(contentsOf: chunk.prefix(room)) }
        isTooLarge = received > maximumBodyBytes
        return !isTooLarge
    }

    /// Takes a line of the head. False when they are too many.
    func receive(line: UnsafeRawBufferPointer) -> Bool {
        if head.isEmpty { multi.answered() }
        guard head.append(line) else {
            isTooLarge = true
            return false
        }
        return true
    }
}
