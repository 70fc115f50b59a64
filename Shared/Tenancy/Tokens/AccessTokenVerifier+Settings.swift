import Foundation
public import Hosting
public import Logging

extension AccessTokenVerifier {
    /// A verifier by the settings, of which one of the first two must be there; both may be:
    ///
    /// - `MARTLET_JWT_SECRET` (text): HS256. Below 32 bytes it is taken with a warning (RFC 7518 § 3.2).
    /// - `MARTLET_JWT_JWKS_FILE` (path of a JSON Web Key Set): RS256, ES256, EdDSA.
    /// - `MARTLET_JWT_JWKS_URL`: not supported yet, so setting it is an error.
    /// - `MARTLET_JWT_ISSUER`, `MARTLET_JWT_AUDIENCE` (text): what `iss` must be, and `aud` be or hold.
    ///
    /// - Throws: `SettingError`.
    public init(settings: Settings, logger: Logger) async throws {
        var keys: [VerificationKey] = []
        if let secret = settings.string("jwt.secret") {
            if secret.utf8.count < 32 {
                logger.warning("Short secret", metadata: ["setting": "MARTLET_JWT_SECRET", "bytes.wanted": "32"])
            }
            keys.append(VerificationKey(secret: secret))
        }
        if settings.string("jwt.jwks.url") != nil {
            throw SettingError(
                name: "jwt.jwks.url",
                expected: "nothing, as key sets by URL are not supported yet; use MARTLET_JWT_JWKS_FILE")
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
        guard !keys.isEmpty else {
            throw SettingError(
                name: "jwt.secret", expected: "a secret of at least 32 bytes, or MARTLET_JWT_JWKS_FILE", isMissing: true
            )
        }
        self.init(keys: keys, issuer: settings.string("jwt.issuer"), audience: settings.string("jwt.audience"))
    }
}
