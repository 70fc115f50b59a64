import Dressing
import Webhooks

/// Which header fields a tenant may add to its requests (RFC 9110 § 5).
enum HeaderRules {
    static let maximumCount = 20
    static let nameLength = 1...128
    /// Bytes of a value at most.
    static let maximumValueLength = 4096

    /// Martlet writes these itself, or the connection needs them.
    private static let reserved = Dialect.fieldNames.union([
        "host", "content-length", "content-type", "transfer-encoding", "connection", "keep-alive", "proxy-connection",
        "te", "trailer", "upgrade", "expect",
    ])
    private static let reservedPrefixes = ["webhook-", "x-martlet-"]

    /// - Parameter name: in lower case.
    static func isReserved(_ name: String) -> Bool {
        reserved.contains(name) || reservedPrefixes.contains { name.hasPrefix($0) }
    }

    /// Whether `name` is a token of 1–128 ASCII characters.
    static func isName(_ name: String) -> Bool {
        nameLength.contains(name.utf8.count) && name.utf8.allSatisfy { tokenCharacters.contains($0) }
    }

    /// Whether `value` can stand in a field: no CR, LF, NUL or other control character but the tab.
    static func isValue(_ value: String) -> Bool {
        value.utf8.count <= maximumValueLength && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }

    private static let tokenCharacters = Set(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
}
