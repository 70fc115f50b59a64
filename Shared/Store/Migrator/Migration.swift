internal import Crypto

/// One step of the schema: a text of SQL that is run once, in its number's turn, and never changes afterwards.
public struct Migration: Sendable, Hashable {
    /// From 1, ascending.
    public let version: Int32
    public let name: String
    public let sql: String

    public init(version: Int32, name: String, sql: String) {
        self.version = version
        self.name = name
        self.sql = sql
    }

    /// SHA-256 of the text.
    public var checksum: [UInt8] { Array(SHA256.hash(data: Array(sql.utf8))) }

    /// All of this program's, in order: the files of `Migrations/`.
    public static let all: [Migration] = [
        Migration(version: 1, name: "control_plane", file: PackageResources.V0001_control_plane_sql),
        Migration(version: 2, name: "data_plane", file: PackageResources.V0002_data_plane_sql),
        Migration(version: 3, name: "partitions", file: PackageResources.V0003_partitions_sql),
        Migration(version: 4, name: "roles", file: PackageResources.V0004_roles_sql),
        Migration(version: 5, name: "sending_again", file: PackageResources.V0005_sending_again_sql),
        Migration(version: 6, name: "unread_index", file: PackageResources.V0006_unread_index_sql),
        Migration(version: 7, name: "api_keys", file: PackageResources.V0007_api_keys_sql),
        Migration(version: 8, name: "tenant_api", file: PackageResources.V0008_tenant_api_sql),
        Migration(version: 9, name: "searches", file: PackageResources.V0009_searches_sql),
        Migration(version: 10, name: "cancellations", file: PackageResources.V0010_cancellations_sql),
        Migration(version: 11, name: "portal", file: PackageResources.V0011_portal_sql),
        Migration(version: 12, name: "operations", file: PackageResources.V0012_operations_sql),
        Migration(version: 13, name: "portal_bounds", file: PackageResources.V0013_portal_bounds_sql),
        Migration(version: 14, name: "tracestate", file: PackageResources.V0014_tracestate_sql),
        Migration(version: 15, name: "rolled_depths", file: PackageResources.V0015_rolled_depths_sql),
    ]

    private init(version: Int32, name: String, file: [UInt8]) {
        self.init(version: version, name: name, sql: String(decoding: file, as: UTF8.self))
    }
}
