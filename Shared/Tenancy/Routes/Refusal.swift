public import HTTPTypes
import Hosting
import Hummingbird

/// The answers to those who may not.
enum Refusal {
    /// 401 for a request without a token (RFC 6750 § 3: no error code where no token was sent).
    static let noToken = Problem(
        .unauthorized, code: "no_token", detail: "Send a token: Authorization: Bearer …",
        headers: [.wwwAuthenticate: "Bearer"])

    /// 401 for a token that is expired, forged or otherwise none of ours; why is nobody's business.
    static let invalidToken = Problem(
        .unauthorized, code: "invalid_token", detail: "The token is expired or not valid.",
        headers: [.wwwAuthenticate: #"Bearer error="invalid_token""#])

    static let noTenant = Problem.badRequest("Send the tenant's identifier: X-tenant-ID.", code: "no_tenant")

    /// 403, the same for a tenant that is not in the token and for one that does not exist.
    static let foreignTenant = Problem.forbidden("The token is not for this tenant.", code: "foreign_tenant")

    /// 403 for a session's cookie that another site has made a browser send.
    static let otherSite = Problem.forbidden("The portal's session is for the portal alone.", code: "other_site")

    static func missing(_ permission: Permission) -> Problem {
        .forbidden("The token lacks the permission \(permission.rawValue).", code: "missing_permission")
    }
}

extension HTTPField.Name {
    /// `X-tenant-ID`.
    public static let xTenantID = HTTPField.Name("X-tenant-ID")!
}
