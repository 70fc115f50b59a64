public import Postgres
public import Webhooks

/// Turns a link into a session, once, in the place of the browser's old one. No row: there is no such link, or it is
/// over, or the API key that asked for it is.
///
/// Needs no ``SetTenantContext``: it is asked before the tenant is known, and whoever asks has the link.
public struct OpenPortalSession: Statement {
    public static let sql = """
        SELECT tenant, permissions, created_by, expires_at
          FROM open_portal_session($1, $2, $3, $4, $5)                    -- portal_links_pkey
        """

    /// SHA-256 of the link's token.
    public let link: [UInt8]
    public let session: PortalSession.ID
    /// SHA-256 of the cookie's value.
    public let cookie: [UInt8]
    /// SHA-256 of the old cookie's value, whose session ends; nil: there is none.
    public let replaced: [UInt8]?

    public init(link: [UInt8], session: PortalSession.ID, cookie: [UInt8], replacing replaced: [UInt8]?) {
        self.link = link
        self.session = session
        self.cookie = cookie
        self.replaced = replaced
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(link)
        parameters.append(session)
        parameters.append(cookie)
        parameters.append(replaced)
        parameters.append(Int32(PortalSession.limit))
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> UsePortalSession.Grant {
        UsePortalSession.Grant(
            id: nil, tenant: try row.column(0), permissions: try row.column(1), createdBy: try row.optional(2),
            expiresAt: try row.column(3), apiKey: nil)
    }
}
