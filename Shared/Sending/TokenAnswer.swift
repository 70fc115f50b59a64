import Curl
import JSON

/// What a token endpoint answered (RFC 6749 § 5), read without trust: it is a stranger's like every other.
struct TokenAnswer {
    struct Token: Equatable {
        let text: String
        let lifetime: Duration
    }

    /// Where the endpoint does not say how long a token is good.
    static let usualLifetime = Duration.seconds(300)

    let token: Result<Token, TransferFailure>

    init(_ outcome: TransferOutcome) {
        switch outcome.result {
        case .failure(.cancelled): token = .failure(.cancelled)
        case .failure(let failure): token = .failure(.noToken(failure))
        case .success(let answer):
            guard answer.status == 200 else {
                token = .failure(.tokenRefused(status: answer.status, reason: Self.reason(answer.body)))
                return
            }
            token = Self.token(answer.body).map { .success($0) } ?? .failure(.tokenRefused(status: 200, reason: ""))
        }
    }

    static func token(_ body: [UInt8]) -> Token? {
        guard let root = try? JSONDocument(parsing: body).root, let text = root.member("access_token")?.string,
            (1...8192).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            root.member("token_type")?.string?.lowercased() ?? "bearer" == "bearer"
        else { return nil }
        let seconds = root.member("expires_in").flatMap { $0.double ?? $0.string.flatMap(Double.init) }
        guard let seconds, seconds.isFinite, seconds > 0 else { return Token(text: text, lifetime: usualLifetime) }
        return Token(text: text, lifetime: .seconds(Int64(min(seconds, 86_400))))
    }

    /// The `error` of § 5.2, where it is one of such: nothing else of the answer is told to anybody.
    private static func reason(_ body: [UInt8]) -> String {
        guard let text = (try? JSONDocument(parsing: body))?.root.member("error")?.string,
            (1...40).contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_") })
        else { return "" }
        return text
    }
}
