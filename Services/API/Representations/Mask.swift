/// How a secret is shown: `••••` and its last four characters, where that leaves enough of it unknown.
enum Mask {
    static let prefix = "••••"
    /// Shorter secrets show nothing of themselves.
    static let shortestHinted = 8

    static func hint(of secret: String) -> String {
        secret.count < shortestHinted ? prefix : prefix + secret.suffix(4)
    }

    /// Whether `text` is what an answer shows in place of a secret, and no secret.
    static func isMasked(_ text: String) -> Bool { text.hasPrefix(prefix) }
}
