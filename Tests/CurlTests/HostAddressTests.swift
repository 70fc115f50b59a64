import Curl
import Testing

/// Hosts that are addresses, however they are written.
@Suite struct HostAddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("127.0.0.1.", "127.0.0.1"), ("127.1", "127.0.0.1"), ("127.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"), ("0x7f000001", "127.0.0.1"), ("0X7F000001", "127.0.0.1"),
        ("017700000001", "127.0.0.1"), ("0177.0.0.1", "127.0.0.1"), ("0x7f.1", "127.0.0.1"), ("0x7f.0x1", "127.0.0.1"),
        ("0", "0.0.0.0"), ("0.0.0.0", "0.0.0.0"), ("0x", "0.0.0.0"), ("10.1", "10.0.0.1"), ("0xa000001", "10.0.0.1"),
        ("10.0x0.1", "10.0.0.1"), ("012.1.2.3", "10.1.2.3"), ("0000000012.1", "10.0.0.1"), ("10.256", "10.0.1.0"),
        ("10.16777215", "10.255.255.255"), ("169.254.43518", "169.254.169.254"), ("4294967295", "255.255.255.255"),
        ("0xffffffff", "255.255.255.255"), ("8.8.8.8", "8.8.8.8"),
        ("::1", "::1"), ("[::1]", "::1"), ("[::ffff:10.0.0.1]", "::ffff:10.0.0.1"), ("::ffff:a00:1", "::ffff:10.0.0.1"),
        ("fe80::1%eth0", "fe80::1"), ("[fe80::1%25eth0]", "fe80::1"), ("[FD00:EC2::254]", "fd00:ec2::254"),
        ("0:0:0:0:0:0:0:1", "::1"), ("[2001:DB8::1]", "2001:db8::1"),
    ])
    func addresses(host: String, address: String) {
        #expect(HostAddress(parsing: host)?.addresses.map(\.description) == [address])
    }

    @Test(arguments: [
        "localhost", "LOCALHOST", "Localhost.", "a.localhost", "a.b.LocalHost.", "localhost.localdomain",
        "ip6-localhost", "ip6-loopback", "localhost6",
    ])
    func loopbackNames(host: String) throws {
        let address = try #require(HostAddress(parsing: host))
        #expect(address.addresses.map(\.description) == ["127.0.0.1", "::1"])
        #expect(!AddressPolicy().permits(address))
        #expect(AddressPolicy(allow: ["127.0.0.0/8"]).permits(address))
        #expect(AddressPolicy(allow: ["::1/128"]).permits(address))
        #expect(!AddressPolicy(allow: ["10.0.0.0/8"]).permits(address))
    }

    @Test(arguments: [
        "", ".", "..", "example.com", "localhost.example.com", "notlocalhost", "a.example", "1.2.3.4.5", "256.1.1.1",
        "1.2.3.256", "1.2.65536", "4294967296", "0x100000000", "08.1", "1..2", ".1", "1.2.3.4..", "0xg", "-1", "+1",
        "1.+2", "1e3", "10.0.0.1 ", " 10.0.0.1", "10.0.0.1\0", "[", "]", "[]", "[::1", "::g", "1::2::3",
        ":", "%eth0", "\u{661}27.0.0.1", "１２７.0.0.1", "99999999999999999999999999999999", "x.1",
    ])
    func names(host: String) {
        #expect(HostAddress(parsing: host) == nil)
    }

    @Test(arguments: ["0xa000001", "10.1", "[::ffff:10.0.0.1]", "[::1]", "169.254.169.254", "[64:ff9b::a00:1]"])
    func forbiddenWhenSaved(host: String) throws {
        #expect(!AddressPolicy().permits(try #require(HostAddress(parsing: host))))
    }
}
