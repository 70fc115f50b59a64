import Webhooks

@testable import APIService
@testable import Tenancy

extension FuzzTarget {
    private static let verifier = AccessTokenVerifier(secret: "a secret of the tests, of more than 32 bytes")
    private static let token: String = {
        let issuer = TokenIssuer(secret: "a secret of the tests, of more than 32 bytes")
        return
            (try? issuer.token(
                subject: "a", tenants: ["*"], permissions: Permission.allCases, lifetime: .seconds(1 << 30))) ?? ""
    }()
    private static let none = "eyJhbGciOiJub25lIn0.eyJleHAiOjk5OTk5OTk5OTksInRlbmFudHMiOlsiKiJdfQ."
    private static let keys = try? EncryptionKeys(parsing: EncryptionKeys.generateEntry(id: "a"))
    private static let sealed = keys?.seal(Array("secret".utf8), context: "c") ?? []
    private static let cursor = Cursor(last: ULID(milliseconds: 1_759_837_725_000, random: 7)).text(scope: "s")

    /// What proves something: nothing but what was made with the key is taken.
    static let tokens: [FuzzTarget] = [
        FuzzTarget(name: "jwt", seeds: [token, none, "a.b.c", "e30.e30.e30"], dictionary: [".", "=", "eyJ"]) { input in
            let text = String(decoding: input, as: UTF8.self)
            return (try? verifier.verify(text)) != nil && text != token ? "a forged token is good" : nil
        },
        FuzzTarget(name: "api-key", seeds: [APIKeyText().text, "martlet_"], dictionary: ["martlet_", "="]) { input in
            let text = String(decoding: input, as: UTF8.self)
            guard let key = APIKeyText(text) else { return nil }
            return key.text.utf8.count == 51 ? nil : "a key of another length"
        },
        FuzzTarget(name: "sealed", seeds: ["\u{1}\u{1}a0123456789ab0123456789abcdef", ""]) { input in
            // Seeds are texts: what was sealed is mixed in here, by one byte that differs.
            var forged = sealed
            for (place, byte) in input.enumerated().prefix(4) where !forged.isEmpty {
                forged[(place * 7 + Int(byte)) % forged.count] ^= byte
            }
            let isSame = forged == sealed
            let opened = try? keys?.open(forged, context: "c")
            if (opened != nil) != isSame { return "opened \(!isSame)" }
            return (try? keys?.open(input, context: "c")) == nil ? nil : "garbage opens"
        },
        FuzzTarget(name: "cursor", seeds: [cursor, "", "0"], dictionary: ["0", "Z", "7"]) { input in
            let text = String(decoding: input, as: UTF8.self)
            guard let read = Cursor(text, scope: "s") else { return nil }
            return read.text(scope: "s") == text ? nil : "two texts of one cursor"
        },
    ]
}
