/// Which addresses may be called. Without lists, only those that are globally reachable.
///
/// `deny` wins over `allow`, and `allow` over the default. An IPv4-mapped IPv6 address is judged as the IPv4 address
/// inside; of a translated or tunnelled one (compatible, NAT64, 6to4, Teredo) the addresses inside must be permitted
/// too.
public struct AddressPolicy: Sendable, Hashable {
    public let allow: [CIDR]
    public let deny: [CIDR]

    public init(allow: [CIDR] = [], deny: [CIDR] = []) {
        self.allow = allow
        self.deny = deny
    }

    /// Whether `address` may be dialled.
    public func permits(_ address: IPAddress) -> Bool {
        let dialled = address.mapped ?? address
        let all = [dialled] + dialled.embedded
        guard !deny.contains(where: { range in range.contains(address) || all.contains { range.contains($0) } }) else {
            return false
        }
        return all.allSatisfy { one in one.isGloballyReachable || allow.contains { $0.contains(one) } }
    }

    /// Whether a host given as an address, or as `localhost`, may be called at all.
    public func permits(_ host: HostAddress) -> Bool { host.addresses.contains(where: permits) }
}
