import Crypto
import Foundation
import JWTKit

/// A key and the one algorithm that it is for. A token's `alg` never chooses what a key is used as.
struct VerificationKey: Sendable {
    enum Algorithm: String, Sendable { case hs256 = "HS256", rs256 = "RS256", es256 = "ES256", eddsa = "EdDSA" }

    private enum Material: Sendable {
        case secret(SymmetricKey)
        case published(any JWTAlgorithm)
    }

    let identifier: String?
    let algorithm: Algorithm
    private let material: Material

    /// HS256 by a secret's UTF-8 bytes.
    init(secret: String) {
        identifier = nil
        algorithm = .hs256
        material = .secret(SymmetricKey(data: Array(secret.utf8)))
    }

    /// RS256, ES256 or EdDSA by a public key of a set.
    ///
    /// - Throws: what JWTKit says of a key whose numbers are wrong; nil for one of another kind or use.
    init?(jwk: JWK) async throws {
        let algorithm: Algorithm
        switch jwk.keyType {
        case .rsa: algorithm = .rs256
        case .ecdsa where jwk.curve?.rawValue == ECDSACurve.p256.rawValue: algorithm = .es256
        case .octetKeyPair where jwk.curve?.rawValue == EdDSACurve.ed25519.rawValue: algorithm = .eddsa
        default: return nil
        }
        if let named = jwk.algorithm?.rawValue, named != algorithm.rawValue { return nil }
        var key = jwk
        key.algorithm = JWK.Algorithm(rawValue: algorithm.rawValue)
        // Only the public half counts, and a set of one key has one answer.
        (key.privateExponent, key.prime1, key.prime2) = (nil, nil, nil)
        key.keyIdentifier = JWKIdentifier(string: "only")
        identifier = jwk.keyIdentifier?.string
        self.algorithm = algorithm
        let keys = try await JWTKeyCollection().add(jwk: key)
        material = .published(try await keys.getKey(for: key.keyIdentifier, alg: algorithm.rawValue))
    }

    /// Whether the key's owner signed `text`.
    func verifies(_ signature: [UInt8], of text: some DataProtocol) -> Bool {
        switch material {
        case .secret(let key):
            HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: text, using: key)
        case .published(let algorithm): (try? algorithm.verify(signature, signs: text)) ?? false
        }
    }
}

extension VerificationKey {
    private struct KeySet: Decodable {
        /// A key that cannot be read at all (`oct`, an unknown curve) is nil instead of spoiling the set.
        struct Entry: Decodable {
            let jwk: JWK?
            let use: String?

            private enum CodingKeys: CodingKey { case use }

            init(from decoder: any Decoder) throws {
                jwk = try? JWK(from: decoder)
                use = try? decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .use)
            }
        }

        let keys: [Entry]
    }

    /// The usable keys of a JSON Web Key Set (RFC 7517).
    ///
    /// - Throws: where the text is no key set, or a key of a known kind has impossible numbers.
    static func keys(ofSet json: Data) async throws -> [VerificationKey] {
        var keys: [VerificationKey] = []
        for entry in try JSONDecoder().decode(KeySet.self, from: json).keys {
            guard let jwk = entry.jwk, entry.use ?? "sig" == "sig" else { continue }
            if let key = try await VerificationKey(jwk: jwk) { keys.append(key) }
        }
        return keys
    }
}
