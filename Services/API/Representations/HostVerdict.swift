import Curl

/// Whether the host of a destination may be saved. Names are not looked up here: they are judged at every dial.
enum HostVerdict: Hashable {
    case allowed
    /// It is an address in some notation, or `localhost`, that webhooks may not call.
    case forbidden
    /// It looks like an address and is none.
    case malformed

    init(_ destination: DestinationURL, policy: AddressPolicy) {
        if let address = HostAddress(parsing: destination.host) {
            self = policy.permits(address) ? .allowed : .forbidden
        } else if destination.isBracketed || Self.endsInNumber(destination.host) {
            self = .malformed
        } else {
            self = .allowed
        }
    }

    /// Browsers and resolvers take such a host for an address, well formed or not (WHATWG URL § 3.5).
    private static func endsInNumber(_ host: String) -> Bool {
        guard let last = host.split(separator: ".").last else { return true }
        if last.hasPrefix("0x") { return last.dropFirst(2).allSatisfy(\.isHexDigit) }
        return last.allSatisfy(\.isNumber)
    }
}
