import Curl
import Foundation
public import Hosting
public import Logging

extension AccessTokenVerifier {
    /// A verifier by the settings, of which one of the first three must be there; all may be:
    ///
    /// - `MARTLET_JWT_SECRET` (text): HS256. Below 32 bytes it is taken with a warning (RFC 7518 § 3.2).
    /// - `MARTLET_JWT_JWKS_FILE` (path of a JSON Web Key Set): RS256, ES256, EdDSA.
    /// - `MARTLET_JWT_JWKS_URL` (http or https URL of one): the same. ``services`` keep it current; `MARTLET_CA_FILE`
    ///   counts, `MARTLET_EGRESS_…` do not.
    /// - `MARTLET_JWT_ISSUER`, `MARTLET_JWT_AUDIENCE` (text): what `iss` must be, and `aud` be or hold.
    ///
    /// - Throws: `SettingError`.
    public init(settings: Settings, logger: Logger) async throws {
        var keys: [VerificationKey] = []
        if let secret = settings.string("jwt.secret") {
            if secret.utf8.count < 32 {
                logger.warning(
                    "Short secret", metadata: ["setting": "MARTLET_JWT_SECRET", "bytes.wanted": .stringConvertible(32)])
            }
            keys.append(VerificationKey(secret: secret))
        }
        if let path = settings.string("jwt.jwks.file") {
            let text = FileManager.default.contents(atPath: path)
            let published = (try? await VerificationKey.keys(ofSet: text ?? Data())) ?? []
            guard !published.isEmpty else {
                throw SettingError(
                    name: "jwt.jwks.file", expected: "a readable JSON Web Key Set with an RS256, ES256 or EdDSA key")
            }
            keys += published
        }
        let published = try Self.published(settings, logger: logger)
        guard published != nil || !keys.isEmpty else {
            throw SettingError(
                name: "jwt.secret",
                expected: "a secret of at least 32 bytes, or MARTLET_JWT_JWKS_URL, or MARTLET_JWT_JWKS_FILE",
                isMissing: true)
        }
        self.init(
            keys: keys, published: published, issuer: settings.string("jwt.issuer"),
            audience: settings.string("jwt.audience"))
    }

    private static func published(_ settings: Settings, logger: Logger) throws(SettingError) -> PublishedKeys? {
        let name = "jwt.jwks.url"
        let url = try settings.value(name, expected: "an http or https URL without credentials and fragment") {
            OutboundRequest(method: "GET", url: $0).isSendable ? $0 : nil
        }
        guard let url else { return nil }
        if url.lowercased().hasPrefix("http:") {
            logger.warning("Key set over http", metadata: ["setting": "MARTLET_JWT_JWKS_URL"])
        }
        do {
            let request = try KeySetRequest(url: url, certificateAuthorities: settings.string("ca.file"))
            return PublishedKeys(logger: logger) { await request() }
        } catch {
            throw SettingError(name: "ca.file", expected: "a readable PEM file of certificate authorities")
        }
    }
}
