internal import Crypto

/// What a receiver does: tells whether a request was signed with one of its keys, just now.
public struct StandardWebhooksVerifier: Sendable {
    /// Why a request is not to be trusted.
    public enum Failure: Error, Hashable, Sendable {
        /// `webhook-timestamp` is no whole number of seconds since 1970.
        case malformedTimestamp
        /// Older than the tolerance.
        case tooOld
        /// Further ahead than the tolerance.
        case tooNew
        /// `webhook-signature` has no entry of a version that there is a key for.
        case noUsableSignature
        /// None of the entries is right.
        case mismatch
    }

    /// Entries that are looked at: no sender has as many keys, and each may cost a signature's check.
    static let mostEntries = 16

    private let secrets: [StandardWebhooksSecret]
    private let publicKeys: [StandardWebhooksPublicKey]
    private let tolerance: Int64?

    /// - Parameter tolerance: how far the timestamp may be from now in either direction; nil: any time is right.
    public init(
        secrets: [StandardWebhooksSecret], publicKeys: [StandardWebhooksPublicKey] = [],
        tolerance: Duration? = .seconds(300)
    ) {
        self.secrets = secrets
        self.publicKeys = publicKeys
        self.tolerance = tolerance?.components.seconds
    }

    /// Returns where the request is trustworthy.
    ///
    /// - Parameters:
    ///   - id: `webhook-id`.
    ///   - timestamp: `webhook-timestamp`.
    ///   - signature: `webhook-signature`: entries with a space between; one that is right is enough.
    public func verify(
        id: String, timestamp: String, signature: String, body: [UInt8], now: Instant
    ) throws(Failure) {
        guard let seconds = Int64(timestamp), seconds >= 0 else { throw .malformedTimestamp }
        if let tolerance {
            guard now.seconds - seconds <= tolerance else { throw .tooOld }
            guard seconds - now.seconds <= tolerance else { throw .tooNew }
        }
        let content = SignedContent(id: id, timestamp: seconds, body: body)
        let codes = secrets.map { $0.code(of: content) }  // once, however many entries a stranger sends
        var isUsable = false
        for entry in signature.split(separator: " ").prefix(Self.mostEntries) {
            let parts = entry.split(separator: ",", maxSplits: 1)
            guard parts.count == 2, let code = Base64.decode(parts[1]) else { continue }
            switch parts[0] {
            case "v1" where !secrets.isEmpty:
                isUsable = true
                if codes.contains(where: { $0 == code }) { return }  // takes as long whatever the answer
            case "v1a" where !publicKeys.isEmpty:
                isUsable = true
                if publicKeys.contains(where: { $0.isValid(code, of: content) }) { return }
            default: continue
            }
        }
        throw isUsable ? .mismatch : .noUsableSignature
    }
}
