import Dressing
import Testing
import Webhooks

/// GET: the payload goes into the query.
@Suite struct QueryTests {
    private static let members =
        "id=evt_01K6Z818A80000000000000001&type=order-created&timestamp=2025-10-07T11%3A48%3A45.123Z&resource=order"
        + "&event=created&resourceId=68e4&tenantId=acme&webhookId=wbh_01K6Z818A80000000000000002"
        + "&data=%7B%22id%22%3A%2268e4%22%2C%22name%22%3A%22B%C3%A5rd%22%2C%22gross%22%3A10.1125%7D"

    @Test(
        "Members follow what the URL has",
        arguments: [
            ("https://example.com/wh", "https://example.com/wh?"), ("https://example.com", "https://example.com?"),
            ("https://example.com/wh?", "https://example.com/wh?"),
            ("https://example.com/wh?a=%C3%A5&b", "https://example.com/wh?a=%C3%A5&b&"),
            ("https://example.com/wh?a=1&", "https://example.com/wh?a=1&"),
            ("https://example.com/wh?ID=1", "https://example.com/wh?ID=1&"),
        ])
    func appended(url: String, start: String) throws {
        let webhook = try Sample.prepare {
            $0.method = .GET
            $0.url = url
        }
        let request = Sample.dress(for: webhook)
        #expect(request.url == start + Self.members)
        #expect(request.method == "GET" && request.body == nil)
        #expect(request.header("content-type") == nil)
        #expect(request.header("webhook-signature") == "v1,PT4LJEugDR6o3NZZ52NYLe/yTvTSTbjZEvpFcfn4oYM=")
    }

    @Test func namesThatAreThereAreLeftOut() throws {
        let webhook = try Sample.prepare {
            $0.method = .GET
            $0.url = "https://example.com/?id=x&resource%49d=&type2=1"
        }
        let request = Sample.dress(for: webhook)
        #expect(request.url.hasPrefix("https://example.com/?id=x&resource%49d=&type2=1&type=order-created&timestamp="))
        #expect(!request.url.contains("resourceId="))
        #expect(request.header("webhook-signature") == "v1,ZY63UeDeZ6jHDB3+sB9WGIaZny70Q87YuozlHR0PxzA=")
    }

    @Test func whatIsNoStringIsJSON() throws {
        let webhook = try Sample.prepare { $0.method = .GET }
        let event = Sample.event(resourceID: nil, data: "{}", related: #"{"a":null}"#)
        let url = Sample.dress(event, for: webhook).url
        #expect(url.contains("&resourceId=null&"))
        #expect(url.hasSuffix("&data=%7B%7D&related=%7B%22a%22%3Anull%7D"))
    }

    @Test func malformedQueriesDoNotTrap() throws {
        for query in ["%", "%z", "%zz=1", "=&=&&", "a%", "%E5=1", "+=+", "??", "é=1"] {
            let webhook = try Sample.prepare {
                $0.method = .GET
                $0.url = "https://example.com/?" + query
            }
            #expect(Sample.dress(for: webhook).url.hasSuffix(Self.members))
        }
    }
}
