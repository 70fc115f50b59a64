import Glibc

@testable import APIService
@testable import Curl

extension FuzzTarget {
    private static let hosts = [
        "127.0.0.1", "0x7f.1", "017700000001", "[::ffff:10.0.0.1]", "[64:ff9b::a00:1]", "fe80::1%eth0", "localhost.",
        "a.example", "169.254.43518", "xn--bcher-kva.example",
    ]
    private static let words = ["@", "#", "?", "%31", "[::1]", ":80", ":65536", "\\", "localhost", "0x7f", "://"]

    /// Hosts and URLs: two readers, one meaning. Where they differ, one judges what the other does not dial.
    static let addresses: [FuzzTarget] = [
        FuzzTarget(name: "host", seeds: hosts, dictionary: words) { input in
            let text = String(decoding: input, as: UTF8.self)
            let read = HostAddress(parsing: text)
            var theirs = in_addr()
            // The C library stops at white space, which no URL has.
            guard !text.utf8.contains(where: { $0 <= 0x20 }), inet_aton(text, &theirs) == 1 else { return nil }
            let address = IPAddress(v4: UInt32(bigEndian: theirs.s_addr))
            return read?.addresses == [address] ? nil : "the resolver reads \(address)"
        },
        FuzzTarget(
            name: "url", seeds: hosts.map { "https://\($0)/a?b=c" } + ["http://a.example:8080", "HTTPS://A.b:443/é"],
            dictionary: words
        ) { input in
            let text = String(decoding: input, as: UTF8.self)
            guard let ours = try? DestinationURL(parsing: text) else { return nil }
            _ = HostVerdict(ours, policy: AddressPolicy())
            guard let theirs = URLParts(text) else { return nil }  // then nothing is dialled
            let host = ours.isBracketed ? "[\(ours.host)]" : ours.host
            let read = theirs.host.lowercased()
            // libcurl writes addresses anew; the meaning counts.
            let isSame = read == host || HostAddress(parsing: read) == HostAddress(parsing: host)
            guard isSame, HostAddress(parsing: read) == HostAddress(parsing: host) else {
                return "libcurl reads \(read)"
            }
            let port = ours.port ?? (ours.scheme == .https ? 443 : 80)
            return theirs.port == port ? nil : "libcurl reads port \(theirs.port)"
        },
        FuzzTarget(
            name: "ranges", seeds: ["10.0.0.0/8", "::/0", "fd00::/8", "443,8000-8099", "1-65535"],
            dictionary: ["/", "-", ",", "::ffff:"]
        ) { input in
            let text = String(decoding: input, as: UTF8.self)
            _ = PortList(parsing: text)
            guard let range = CIDR(parsing: text) else { return nil }
            return CIDR(parsing: range.description) == range ? nil : "another range comes back"
        },
    ]
}
