import Testing

@testable import APIService

@Suite("Destination URLs")
struct DestinationURLTests {
    @Test(
        "A URL that every client reads alike is taken apart",
        arguments: [
            ("https://test.com/wh", "https", "test.com", nil as UInt16?),
            ("http://test.com", "http", "test.com", nil),
            ("HTTPS://Test.COM:8443/A?b=c:d@e", "https", "test.com", 8443),
            ("https://test.com?x=1", "https", "test.com", nil),
            ("https://xn--bcher-kva.example./", "https", "xn--bcher-kva.example.", nil),
            ("https://a_b.example:65535/", "https", "a_b.example", 65535),
            ("https://[2001:DB8::1]:444/x", "https", "2001:db8::1", 444),
            ("https://[::ffff:10.0.0.1]/", "https", "::ffff:10.0.0.1", nil),
            ("https://0xa000001/", "https", "0xa000001", nil),
            ("https://test.com/straße/æ?q=ø", "https", "test.com", nil),
        ])
    func parts(text: String, scheme: String, host: String, port: UInt16?) throws {
        let url = try DestinationURL(parsing: text)
        #expect(url.scheme.rawValue == scheme)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.isBracketed == text.contains("["))
    }

    @Test(
        "What parsers disagree about is refused",
        arguments: [
            "", "test.com", "/wh", "//test.com", "ftp://test.com/", "javascript:alert(1)", "http:/test.com",
            "https:test.com",
            "https://", "https:///wh", "https://?x", "https://:80/", "https://user@test.com/",
            "https://user:pw@test.com/",
            "https://good.com\\@evil.com/", "https://test.com/#part", "https://test.com#", "https://te st.com/",
            " https://test.com/", "https://test.com/\n", "https://test.com/\u{7F}", "https://test.com:0/",
            "https://test.com:65536/", "https://test.com:8x/", "https://test.com:/", "https://test..com/",
            "https://.com/",
            "https://%31%32%37.0.0.1/", "https://１２７.0.0.1/", "https://bücher.example/", "https://[::1/", "https://[]/",
            "https://[fe80::1%25eth0]/", "https://[::1]x/", "https://::1/",
            "https://\(String(repeating: "a", count: 64)).com/",
            "https://\(Array(repeating: "abcdefghi", count: 26).joined(separator: "."))/",
        ])
    func refused(text: String) {
        #expect(throws: DestinationURL.Rejection.self) { try DestinationURL(parsing: text) }
    }

    @Test("Random bytes never trap")
    func garbage() {
        let letters = Array("htps:/.[]@#?%\\ 019ax-_\u{0}\u{7F}é\n")
        for _ in 0..<5000 {
            let tail = String((0..<Int.random(in: 0..<24)).map { _ in letters.randomElement() ?? "x" })
            _ = try? DestinationURL(parsing: tail)
            _ = try? DestinationURL(parsing: "https://" + tail)
        }
    }
}
