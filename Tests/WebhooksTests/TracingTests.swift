import Testing

@testable import Webhooks

/// The cases are those of the standard's text, www.w3.org/TR/trace-context-1.
@Suite struct TracingTests {
    static let trace = "0af7651916cd43dd8448eb211c80319c"
    static let parent = "00-\(trace)-b7ad6b7169203331-01"

    @Test(
        "What is a traceparent",
        arguments: [
            (parent, true), ("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", true),
            ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", false),
            ("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more", false),
            ("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false),
            ("00-00000000000000000000000000000000-b7ad6b7169203331-01", false),
            ("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false),
            ("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false),
            ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0", false),
            (parent + ", " + parent, false), ("", false), ("nonsense", false),
        ])
    func traceparent(text: String, isValid: Bool) {
        #expect(Traceparent(text)?.text == (isValid ? text : nil))
    }

    @Test(
        "A span of ours goes on with the trace",
        arguments: [
            (parent, "00-\(trace)-000000000000002a-01"),
            ("00-\(trace)-b7ad6b7169203331-00", "00-\(trace)-000000000000002a-00"),
            // Flags that are not defined, and what a later version says, are not ours to repeat.
            ("00-\(trace)-b7ad6b7169203331-fe", "00-\(trace)-000000000000002a-00"),
            ("00-\(trace)-b7ad6b7169203331-0b", "00-\(trace)-000000000000002a-01"),
            ("cc-\(trace)-b7ad6b7169203331-01-what-comes", "00-\(trace)-000000000000002a-01"),
        ])
    func child(text: String, expected: String) throws {
        let child = try #require(Traceparent(text)).child(span: 42)
        #expect(child.text == expected && child.traceID == Self.trace && child.spanID == "000000000000002a")
        #expect(Traceparent(child.text) == child)
    }

    @Test func noSpanIsZero() throws {
        let parent = try #require(Traceparent(Self.parent))
        #expect(parent.child(span: 0).spanID == "0000000000000001")
        #expect(parent.child(span: .max).spanID == "ffffffffffffffff")
    }

    private static let long = String(repeating: "x", count: 256)

    private static let states: [(text: String, kept: String?)] = [
        ("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
        ("foo=1 \t , \t bar=2, \t baz=3", "foo=1,bar=2,baz=3"), ("foo=1,,,bar=2,", "foo=1,bar=2"),
        ("fw529a3039@dt=FfD2ZrjC,0@a=b c", "fw529a3039@dt=FfD2ZrjC,0@a=b c"), ("a_-*/=x", "a_-*/=x"),
        ("foo=\(long)", "foo=\(long)"), ("\(long)=1", "\(long)=1"), ("x\(long)=1", nil), ("foo=x\(long)", nil),
        ("foo=1,foo=1", nil), ("foo", nil), ("foo=", nil), ("=1", nil), ("FOO=1", nil), ("0foo=1", nil),
        ("foo@=1", nil), ("@foo=1", nil), ("foo@bar@baz=1", nil), ("foo=bar=baz", nil), ("foo=é", nil),
        ("foo =1", nil), ("foo=1\r\nhost: evil", nil), ("", nil), (" , ", nil),
    ]

    @Test("What is a tracestate", arguments: states)
    func tracestate(text: String, kept: String?) {
        #expect(Tracestate(text)?.text == kept)
    }

    @Test func aLongTracestateLosesItsLongEntriesThenItsLast() {
        let short = (0..<10).map { "s\($0)=" + String(repeating: "y", count: 40) }
        let text = ([short[0], "long=" + Self.long.prefix(200)] + short[1...]).joined(separator: ",")
        #expect(Tracestate(text)?.text == short.joined(separator: ","))
        let many = (0..<32).map { "s\($0)=" + String(repeating: "y", count: 40) }
        let kept = Tracestate(many.joined(separator: ","))?.text ?? ""
        #expect(kept.utf8.count <= 512 && kept.utf8.count > 460 && many.joined(separator: ",").hasPrefix(kept))
        #expect(Tracestate((0..<33).map { "s\($0)=1" }.joined(separator: ",")) == nil)
    }
}
