public import Webhooks

/// What a dialect lets a webhook say, and what counts where it says nothing.
public struct DialectTerms: Sendable {
    /// Attempts of a webhook that gives no number.
    public let maxAttempts: Int
    /// Whether URLs of scheme `http` are taken where the tenant's settings say nothing of them.
    public let takesHTTP: Bool
    /// Whether `signatures` and `format` can be other than their defaults.
    public let hasChoices: Bool
    /// Lengths of a secret of visible ASCII characters; nil: `whsec_…` alone.
    public let plainSecrets: ClosedRange<Int>?
    /// Header fields that it writes itself, in lower case.
    public let fieldNames: [String]

    /// Whether `text` may be a webhook's secret: `whsec_` and the base 64 of 24–64 bytes, or what
    /// ``plainSecrets`` allows beside.
    public func takes(secret text: String) -> Bool {
        if StandardWebhooksSecret(text) != nil { return true }
        return plainSecrets?.contains(text.utf8.count) == true && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

/// A dialect, whole. Nothing outside of this folder asks which one a webhook has: a new one is a file like its
/// neighbours, and its name in ``Webhooks/Dialect`` and below.
protocol DialectRules: Sendable {
    var terms: DialectTerms { get }

    /// - Throws: where there is no key to sign with: never is anything sent unsigned.
    func dress(_ sender: Sender, secrets: WebhookSecrets) throws(PreparedWebhook.Failure) -> any Dress
}

extension Dialect {
    var rules: any DialectRules {
        switch self {
        case .standard: StandardDialect()
        case .crystallize: CrystallizeDialect()
        case .shopery: ShoperyDialect()
        }
    }

    /// What webhooks of this dialect may say, and their defaults.
    public var terms: DialectTerms { rules.terms }

    /// Header fields that only Martlet may write, whatever the dialect; in lower case.
    public static let fieldNames = Set(allCases.flatMap(\.terms.fieldNames))
}

extension RetrySchedule {
    /// The `retry` member with the defaults of a dialect filled in.
    public init(policy: RetryPolicy?, dialect: Dialect) {
        self.init(policy: policy, defaultAttempts: dialect.terms.maxAttempts)
    }
}
