import Testing
import Webhooks

@testable import APIService

@Suite("Cursors, masks, header rules")
struct PurePartsTests {
    @Test("A cursor is good for its own scope only")
    func cursor() {
        let last = ULID(0x0199_0000_0000_7000_8000_0000_0000_0001)
        let text = Cursor(last: last).text(scope: "webhooks|tnt_1|status=active")
        #expect(text.utf8.allSatisfy { $0 < 0x80 } && !text.contains { "+/=&?%".contains($0) })
        #expect(Cursor(text, scope: "webhooks|tnt_1|status=active")?.last == last)
        #expect(Cursor(text, scope: "webhooks|tnt_1|") == nil)
        #expect(Cursor(text, scope: "webhooks|tnt_2|status=active") == nil)
    }

    @Test(
        "Texts that are no cursor",
        arguments: [
            "", "x", String(repeating: "Z", count: 52), String(repeating: "0", count: 51),
            "é" + String(repeating: "0", count: 50),
        ])
    func malformedCursor(text: String) {
        #expect(Cursor(text, scope: "") == nil)
    }

    @Test(
        "A mask shows four characters where enough stay unknown",
        arguments: [
            ("", "••••"), ("1234567", "••••"), ("12345678", "••••5678"), ("secret-token-1234", "••••1234"),
        ])
    func mask(secret: String, shown: String) {
        #expect(Mask.hint(of: secret) == shown)
        #expect(Mask.isMasked(shown))
        #expect(!Mask.isMasked(secret))
    }

    @Test(
        "Header names",
        arguments: [
            ("hello-test", true), ("X_y.1", true), ("", false), ("a b", false), ("a:b", false), ("æ", false),
            ("a\r", false),
            (String(repeating: "a", count: 128), true), (String(repeating: "a", count: 129), false),
        ])
    func headerName(name: String, isName: Bool) {
        #expect(HeaderRules.isName(name) == isName)
    }

    @Test(
        "Header values",
        arguments: [
            ("Bearer aBc==", true), ("", true), ("a\tb", true), ("Bård", true), ("a\r\nb", false), ("a\nb", false),
            ("a\u{0}", false), ("a\u{7F}", false),
            (String(repeating: "a", count: 4096), true), (String(repeating: "a", count: 4097), false),
        ])
    func headerValue(value: String, isValue: Bool) {
        #expect(HeaderRules.isValue(value) == isValue)
    }
}
