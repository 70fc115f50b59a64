import JSON
import Testing

@Suite struct WriterTests {
    @Test func everyKind() {
        var writer = JSONWriter(capacity: 100)
        writer.object {
            $0.member("s", "å\"\\\n\u{1}/")
            $0.member("n", String?.none)
            $0.member("i", Int64.min)
            $0.member("u", UInt8(7))
            $0.member("d", 45.1125)
            $0.member("b", true)
            $0.member("raw", raw: Array("[1, 2]".utf8))
            $0.name("a")
            $0.array {
                $0.null()
                $0.array { _ in }
                $0.object { _ in }
                $0.double(35)
                $0.double(-0.0)
                $0.double(.nan)
                $0.double(1e300)
                $0.bool(false)
                $0.string("")
                $0.integer(0)
            }
            $0.member("\"", 1)
        }
        #expect(
            writer.text
                == #"{"s":"å\"\\\n\u0001/","n":null,"i":-9223372036854775808,"u":7,"d":45.1125,"b":true,"raw":[1, 2],"#
                + #""a":[null,[],{},35,-0,null,1e+300,false,"",0],"\"":1}"#)
    }

    @Test func whatIsWrittenReadsBack() throws {
        let texts = ["", "Bård 😀", "\u{0}\u{1F}\u{7F}\u{2028}", #"\"/\u0041"#, "\r\n\t\u{8}\u{C}"]
        var writer = JSONWriter()
        writer.array { writer in texts.forEach { writer.string($0) } }
        #expect(try JSONDocument(parsing: writer.bytes).root.elements.map(\.string) == texts)
    }

    @Test func anErrorPassesThrough() {
        struct Stop: Error, Equatable {}
        var writer = JSONWriter()
        #expect(throws: Stop()) { try writer.object { _ throws(Stop) in throw Stop() } }
    }
}
