import Crypto

/// A secret that is sent as it is, as dialect `shopery` does.
public enum PlainSecret {
    /// Takes as long for texts that begin alike as for others: digests compare in constant time.
    public static func isSame(_ one: String, as other: String) -> Bool {
        SHA256.hash(data: Array(one.utf8)) == SHA256.hash(data: Array(other.utf8))
    }
}
