/// What is shown in place of a secret.
public enum SecretMask {
    /// What every masked secret begins with.
    public static let prefix = "••••"
    /// Shorter secrets show nothing of themselves.
    private static let shortestHinted = 8

    /// `••••1234`: the last four characters, where there are enough others. PEM texts all end alike and show none.
    public static func text(of secret: String) -> String {
        secret.count < shortestHinted || secret.contains("-----BEGIN ") ? prefix : prefix + secret.suffix(4)
    }
}
