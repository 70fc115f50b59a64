/// What a client proves itself with in a TLS handshake: PEM texts of a certificate, with its chain, and its key.
public struct ClientCertificate: Sendable, Hashable {
    /// Certificate and key in one text, handed to libcurl as either: each reader passes over what is not its own.
    /// libcurl gives an open connection to another request if the *certificates* are the same; so the key is part of
    /// what it compares, or whoever has a copy of a certificate could send through its owner's connections.
    let text: [UInt8]

    public init(certificate: String, key: String) { text = Array("\(certificate)\n\(key)\n".utf8) }
}
