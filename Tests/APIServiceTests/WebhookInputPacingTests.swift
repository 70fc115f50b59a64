import Testing
import Webhooks

@testable import APIService

extension WebhookInputTests {
    @Test(
        "Pacing",
        arguments: [
            Case(#""retry":{}"#), Case(#""retry":[]"#, "retry wrong_type"),
            Case(#""retry":{"max":1}"#, "retry.max unknown_member"),
            Case(#""retry":{"maxAttempts":1}"#), Case(#""retry":{"maxAttempts":25}"#),
            Case(#""retry":{"maxAttempts":0}"#, "retry.maxAttempts out_of_range"),
            Case(#""retry":{"maxAttempts":26}"#, "retry.maxAttempts out_of_range"),
            Case(#""retry":{"maxAttempts":1.5}"#, "retry.maxAttempts wrong_type"),
            Case(#""retry":{"maxAttempts":1e400}"#, "retry.maxAttempts out_of_range"),
            Case(#""retry":{"schedule":[1,2,0]}"#, "retry.schedule[2] out_of_range"),
            Case(#""retry":{"schedule":[1,2,86401]}"#, "retry.schedule[2] out_of_range"),
            Case(#""retry":{"schedule":["5"]}"#, "retry.schedule[0] wrong_type"),
            Case(#""retry":{"schedule":[]}"#, "retry.schedule too_short"),
            Case(#""retry":{"schedule":[\#(list(24) { _ in "1" })],"maxAttempts":25}"#),
            Case(#""retry":{"schedule":[\#(list(25) { _ in "1" })]}"#, "retry.schedule too_long"),
            Case(#""retry":{"schedule":[86400],"maxAttempts":8}"#),
            Case(#""retry":{"schedule":[86400],"maxAttempts":9}"#, "retry out_of_range"),
            Case(#""timeoutMs":100"#), Case(#""timeoutMs":30000"#), Case(#""timeoutMs":5000.0"#),
            Case(#""timeoutMs":99"#, "timeoutMs out_of_range"), Case(#""timeoutMs":30001"#, "timeoutMs out_of_range"),
            Case(#""timeoutMs":"5000""#, "timeoutMs wrong_type"), Case(#""timeoutMs":true"#, "timeoutMs wrong_type"),
            Case(#""timeoutMs":99999999999999999999"#, "timeoutMs out_of_range"),
            Case(#""connectTimeoutMs":50"#), Case(#""connectTimeoutMs":10000"#),
            Case(#""connectTimeoutMs":49"#, "connectTimeoutMs out_of_range"),
            Case(#""connectTimeoutMs":10001"#, "connectTimeoutMs out_of_range"),
            Case(#""rateLimit":{"requests":1,"perSeconds":1}"#), Case(#""rateLimit":5"#, "rateLimit wrong_type"),
            Case(#""rateLimit":{"requests":0,"perSeconds":1}"#, "rateLimit.requests out_of_range"),
            Case(#""rateLimit":{"requests":5}"#, "rateLimit.perSeconds required"),
            Case(#""rateLimit":{"requests":5,"perSeconds":86401}"#, "rateLimit.perSeconds out_of_range"),
            Case(#""maxConcurrency":1"#), Case(#""maxConcurrency":1000"#),
            Case(#""maxConcurrency":0"#, "maxConcurrency out_of_range"),
            Case(#""maxConcurrency":1001"#, "maxConcurrency out_of_range"),
            Case(#""ordering":"resource""#), Case(#""ordering":"webhook""#), Case(#""ordering":"none""#),
            Case(#""ordering":"strict""#, "ordering unknown_value"),
            Case(#""description":"\#(letters(2000))""#),
            Case(#""description":"\#(letters(2001))""#, "description too_long"),
            Case(#""metadata":{"team":"blue"}"#), Case(#""metadata":{"team":1}"#, "metadata.team wrong_type"),
            Case(#""metadata":{"\#(letters(65))":"x"}"#, "metadata.\(letters(65)) invalid"),
            Case(#""metadata":{\#(list(51) { #""k\#($0)":"v""# })}"#, "metadata too_long"),
        ])
    func pacing(_ given: Case) throws { #expect(try given.parse().faults == given.faults) }

    @Test(
        "Addresses and schemes",
        arguments: [
            Case(#""url":"https://8.8.8.8/""#), Case(#""url":"https://[2606:4700:4700::1111]/""#),
            Case(#""url":"https://127.0.0.1/""#, "url forbidden_address"),
            Case(#""url":"https://10.1/""#, "url forbidden_address"),
            Case(#""url":"https://0xa000001/""#, "url forbidden_address"),
            Case(#""url":"https://2130706433""#, "url forbidden_address"),
            Case(#""url":"https://0177.0.0.1/""#, "url forbidden_address"),
            Case(#""url":"https://127.0.0.1./""#, "url forbidden_address"),
            Case(#""url":"https://[::1]/""#, "url forbidden_address"),
            Case(#""url":"https://[::ffff:10.0.0.1]/""#, "url forbidden_address"),
            Case(#""url":"https://[::ffff:a00:1]/""#, "url forbidden_address"),
            Case(#""url":"https://localhost/""#, "url forbidden_address"),
            Case(#""url":"https://LOCALHOST:99/""#, "url forbidden_address"),
            Case(#""url":"https://a.localhost./""#, "url forbidden_address"),
            Case(#""url":"https://169.254.169.254/latest""#, "url forbidden_address"),
            Case(#""url":"https://168.63.129.16/""#, "url forbidden_address"),
            Case(#""url":"https://[1:2]/""#, "url invalid"),
            Case(#""url":"https://1.2.3.256/""#, "url invalid"),
            Case(#""url":"http://test.com""#), Case(#""url":"http://test.com""#, settings: { $0.allowHTTP = true }),
            Case(#""url":"http://test.com""#, "url forbidden_scheme", settings: { $0.allowHTTP = false }),
            Case(#""url":"http://test.com","dialect":"shopery""#, "url forbidden_scheme"),
            Case(#""url":"http://test.com","dialect":"shopery""#, settings: { $0.allowHTTP = true }),
            Case(#""url":"http://test.com""#, "url forbidden_scheme", settings: { $0.defaultDialect = .shopery }),
            Case(#""url":"http://test.com","dialect":"crystallize""#),
        ])
    func addresses(_ given: Case) throws { #expect(try given.parse().faults == given.faults) }

    @Test(
        "Authentication",
        arguments: [
            Case(#""authentication":null"#), Case(#""authentication":[]"#, "authentication wrong_type"),
            Case(#""authentication":{}"#, "authentication.type required"),
            Case(#""authentication":{"type":"digest"}"#, "authentication.type unknown_value"),
            Case(#""authentication":{"type":"bearer","token":"t"}"#),
            Case(#""authentication":{"type":"bearer"}"#, "authentication.token required"),
            Case(#""authentication":{"type":"bearer","token":""}"#, "authentication.token too_short"),
            Case(#""authentication":{"type":"bearer","token":"a\nb"}"#, "authentication.token invalid"),
            Case(#""authentication":{"type":"bearer","token":"••••1234"}"#, "authentication.token masked"),
            Case(#""authentication":{"type":"bearer","token":"t","name":"x"}"#, "authentication.name unknown_member"),
            Case(#""authentication":{"type":"basic","username":"u","password":"p"}"#),
            Case(
                #""authentication":{"type":"basic","username":"a:b","password":"p"}"#, "authentication.username invalid"
            ),
            Case(
                #""authentication":{"type":"basic"}"#, "authentication.password required",
                "authentication.username required"),
            Case(#""authentication":{"type":"header","name":"AUTH_TOKEN","value":"v"}"#),
            Case(
                #""authentication":{"type":"header","name":"Host","value":"v"}"#, "authentication.name forbidden_header"
            ),
            Case(#""authentication":{"type":"header","name":"a b","value":"v"}"#, "authentication.name invalid"),
            Case(
                #""authentication":{"type":"header","name":"X-A","value":"v"},"headers":{"x-a":"1"}"#,
                "authentication.name conflict"),
            Case(
                #""authentication":{"type":"oauth2","tokenURL":"https://i/","clientId":"c","clientSecret":"s"}"#
            ),
            Case(
                #""authentication":{"type":"oauth2","tokenURL":"https://10.0.0.1/","clientId":"c","clientSecret":"s"}"#,
                "authentication.tokenURL forbidden_address"),
            Case(
                #""authentication":{"type":"oauth2","tokenURL":"id.test","clientId":"c","clientSecret":"s"}"#,
                "authentication.tokenURL invalid"),
            Case(
                #""authentication":{"type":"mtls","certificate":"x","key":"y"}"#, "authentication.certificate invalid",
                "authentication.key invalid"),
            Case(
                #""authentication":{"type":"bearer","token":"t"},"headers":{"Authorization":"x"}"#,
                "authentication conflict"),
        ])
    func authentication(_ given: Case) throws { #expect(try given.parse().faults == given.faults) }

    @Test("All faults come at once, with unknown members")
    func together() throws {
        let given = Case(
            #""name":"","url":"x","events":["nope"],"timeoutMs":1,"retry":{"schedule":[1,1,0]},"#
                + #""headers":{"host":"a"},"isEnbled":true,"id":"x""#,
            "name too_short", "url invalid", "events[0] unknown_event", "timeoutMs out_of_range",
            "retry.schedule[2] out_of_range", "headers.host forbidden_header", "isEnbled unknown_member",
            "id unknown_member")
        #expect(try given.parse().faults == given.faults)
    }

    @Test("Aliases are kept as names, duplicates collapse, header names are lowered, defaults are the table's")
    func kept() throws {
        let (input, _) = try Case(#""events":["orders-created","order-created","*"],"headers":{"Hello-Test":" aBc=="}"#)
            .parse()
        let configuration = try #require(input?.configuration)
        #expect(configuration.events == ["order-created", "*"])
        #expect(configuration.headers == ["hello-test": " aBc=="])
        #expect(configuration.timeoutMs == 5000 && configuration.connectTimeoutMs == 1000)
        #expect(configuration.maxConcurrency == 32 && configuration.ordering == .none && configuration.isEnabled)
        #expect(configuration.retry == nil && configuration.debounceSeconds == nil && configuration.dialect == nil)
        #expect(input?.secret == .unsaid && input?.authentication == AuthenticationInput.none)
    }
}
