extension IPAddress {
    /// The IPv4 address of an IPv4-mapped IPv6 address (RFC 4291 § 2.5.5.2): the kernel dials that one.
    var mapped: IPAddress? {
        family == .v6 && bits >> 32 == 0xFFFF ? IPAddress(v4: UInt32(truncatingIfNeeded: bits)) : nil
    }

    /// The IPv4 addresses that a packet to this IPv6 address may reach through a translator or a tunnel:
    /// IPv4-compatible, NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056) and both ends of Teredo (RFC 4380, the client's
    /// bits inverted).
    var embedded: [IPAddress] {
        guard family == .v6 else { return [] }
        func inner(_ shift: Int) -> IPAddress { IPAddress(v4: UInt32(truncatingIfNeeded: bits >> UInt128(shift))) }
        if bits >> 32 == 0 { return bits > 1 ? [inner(0)] : [] }  // neither `::` nor `::1`
        if Self.nat64.contains(self) { return [inner(0)] }
        if Self.localNAT64.contains(self) {
            guard bits & 0xFF_FFFF_FFFF == 0 else { return [inner(0)] }
            let halves = UInt32(truncatingIfNeeded: bits >> 64) << 16 | UInt32(truncatingIfNeeded: bits >> 40) & 0xFFFF
            return [IPAddress(v4: halves), inner(0)]
        }
        if Self.sixToFour.contains(self) { return [inner(80)] }
        if Self.teredo.contains(self) { return [inner(64), IPAddress(v4: ~UInt32(truncatingIfNeeded: bits))] }
        return []
    }

    /// Whether IANA's special-purpose registries leave the address globally reachable unicast.
    ///
    /// IPv4: all but ``special4``. IPv6: what is allocated (2000::/3) but ``special6``, and NAT64's well-known prefix;
    /// so unique local, link-local, site-local, multicast and whatever is not allocated yet are out.
    var isGloballyReachable: Bool {
        switch family {
        case .v4: !Self.special4.contains { $0.contains(self) } || Self.reachable4.contains { $0.contains(self) }
        case .v6:
            Self.nat64.contains(self)
                || Self.allocated6.contains(self)
                    && (!Self.special6.contains { $0.contains(self) } || Self.reachable6.contains { $0.contains(self) })
        }
    }

    private static let nat64: CIDR = "64:ff9b::/96"
    private static let localNAT64: CIDR = "64:ff9b:1::/48"
    private static let sixToFour: CIDR = "2002::/16"
    private static let teredo: CIDR = "2001::/32"
    private static let allocated6: CIDR = "2000::/3"

    /// IANA IPv4 Special-Purpose Address Registry, where "Globally Reachable" is not True; multicast; and the clouds'
    /// metadata addresses that lie outside of these.
    private static let special4: [CIDR] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  // Azure; 100.100.100.200, 169.254.169.254 and 192.0.0.192 lie in the ranges above
    ]

    /// Exceptions inside of ``special4`` that the registry calls reachable.
    private static let reachable4: [CIDR] = ["192.0.0.9/32", "192.0.0.10/32"]

    /// IANA IPv6 Special-Purpose Address Registry, what lies in 2000::/3 and is not called reachable: protocol
    /// assignments (Teredo, benchmarking, ORCHID), documentation, 6to4.
    private static let special6: [CIDR] = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]

    /// Exceptions inside of ``special6`` that the registry calls reachable.
    private static let reachable6: [CIDR] = [
        "2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:3::/32", "2001:4:112::/48", "2001:20::/28",
        "2001:30::/28",
    ]
}
