import Curl
import Hosting

extension HTTPEngineConfiguration {
    /// The egress settings of ``DeliveryConfiguration``.
    init(_ settings: Settings) throws {
        self.init()
        addresses = AddressPolicy(
            allow: try Self.ranges("egress.allow", in: settings), deny: try Self.ranges("egress.deny", in: settings))
        ports =
            try settings.value("egress.ports", expected: "ports and ranges of them: 443,8000-8099") {
                PortList(parsing: $0)
            } ?? .all
        proxy = settings.string("egress.proxy")
        certificateAuthorities = settings.string("ca.file")
    }

    private static func ranges(_ key: String, in settings: Settings) throws -> [CIDR] {
        try settings.list(key).map { text in
            guard let range = CIDR(parsing: text) else {
                throw SettingError(name: key, expected: "ranges of addresses: 10.0.0.0/8,fd00::/8")
            }
            return range
        }
    }
}
