import CCurl
import Glibc

extension Transfer {
    /// What became of the transfer; while the handle still belongs to the multi handle.
    /// - Parameter failure: why it was ended from outside.
    func outcome(_ code: CURLcode, failure: TransferFailure? = nil) -> TransferOutcome {
        let response = response()
        let timings = timings()
        if code == CURLE_OK, failure == nil, let response, isFinal(response) {
            return TransferOutcome(result: .success(response), timings: timings, remoteAddress: remoteAddress)
        }
        return TransferOutcome(
            result: .failure(failure ?? self.failure(code)), timings: timings, remoteAddress: remoteAddress,
            partial: response)
    }

    /// The answer as far as it came; nil without a status line.
    private func response() -> HTTPResponse? {
        var status = 0
        easy_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        guard status > 0, !head.isEmpty else { return nil }
        var version = 0
        easy_get_long(easy, CURLINFO_HTTP_VERSION, &version)
        return HTTPResponse(
            status: status, headers: head.fields(), body: body, isTruncated: received > body.count,
            version: version == CURL_HTTP_VERSION_2_0 ? .http2 : version == CURL_HTTP_VERSION_1_0 ? .http1_0 : .http1_1)
    }

    /// libcurl calls it success when a peer leaves in the middle of the head, or after an interim one.
    private func isFinal(_ response: HTTPResponse) -> Bool {
        head.isComplete && (response.status >= 200 || response.status == 101)
    }

    /// The peer of the connection that was used; where none came about, the last address dialled.
    private var remoteAddress: String? {
        var text: UnsafePointer<CChar>?
        easy_get_string(easy, CURLINFO_PRIMARY_IP, &text)
        if let text, text[0] != 0 { return String(cString: text) }
        return dialled?.description
    }

    // MARK: Timings

    private func timings() -> TransferTimings {
        var opened = 0
        easy_get_long(easy, CURLINFO_NUM_CONNECTS, &opened)
        var timings = TransferTimings()
        if opened > 0 || dialled != nil || microseconds(CURLINFO_NAMELOOKUP_TIME_T) == 0 {
            let (dns, connect) = (microseconds(CURLINFO_NAMELOOKUP_TIME_T), microseconds(CURLINFO_CONNECT_TIME_T))
            timings.dns = Self.phase(to: dns, from: 0)
            timings.connect = Self.phase(to: connect, from: dns)
            timings.tls = Self.phase(to: microseconds(CURLINFO_APPCONNECT_TIME_T), from: connect)
        }
        timings.firstByte = Self.phase(to: microseconds(CURLINFO_STARTTRANSFER_TIME_T), from: 0)
        timings.total = began.duration(to: .now)  // libcurl's own stands still between two pieces of an answer
        return timings
    }

    /// Nil when the phase has no end.
    private static func phase(to end: Int64, from start: Int64) -> Duration? {
        end > 0 ? .microseconds(max(0, end - start)) : nil
    }

    private func microseconds(_ info: CURLINFO) -> Int64 {
        var value: curl_off_t = 0
        easy_get_offset(easy, info, &value)
        return Int64(value)
    }

    // MARK: Failures

    private func failure(_ code: CURLcode) -> TransferFailure {
        if isTooLarge { return .tooLarge }
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED: return .invalid("its URL cannot be read")
        case CURLE_COULDNT_RESOLVE_HOST: return .unresolved
        case CURLE_COULDNT_CONNECT: return unconnected()
        case CURLE_OPERATION_TIMEDOUT: return timedOut()
        case CURLE_OK, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2_STREAM:
            return .reset
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CLIENTCERT, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
            CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_CRL_BADFILE, CURLE_USE_SSL_FAILED:
            return .tls(text(code))
        default: return .other(code: Int(code.rawValue), text: text(code))
        }
    }

    private func text(_ code: CURLcode) -> String {
        errorDescription ?? curl_easy_strerror(code).map { String(cString: $0) } ?? "unknown"
    }

    private func unconnected() -> TransferFailure {
        if let refused, dialled == nil { return .forbidden(refused) }
        var number = 0
        easy_get_long(easy, CURLINFO_OS_ERRNO, &number)
        switch CInt(truncatingIfNeeded: number) {
        case ECONNRESET, EPIPE: return .reset
        case ETIMEDOUT: return .connectTimedOut
        case ECONNREFUSED: return .refused
        case let number:
            return .other(
                code: Int(CURLE_COULDNT_CONNECT.rawValue), text: strerror(number).map { String(cString: $0) } ?? "")
        }
    }

    /// libcurl has one code for three timeouts; which it was shows in the phases that ended.
    private func timedOut() -> TransferFailure {
        guard microseconds(CURLINFO_PRETRANSFER_TIME_T) == 0, !isTotalTimeoutFirst else { return .timedOut }
        if microseconds(CURLINFO_NAMELOOKUP_TIME_T) == 0, dialled == nil { return .unresolved }
        return .connectTimedOut
    }
}
