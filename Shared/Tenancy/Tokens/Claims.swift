import Webhooks

/// The header of a token, as far as it counts here (RFC 7515 § 4.1).
struct TokenHeader: Codable {
    var alg: String
    var kid: String?
    /// Whatever it demands is not understood, so its presence refuses the token.
    var crit: [String]?
}

/// The payload of a token: the claims of API.md.
struct Claims: Codable {
    var sub: String?
    var iss: String?
    var aud: Audience?
    /// Seconds since 1970, fractions allowed (RFC 7519 § 2, NumericDate).
    var exp: Double
    var nbf: Double?
    var iat: Double?
    var tenants: [String]?
    var permissions: [String]?

    /// The bearer's rights.
    var token: AccessToken {
        let names = tenants ?? []
        return AccessToken(
            subject: sub, tenants: names.contains("*") ? .all : .some(Set(names)),
            permissions: Set((permissions ?? []).compactMap(Permission.init(rawValue:))),
            expiresAt: Self.instant(exp))
    }

    /// A moment of the token, clamped to what an `Instant` can hold with room for the skew.
    static func instant(_ seconds: Double) -> Instant {
        guard seconds.isFinite else { return Instant(microseconds: seconds > 0 ? .max / 2 : 0) }
        return Instant(microseconds: Int64(min(max(seconds, -4e12), 4e12) * 1_000_000))
    }
}

/// One text or a list of them (RFC 7519 § 4.1.3). Not JWTKit's, which ends the process where the list is empty.
struct Audience: Codable {
    let values: [String]

    init(_ values: [String]) { self.values = values }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(String.self) {
            values = [value]
        } else {
            values = try container.decode([String].self)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if values.count == 1 { try container.encode(values[0]) } else { try container.encode(values) }
    }
}
