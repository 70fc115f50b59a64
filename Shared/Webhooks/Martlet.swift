/// The product itself.
public enum Martlet {
    /// As in `user-agent: Martlet/<version>`; semantic versioning.
    public static let version = "0.1.0"
}
