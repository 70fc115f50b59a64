import Curl
import Testing

@testable import Dressing
@testable import Sending

/// When a webhook's access token is used, waited for and asked for; and what is taken for one.
@Suite struct TokenSlotTests {
    private let start = ContinuousClock.now
    private let slot = TokenSlot(
        client: TokenClient(tokenURL: "https://a.example", clientID: "c", clientSecret: "s", scope: nil))

    @Test(arguments: [(3600, 3540), (100, 90), (60, 54), (1, 0)])
    func isRenewedBeforeItsEnd(lifetime: Int, good: Int) {
        #expect(slot.want(at: start) == .fetch)
        #expect(slot.want(at: start) == .wait)
        slot.fetched(.init(text: "a", lifetime: .seconds(lifetime)), at: start)
        if good > 0 { #expect(slot.want(at: start + .seconds(good) - .milliseconds(1)) == .use("a")) }
        #expect(slot.want(at: start + .seconds(max(good, 1))) == .fetch)
        slot.fetched(nil, at: start)
        #expect(slot.want(at: start) == .fetch, "a failure leaves nothing behind")
    }

    @Test func onlyTheTokenThatWasRefusedGoes() {
        _ = slot.want(at: start)
        slot.fetched(.init(text: "new", lifetime: .seconds(600)), at: start)
        slot.refused("old")
        #expect(slot.want(at: start) == .use("new"))
        slot.refused("new")
        #expect(slot.want(at: start) == .fetch)
    }

    @Test(
        arguments: [
            (#"{"access_token":"a.b","token_type":"Bearer","expires_in":60}"#, "a.b", 60),
            (#"{"access_token":"a","token_type":"bearer","expires_in":"60"}"#, "a", 60),
            (#"{"access_token":"a","expires_in":1e99}"#, "a", 86_400), (#"{"access_token":"a"}"#, "a", 300),
            (#"{"access_token":"a","expires_in":0}"#, "a", 300), (#"{"access_token":"a","expires_in":-5}"#, "a", 300),
            (#"{"access_token":"a","expires_in":null}"#, "a", 300), (#"{"access_token":""}"#, nil, 0),
            (#"{"access_token":"a\r\nx: y"}"#, nil, 0), (#"{"access_token":"å"}"#, nil, 0),
            (#"{"access_token":1}"#, nil, 0),
            (#"{"access_token":"a","token_type":"mac"}"#, nil, 0), ("[]", nil, 0), ("", nil, 0),
            ("access_token=a", nil, 0),
        ] as [(String, String?, Int)])
    func answers(body: String, token: String?, seconds: Int) {
        let expected = token.map { TokenAnswer.Token(text: $0, lifetime: .seconds(seconds)) }
        #expect(TokenAnswer.token(Array(body.utf8)) == expected)
    }

    @Test(arguments: [
        (400, #"{"error":"invalid_client"}"#, "(invalid_client)."), (401, "", "answered 401."),
        (400, #"{"error":"see <script>"}"#, "answered 400."), (200, #"{"error":"x"}"#, "answer is none."),
    ])
    func refusals(status: Int, body: String, ending: String) {
        let outcome = TransferOutcome(result: .success(HTTPResponse(status: status, body: Array(body.utf8))))
        guard case .failure(let failure) = TokenAnswer(outcome).token else {
            Issue.record("a token")
            return
        }
        #expect(failure.explanation.hasPrefix("No access token: ") && failure.explanation.hasSuffix(ending))
    }
}
